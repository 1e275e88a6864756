#include "projection-service/answers/provenance.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_join.h"
#include "common/base/strings.h"
#include "common/event/parameters.h"
#include "projection-service/answers/documents.h"
#include "projection-service/answers/period.h"

namespace sothon::answers {
namespace {

using oversight::Situation;
using Kind = v1::ProvenanceNote;

// Of what a note is about.
struct About {
  Kind::Kind kind;
  std::string id;
  std::string document_id;
  uint64_t position = 0;
};

class Notes {
 public:
  Notes(const Situation& situation, v1::ListProvenanceResponse* response)
      : situation_(situation), documents_(situation), response_(response) {}

  void AddAll() {
    for (const v1::Event* event : documents_.events()) AddOfDocument(*event);
    AddOfParties();
    AddOfTargets();
    AddOfParameters();
    AddOfPlaces();
    std::sort(notes_.begin(), notes_.end(), [](const v1::ProvenanceNote& a, const v1::ProvenanceNote& b) {
      return std::forward_as_tuple(static_cast<int>(a.kind()), a.position(), a.id(), a.text_vi()) <
             std::forward_as_tuple(static_cast<int>(b.kind()), b.position(), b.id(), b.text_vi());
    });
    response_->mutable_notes()->Assign(notes_.begin(), notes_.end());
  }

 private:
  void Add(const About& about, std::string text_vi, std::string text_en) {
    v1::ProvenanceNote& note = notes_.emplace_back();
    note.set_kind(about.kind);
    note.set_id(about.id);
    note.set_document_id(about.document_id);
    note.set_position(about.position);
    note.set_text_vi(std::move(text_vi));
    note.set_text_en(std::move(text_en));
  }

  // How a document is called in a sentence: its number, else its title, else its id.
  static std::string NameOf(const v1::DocumentIssued& document) {
    for (const std::string* name : {&document.number_verbatim(), &document.number_normalised(), &document.title()}) {
      if (!name->empty()) return StrCat("“", *name, "”");
    }
    return document.document_id();
  }

  void AddOfDocument(const v1::Event& event);
  void AddReferences(const v1::DocumentIssued& document, const About& about);
  void AddSuccessor(const v1::DocumentIssued& document, const About& about);
  void AddOfParties();
  void AddOfTargets();
  void AddOfParameters();
  void AddOfPlaces();
  void AddPopulation(ledger::Ordinal commune);

