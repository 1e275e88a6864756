#include "projection-service/ledger/ledger.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/absl_view.h"

namespace sothon::ledger {
namespace {

using Kind = HistoryEntry::Kind;

absl::Status Impossible(const v1::Event& event, std::string_view what) {
  return absl::DataLossError(absl::StrCat("event at position ", event.position(), ": ", ToAbsl(what),
                                          "; ingest never records such an event: compare the log with its export"));
}

// Fields that openings, contributions and moves have in common.
absl::StatusOr<HistoryEntry> EntryOf(const v1::Event& event, Kind kind, Ordinal place, v1::Scheme scheme) {
  const auto effective = CivilDate::FromWire(event.effective_date());
  if (!effective) return Impossible(event, "its effective date is no date");
  HistoryEntry entry;
  entry.position = event.position();
  entry.kind = kind;
  entry.scheme = static_cast<uint8_t>(scheme) & 31;
  entry.effective = *effective;
  entry.place = place;
  return entry;
}

// The last day there is.
const CivilDate kEndOfTime = *CivilDate::FromWire(21991231);

uint32_t Saturated(int64_t amount) { return static_cast<uint32_t>(std::clamp<int64_t>(amount, 0, UINT32_MAX)); }

bool IsScheme(v1::Scheme scheme) { return scheme > v1::SCHEME_UNSPECIFIED && scheme <= v1::Scheme_MAX; }

// The schemes that `history` has covers in.
std::vector<v1::Scheme> SchemesOf(const History& history) {
  std::vector<v1::Scheme> schemes;
  for (const HistoryEntry& entry : history) {
    const auto scheme = static_cast<v1::Scheme>(entry.scheme);
    if (entry.Covers() && std::find(schemes.begin(), schemes.end(), scheme) == schemes.end()) {
      schemes.push_back(scheme);
    }
  }
  return schemes;
}

}  // namespace

absl::Status Ledger::Apply(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched) {
  *touched = SubjectId{};
  switch (event.kind_case()) {
    case v1::Event::kOpeningRecorded:
      return ApplyOpening(event, postings, touched);
    case v1::Event::kContributionRecorded:
      return ApplyContribution(event, postings, touched);
    case v1::Event::kContributionReversed:
      return ApplyReversal(event, postings, touched);
    case v1::Event::kParticipantMoved:
      return ApplyMove(event, postings, touched);
    case v1::Event::kCertificateIssued:
      return Keep(event, event.certificate_issued().subject_id(), Kind::kCertificate, touched);
    case v1::Event::kParticipantClassified:
      return Keep(event, event.participant_classified().subject_id(), Kind::kClassification, touched);
    case v1::Event::KIND_NOT_SET:
      return absl::UnimplementedError(
          absl::StrCat("the event at position ", event.position(),
                       " is of a kind that this version does not know; install a newer version"));
    default:
      reference_.Apply(event, Position{event.position()});
      facts_.Add(event);
      contains_synthetic_ |= event.synthetic();
      return absl::OkStatus();
  }
}

absl::StatusOr<Ordinal> Ledger::PlaceOf(const v1::Event& event) const {
  const Place* place = reference_.FindPlace(event.place_id());
  if (place == nullptr) return Impossible(event, absl::StrCat("place ", event.place_id(), " is not registered"));
  return place->ordinal;
}

void Ledger::Enter(const SubjectId& subject, const HistoryEntry& entry, std::vector<Posting>* postings) {
  History& history = participants_[subject];
  difference_.clear();
  const CivilMonth month = entry.effective.Month();
  // An opening stands before everything, so it can change what any contribution is; moves change covers only.
  const CivilMonth from = entry.kind == Kind::kOpening ? CivilMonth{0} : month;
  if (entry.kind == Kind::kMove) {
    const std::vector<v1::Scheme> schemes = SchemesOf(history);
    for (const v1::Scheme scheme : schemes) Describe(history, scheme, rules_, names_, -1, from, &difference_);
    Insert(entry, &history);
    for (const v1::Scheme scheme : schemes) Describe(history, scheme, rules_, names_, +1, from, &difference_);
  } else if (entry.kind == Kind::kContribution && DescribeNext(history, entry, rules_, names_, &difference_)) {
    Insert(entry, &history);
  } else {
    const auto scheme = static_cast<v1::Scheme>(entry.scheme);
    Describe(history, scheme, rules_, names_, -1, from, &difference_);
    Insert(entry, &history);
    Describe(history, scheme, rules_, names_, +1, from, &difference_);
  }
  Consolidate(&difference_);
  postings->insert(postings->end(), difference_.begin(), difference_.end());
}

absl::Status Ledger::ApplyOpening(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched) {
  const v1::OpeningRecorded& opening = event.opening_recorded();
  const auto subject = SubjectId::FromBytes(opening.subject_id());
  const auto covered_until = CivilDate::FromWire(opening.covered_until());
  const absl::StatusOr<Ordinal> place = PlaceOf(event);
  if (!place.ok()) return place.status();
  if (!subject || !covered_until || !IsScheme(opening.scheme())) return Impossible(event, "a malformed opening");
  absl::StatusOr<HistoryEntry> entry = EntryOf(event, Kind::kOpening, *place, opening.scheme());
  if (!entry.ok()) return entry.status();
  entry->from_month = static_cast<uint16_t>(entry->effective.Month().value);
  entry->covered_until = *covered_until;
  Enter(*subject, *entry, postings);
  contains_synthetic_ |= event.synthetic();
  *touched = *subject;
  return absl::OkStatus();
}

absl::Status Ledger::ApplyContribution(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched) {
  const v1::ContributionRecorded& contribution = event.contribution_recorded();
  const auto subject = SubjectId::FromBytes(contribution.subject_id());
  const auto from_month = CivilMonth::FromWire(contribution.from_month());
  const absl::StatusOr<Ordinal> place = PlaceOf(event);
  if (!place.ok()) return place.status();
  if (!subject || !from_month || !IsScheme(contribution.scheme()) || contribution.months() < 1 ||
      contribution.months() > 255) {
    return Impossible(event, "a malformed contribution");
  }
  absl::StatusOr<HistoryEntry> entry = EntryOf(event, Kind::kContribution, *place, contribution.scheme());
  if (!entry.ok()) return entry.status();
  entry->from_month = static_cast<uint16_t>(from_month->value);
  entry->months = static_cast<uint8_t>(contribution.months());
  entry->paid_vnd = contribution.paid_vnd();
  entry->central_support_vnd = static_cast<uint32_t>(contribution.central_support_vnd());
  entry->local_support_vnd = static_cast<uint32_t>(contribution.local_support_vnd());
  if (entry->paid_vnd < 0 || entry->central_support_vnd != contribution.central_support_vnd() ||
      entry->local_support_vnd != contribution.local_support_vnd()) {
    return Impossible(event, "an amount out of bounds");
  }
  entry->due_vnd = Saturated(contribution.due_vnd());
  entry->income_base_vnd = Saturated(contribution.income_base_vnd());
  entry->declared = static_cast<uint8_t>(contribution.declared());
  entry->named = names_.Note(contribution);
  Enter(*subject, *entry, postings);
  contains_synthetic_ |= event.synthetic();
  *touched = *subject;
  return absl::OkStatus();
}

absl::Status Ledger::ApplyReversal(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched) {
  const v1::ContributionReversed& reversal = event.contribution_reversed();
  const auto subject = SubjectId::FromBytes(reversal.subject_id());
  const auto slot = subject ? participants_.find(*subject) : participants_.end();
  if (slot == participants_.end()) return Impossible(event, "it reverses a contribution of an unknown participant");
  History& history = slot->second;
  const auto reversed = std::find_if(history.begin(), history.end(), [&](const HistoryEntry& entry) {
    return entry.kind == Kind::kContribution && entry.position == reversal.reversed_position();
  });
  if (reversed == history.end()) return Impossible(event, "it reverses a contribution that does not stand");
  const auto scheme = static_cast<v1::Scheme>(reversed->scheme);
  const CivilMonth from = reversed->effective.Month();
  difference_.clear();
  Describe(history, scheme, rules_, names_, -1, from, &difference_);
  reversed->kind = Kind::kWithdrawn;
  reversed->withdrawn_at = event.position();
  Describe(history, scheme, rules_, names_, +1, from, &difference_);
  Consolidate(&difference_);
  postings->insert(postings->end(), difference_.begin(), difference_.end());
  contains_synthetic_ |= event.synthetic();
  *touched = *subject;
  return absl::OkStatus();
}

absl::Status Ledger::ApplyMove(const v1::Event& event, std::vector<Posting>* postings, SubjectId* touched) {
  const auto subject = SubjectId::FromBytes(event.participant_moved().subject_id());
  const absl::StatusOr<Ordinal> place = PlaceOf(event);
  if (!place.ok()) return place.status();
  if (!subject) return Impossible(event, "a malformed move");
  absl::StatusOr<HistoryEntry> entry = EntryOf(event, Kind::kMove, *place, v1::SCHEME_UNSPECIFIED);
  if (!entry.ok()) return entry.status();
  Enter(*subject, *entry, postings);
  contains_synthetic_ |= event.synthetic();
  *touched = *subject;
  return absl::OkStatus();
}

absl::Status Ledger::Keep(const v1::Event& event, std::string_view subject_id, Kind kind, SubjectId* touched) {
  const auto subject = SubjectId::FromBytes(subject_id);
  if (!subject) return Impossible(event, "a malformed subject id");
  // The village is where it was said, which nothing counts by.
  const Place* place = reference_.FindPlace(event.place_id());
  const v1::Scheme scheme =
      event.has_certificate_issued() ? event.certificate_issued().scheme() : v1::SCHEME_UNSPECIFIED;
  absl::StatusOr<HistoryEntry> entry = EntryOf(event, kind, place == nullptr ? Ordinal{} : place->ordinal, scheme);
  if (!entry.ok()) return entry.status();
  if (kind == Kind::kClassification) {
    const v1::ParticipantClassified& classified = event.participant_classified();
    entry->covered_until = CivilDate::FromWire(classified.until_date()).value_or(kEndOfTime);
    entry->group = static_cast<uint16_t>(names_.NoteGroup(classified.group()).value);
  }
  Insert(*entry, &participants_[*subject]);
  contains_synthetic_ |= event.synthetic();
  *touched = *subject;
  return absl::OkStatus();
}

// Only contributions are many enough to care.
void Ledger::PrefetchSlot(const v1::Event& event) const {
  if (const auto subject = SubjectId::FromBytes(event.contribution_recorded().subject_id()))
    participants_.prefetch(*subject);
}

void Ledger::PrefetchHistory(const v1::Event& event) const {
  const auto subject = SubjectId::FromBytes(event.contribution_recorded().subject_id());
  const auto slot = subject ? participants_.find(*subject) : participants_.end();
  if (slot == participants_.end()) return;
  const History& history = slot->second;
  // A history is read from its first entry on and grows behind its last one.
  __builtin_prefetch(history.data());
  __builtin_prefetch(history.data() + history.size());
}

void Ledger::RestoreParticipant(const SubjectId& subject, History history) {
  participants_.insert_or_assign(subject, std::move(history));
}

void Ledger::RestoreReference(const v1::Event& event) {
  reference_.Apply(event, Position{event.position()});
  facts_.Add(event);
}

}  // namespace sothon::ledger
