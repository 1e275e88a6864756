#include "common/testing/event_builders.h"

#include <cstdio>
#include <utility>

#include "common/base/strings.h"

namespace sothon::testing {
namespace {

constexpr int32_t kRegistryDate = 20250701;

v1::Event EventOn(std::string event_id, int32_t date) {
  v1::Event event;
  event.set_event_id(std::move(event_id));
  event.set_effective_date(date);
  return event;
}

v1::Event Place(std::string_view id, std::string_view parent, std::string_view name, v1::PlaceLevel level) {
  v1::Event event = EventOn(StrCat("place:", id), kRegistryDate);
  v1::PlaceRegistered* place = event.mutable_place_registered();
  place->set_place_id(std::string(id));
  place->set_parent_place_id(std::string(parent));
  place->set_name(std::string(name));
  place->set_level(level);
  return event;
}

v1::Event Party(std::string_view id, v1::PartyKind kind, std::string_view name, std::string_view parent) {
  v1::Event event = EventOn(StrCat("party:", id), kRegistryDate);
  v1::PartyRegistered* party = event.mutable_party_registered();
  party->set_party_id(std::string(id));
  party->set_kind(kind);
  party->set_name(std::string(name));
  party->set_parent_party_id(std::string(parent));
  return event;
}

// The finaliser of SplitMix64: a bijection, so distinct people stay distinct.
uint64_t Scramble(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

}  // namespace

std::string VillageId(int number, std::string_view commune_id) {
  char suffix[16];
  std::snprintf(suffix, sizeof suffix, "-%02d", number);
  return StrCat(commune_id, suffix);
}

SubjectId SubjectOf(uint64_t person) {
  const uint64_t halves[2] = {Scramble(person), Scramble(~person)};
  SubjectId id;
  static_assert(sizeof halves == sizeof id.bytes);
  std::memcpy(id.bytes.data(), halves, sizeof halves);
  return id;
}

std::string CitizenNumberOf(uint64_t person) {
  char number[24];
  // 000 is no province's code, so no real person has such a number.
  std::snprintf(number, sizeof number, "000%09llu", static_cast<unsigned long long>(person % 1'000'000'000));
  return number;
}

v1::Event Province(std::string_view id, std::string_view name) { return Place(id, "", name, v1::PROVINCE); }

v1::Event Commune(std::string_view id, std::string_view parent, std::string_view name) {
  return Place(id, parent, name, v1::COMMUNE);
}

v1::Event Village(int number, std::string_view name, std::string_view commune_id) {
  return Place(VillageId(number, commune_id), commune_id, name, v1::VILLAGE);
}

v1::Event Agency(std::string_view id, std::string_view name) { return Party(id, v1::AGENCY, name, ""); }

v1::Event Collector(std::string_view id, std::string_view agency_id) { return Party(id, v1::COLLECTOR, id, agency_id); }

v1::Event Document(std::string_view id, std::string_view title) {
  v1::Event event = EventOn(StrCat("document:", id), 20251017);
  v1::DocumentIssued* document = event.mutable_document_issued();
  document->set_document_id(std::string(id));
  document->set_title(std::string(title));
  document->set_issued_date(20251017);
  return event;
}

v1::Event VillageTarget(std::string_view target_id, std::string_view place_id, v1::Scheme scheme, int32_t month,
                        int64_t value, std::string_view document_id) {
  v1::Event event = EventOn(StrCat("target:", target_id), 20251017);
  event.set_place_id(std::string(place_id));
  event.set_document_id(std::string(document_id));
  v1::TargetSet* target = event.mutable_target_set();
  target->set_target_id(std::string(target_id));
  target->set_measure(v1::DEVELOPED);
  target->set_scheme(scheme);
  target->set_from_month(month);
  target->set_to_month(month);
  target->set_value(value);
  return event;
}

v1::Event Opening(const OpeningSpec& spec) {
  v1::Event event = EventOn(StrCat("o:", spec.person, ":", v1::Scheme_Name(spec.scheme)), spec.date);
  event.set_place_id(spec.place_id);
  v1::OpeningRecorded* opening = event.mutable_opening_recorded();
  opening->set_subject_id(std::string(SubjectOf(spec.person).AsBytes()));
  opening->set_scheme(spec.scheme);
  opening->set_covered_until(spec.covered_until);
  return event;
}

v1::Event Contribution(const ContributionSpec& spec) {
  v1::Event event = EventOn(StrCat("c:", spec.agency_id, ":", spec.receipt), spec.date);
  event.set_place_id(spec.place_id);
  v1::ContributionRecorded* contribution = event.mutable_contribution_recorded();
  contribution->set_subject_id(std::string(SubjectOf(spec.person).AsBytes()));
  contribution->set_scheme(spec.scheme);
  contribution->set_agency_id(spec.agency_id);
  contribution->set_receipt_number(spec.receipt);
  contribution->set_collector_id(spec.collector_id);
  contribution->set_from_month(spec.from_month == 0 ? spec.date / 100 : spec.from_month);
  contribution->set_months(spec.months);
  contribution->set_due_vnd(spec.due_vnd);
  contribution->set_paid_vnd(spec.paid_vnd);
  contribution->set_central_support_vnd(spec.central_support_vnd);
  contribution->set_local_support_vnd(spec.local_support_vnd);
  contribution->set_declared(spec.declared);
  return event;
}

v1::Event Reversal(std::string_view receipt, int32_t date, std::string_view agency_id, std::string_view place_id) {
  v1::Event event = EventOn(StrCat("r:", agency_id, ":", receipt), date);
  event.set_place_id(std::string(place_id));
  v1::ContributionReversed* reversal = event.mutable_contribution_reversed();
  reversal->set_agency_id(std::string(agency_id));
  reversal->set_receipt_number(std::string(receipt));
  reversal->set_reason("thử nghiệm");
  return event;
}

v1::Event Move(uint64_t person, std::string_view place_id, int32_t date) {
  v1::Event event = EventOn(StrCat("m:", person, ":", place_id, ":", date), date);
  event.set_place_id(std::string(place_id));
  event.mutable_participant_moved()->set_subject_id(std::string(SubjectOf(person).AsBytes()));
  return event;
}

std::vector<v1::Event> MinimalRegistry(int villages) {
  std::vector<v1::Event> events{Province(), Commune()};
  for (int i = 1; i <= villages; ++i) events.push_back(Village(i, StrCat("Thôn thử ", i)));
  events.push_back(Agency());
  events.push_back(Collector());
  events.push_back(Document());
  return events;
}

v1::Submission Submit(v1::Event event) {
  event.clear_position();
  event.clear_recorded_at_us();
  v1::Submission submission;
  *submission.mutable_event() = std::move(event);
  return submission;
}

v1::Submission SubmitFor(uint64_t person, v1::Event event) {
  v1::Submission submission = Submit(std::move(event));
  submission.mutable_identity()->set_citizen_number(CitizenNumberOf(person));
  v1::Event* sent = submission.mutable_event();
  switch (sent->kind_case()) {
    case v1::Event::kOpeningRecorded:
      sent->mutable_opening_recorded()->clear_subject_id();
      break;
    case v1::Event::kContributionRecorded:
      sent->mutable_contribution_recorded()->clear_subject_id();
      break;
    case v1::Event::kCertificateIssued:
      sent->mutable_certificate_issued()->clear_subject_id();
      break;
    case v1::Event::kParticipantClassified:
      sent->mutable_participant_classified()->clear_subject_id();
      break;
    case v1::Event::kParticipantMoved:
      sent->mutable_participant_moved()->clear_subject_id();
      break;
    case v1::Event::kProspectRecorded:
      sent->mutable_prospect_recorded()->clear_subject_id();
      break;
    case v1::Event::kErasureRequested:
      sent->mutable_erasure_requested()->clear_subject_id();
      break;
    case v1::Event::kErasureCompleted:
      sent->mutable_erasure_completed()->clear_subject_id();
      break;
    default:
      break;
  }
  return submission;
}

}  // namespace sothon::testing