  const Situation& situation_;
  const KnownDocuments documents_;
  v1::ListProvenanceResponse* const response_;
  std::vector<v1::ProvenanceNote> notes_;
};

void Notes::AddOfDocument(const v1::Event& event) {
  const v1::DocumentIssued& document = event.document_issued();
  const std::string name = NameOf(document);
  const auto about = [&](Kind::Kind kind) {
    return About{kind, document.document_id(), document.document_id(), event.position()};
  };
  const std::string& verbatim = document.number_verbatim();
  const std::string& normalised = document.number_normalised();
  if (verbatim.empty() && normalised.empty()) {
    Add(about(Kind::UNKNOWN), StrCat("Văn bản ", name, ": không rõ số"), StrCat("Document ", name, ": number unknown"));
  }
  if (document.issued_date() == 0) {
    Add(about(Kind::UNKNOWN), StrCat("Văn bản ", name, ": không rõ ngày ban hành"),
        StrCat("Document ", name, ": date of issue unknown"));
  }
  if (!normalised.empty() && verbatim.find(normalised) == std::string::npos) {
    Add(about(Kind::READING), StrCat("Văn bản ghi số “", verbatim, "”, được hiểu là số ", normalised),
        StrCat("The document's number is printed “", verbatim, "” and read as ", normalised));
  }
  AddReferences(document, about(Kind::UNRESOLVED_REFERENCE));
  AddSuccessor(document, about(Kind::NO_SUCCESSOR));
}

void Notes::AddReferences(const v1::DocumentIssued& document, const About& about) {
  const std::string name = NameOf(document);
  for (const v1::DocumentIssued::DocumentReference& reference : document.references()) {
    if (reference.resolved()) continue;
    const std::string& meant = reference.presumably();
    const char* what_vi = reference.attachment() ? ": không có phụ lục kèm theo “" : ": viện dẫn không tìm thấy “";
    const char* what_en =
        reference.attachment() ? ": its attachment is missing, “" : ": refers to what was not found, “";
    Add(about,
        StrCat("Văn bản ", name, what_vi, reference.text_verbatim(), "”",
               meant.empty() ? "" : StrCat("; có lẽ là: ", meant)),
        StrCat("Document ", name, what_en, reference.text_verbatim(), "”",
               meant.empty() ? "" : StrCat("; presumably: ", meant)));
  }
  for (const v1::DocumentIssued::Recipient& recipient : document.recipients()) {
    if (!recipient.party_id().empty() || recipient.capacity() == v1::DocumentIssued::TO_FILE) continue;
    Add(about,
        StrCat("Văn bản ", name, ": nơi nhận “", recipient.name_verbatim(), "” chưa xác định là cơ quan, đơn vị nào"),
        StrCat("Document ", name, ": the recipient “", recipient.name_verbatim(), "” is no party that we know"));
  }
}

void Notes::AddSuccessor(const v1::DocumentIssued& document, const About& about) {
  if (document.issuer_party_id().empty() || !document.successor_party_id().empty()) return;
  for (const v1::Event* event : situation_.Facts(v1::Event::kPartyRegistered)) {
    const v1::PartyRegistered& issuer = event->party_registered();
    const auto dissolved = CivilDate::FromWire(issuer.dissolved_date());
    if (issuer.party_id() != document.issuer_party_id() || !dissolved || *dissolved > situation_.date()) continue;
    Add(about,
        StrCat("Văn bản ", NameOf(document), ": cơ quan ban hành ", issuer.name(),
               " không còn, chưa nêu cơ quan kế thừa"),
        StrCat("Document ", NameOf(document), ": its issuer ", issuer.name(),
               " no longer exists, and no successor is named"));
    return;
  }
}

void Notes::AddOfParties() {
  for (const v1::Event* event : situation_.Facts(v1::Event::kPartyRegistered)) {
    // Where only one place is asked about: what its documents tell of.
    const v1::PartyRegistered& party = event->party_registered();
    const bool is_near = Concerns(situation_, event->place_id()) || documents_.Has(event->document_id()) ||
                         documents_.Has(party.founding_document_id());
    if (situation_.place() && !is_near) continue;
    const bool is_founded_by = !party.founding_document_id().empty();
    const std::string& document = is_founded_by ? party.founding_document_id() : event->document_id();
    if (!party.aliases().empty()) {
      Add({Kind::READING, party.party_id(), event->document_id(), event->position()},
          StrCat(party.name(), " còn được ghi là “", absl::StrJoin(party.aliases(), "”, “"), "”: được hiểu là một"),
          StrCat(party.name(), " is also written “", absl::StrJoin(party.aliases(), "”, “"), "”: read as one"));
    }
    if (party.kind() == v1::STEERING_COMMITTEE && party.founded_date() == 0) {
      Add({Kind::UNKNOWN, party.party_id(), document, event->position()},
          StrCat(party.name(), ": không rõ ngày thành lập"), StrCat(party.name(), ": date of founding unknown"));
    }
  }
}

void Notes::AddOfTargets() {
  // By document and reading.
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const ledger::Target*>> alike;
  for (const ledger::Target* target : situation_.reference().TargetsAsOf(situation_.position())) {
    if (target->reading.empty()) continue;
    const bool is_near = target->place ? Concerns(situation_, situation_.reference().place(*target->place).id)
                                       : !situation_.place() || documents_.Has(target->document_id);
    if (is_near) alike[{target->document_id, target->reading}].push_back(target);
  }
  // Those that took effect by the date.
  absl::flat_hash_set<uint64_t> known;
  for (const v1::Event* event : situation_.Facts(v1::Event::kTargetSet)) known.insert(event->position());
  for (auto& [key, targets] : alike) {
    std::erase_if(targets, [&](const ledger::Target* target) { return !known.contains(target->set_at.value); });
    if (targets.empty()) continue;
    const ledger::Target& first = *targets.front();
    Add({Kind::READING, first.id, first.document_id, first.set_at.value},
        StrCat(targets.size() == 1 ? "Chỉ tiêu " : StrCat(targets.size(), " chỉ tiêu, từ "), first.id,
               ", được hiểu: ", first.reading),
        StrCat(targets.size() == 1 ? "Target " : StrCat(targets.size(), " targets, from "), first.id,
               ", read as: ", first.reading));
  }
}

void Notes::AddOfParameters() {
  for (const v1::Event* event : situation_.Facts(v1::Event::kParameterSet)) {
    const v1::ParameterSet& set = event->parameter_set();
    if (set.reading().empty()) continue;
    const bool is_everywhere = event->place_id().empty();
    if (!is_everywhere && !Concerns(situation_, event->place_id())) continue;
    const ledger::Place* place = situation_.reference().FindPlace(event->place_id());
    const std::optional<ledger::Ordinal> at =
        place == nullptr ? std::optional<ledger::Ordinal>() : std::optional(place->ordinal);
    // One that was replaced, or has run out, is read no more.
    if (situation_.parameters().SetBy(set.name(), at, situation_.date()) != event) continue;
    const ParameterDefinition* known = FindParameter(set.name());
    const std::string value = StrCat(set.value(), known == nullptr ? "" : StrCat(" ", known->unit));
    Add({Kind::READING, set.name(), event->document_id(), event->position()},
        StrCat("Tham số ", set.name(), " = ", value, ", được hiểu: ", set.reading()),
        StrCat("Parameter ", set.name(), " = ", value, ", read as: ", set.reading()));
  }
}

void Notes::AddOfPlaces() {
  for (const v1::Event* event : situation_.Facts(v1::Event::kPlaceRegistered)) {
    const v1::PlaceRegistered& place = event->place_registered();
    if (place.former_unit_provenance() != v1::INFERRED || !situation_.Covers(place.place_id())) continue;
    Add({Kind::INFERRED, place.place_id(), event->document_id(), event->position()},
        StrCat(place.name(), " (", place.place_id(), "): đơn vị cũ “", place.former_unit(),
               "” do suy ra, văn bản không nêu"),
        StrCat(place.name(), " (", place.place_id(), "): its former unit “", place.former_unit(),
               "” is inferred, not stated"));
  }
  for (const ledger::Ordinal commune : situation_.communes()) AddPopulation(commune);
}

void Notes::AddPopulation(ledger::Ordinal commune) {
  const ledger::Place& place = situation_.reference().place(commune);
  for (const v1::Event* event : situation_.Facts(v1::Event::kDenominatorDeclared)) {
    const bool is_population = event->denominator_declared().of() == "population";
    if (is_population && event->place_id() == place.id) return;
  }
  Add({Kind::UNKNOWN, place.id, place.document_id, place.registered_at.value},
      StrCat(situation_.NameOf(commune), ": không rõ dân số, nên không tính được tỷ lệ bao phủ"),
      StrCat(situation_.NameOf(commune), ": population unknown, so no coverage rate can be told"));
}

}  // namespace

absl::Status FillProvenance(const Situation& situation, const v1::ListProvenanceRequest&,
                            v1::ListProvenanceResponse* response) {
  response->mutable_answered()->set_date(situation.date().ToWire());
  Notes(situation, response).AddAll();
  return absl::OkStatus();
}

}  // namespace sothon::answers
