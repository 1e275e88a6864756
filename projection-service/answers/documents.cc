#include "projection-service/answers/documents.h"

#include "projection-service/answers/period.h"

namespace sothon::answers {

KnownDocuments::KnownDocuments(const oversight::Situation& situation) {
  const ledger::FactSpan issued = situation.Facts(v1::Event::kDocumentIssued);
  for (const v1::Event* event : issued) {
    Reach& reach = reach_[event->document_issued().document_id()];
    reach.is_placed |= !event->place_id().empty();
    reach.concerns |= Concerns(situation, event->place_id());
  }
  CountCitations(situation);
  FollowReferences(issued);
  for (const v1::Event* event : issued) {
    const Reach& reach = reach_[event->document_issued().document_id()];
    if (!reach.concerns && reach.is_placed) continue;
    concerning_[event->document_issued().document_id()] = true;
    events_.push_back(event);
  }
}

void KnownDocuments::CountCitations(const oversight::Situation& situation) {
  for (const EventKind kind : AllEventKinds()) {
    for (const v1::Event* event : situation.Facts(kind)) {
      const std::string& founding = event->party_registered().founding_document_id();
      const auto cited = reach_.find(event->document_id());
      const auto founded = reach_.find(founding);
      if (founded != reach_.end() && founded != cited) ++founded->second.cited_by;
      if (cited == reach_.end() || event->document_issued().document_id() == event->document_id()) continue;
      ++cited->second.cited_by;
      cited->second.is_placed |= !event->place_id().empty();
      // A parameter without a place holds everywhere.
      cited->second.concerns |=
          Concerns(situation, event->place_id()) || (event->has_parameter_set() && event->place_id().empty());
    }
  }
}

void KnownDocuments::FollowReferences(ledger::FactSpan issued) {
  bool has_changed = true;
  while (has_changed) {
    has_changed = false;
    for (const v1::Event* event : issued) {
      const Reach from = reach_[event->document_issued().document_id()];
      for (const auto& reference : event->document_issued().references()) {
        const auto to = reach_.find(reference.document_id());
        if (to == reach_.end()) continue;
        const bool is_new = (from.concerns && !to->second.concerns) || (from.is_placed && !to->second.is_placed);
        to->second.concerns |= from.concerns;
        to->second.is_placed |= from.is_placed;
        has_changed |= is_new;
      }
    }
  }
}

uint64_t KnownDocuments::CitedBy(std::string_view document_id) const {
  const auto found = reach_.find(document_id);
  return found == reach_.end() ? 0 : found->second.cited_by;
}

absl::Status FillDocuments(const oversight::Situation& situation, const v1::ListDocumentsRequest&,
                           v1::ListDocumentsResponse* response) {
  response->mutable_answered()->set_date(situation.date().ToWire());
  const KnownDocuments known(situation);
  for (const v1::Event* event : known.events()) {
    const v1::DocumentIssued& document = event->document_issued();
    v1::DocumentView* view = response->add_documents();
    view->set_position(event->position());
    *view->mutable_document() = document;
    view->set_number_known(!document.number_verbatim().empty() || !document.number_normalised().empty());
    view->set_date_known(document.issued_date() != 0);
    view->set_place_id(event->place_id());
    view->set_cited_by(known.CitedBy(document.document_id()));
  }
  return absl::OkStatus();
}

}  // namespace sothon::answers
