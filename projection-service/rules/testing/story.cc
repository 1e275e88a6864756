#include "projection-service/rules/testing/story.h"

#include <gtest/gtest.h>

#include <set>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"

namespace sothon::rules::testing {
namespace {

std::string OrDash(std::string_view text) { return text.empty() ? "-" : std::string(text); }

std::string InWords(const Judged& judged, const ledger::Reference& reference) {
  const Finding& finding = judged.finding;
  std::string positions;
  for (const uint64_t position : finding.positions)
    positions += (positions.empty() ? "" : " ") + std::to_string(position);
  return StrCat(finding.place ? reference.place(*finding.place).id : "-", " ", OrDash(finding.party_id), " ",
                OrDash(finding.drive_id), " ", finding.scheme == 0 ? "-" : v1::Scheme_Name(finding.scheme), " ",
                OrDash(finding.period), " x", finding.count, " ", finding.since.ToWire(), " [", positions, "]");
}

}  // namespace

Story::Story(int villages) {
  for (v1::Event& event : sothon::testing::MinimalRegistry(villages)) {
    // A document without a number is a finding of its own (plan#5).
    if (event.has_document_issued()) event.mutable_document_issued()->set_number_verbatim("Kế hoạch số 1/KH-UBND");
    Tell(std::move(event));
  }
}

uint64_t Story::Tell(v1::Event event) {
  event.set_position(events_.size() + 1);
  if (event.effective_date() == 0) event.set_effective_date(20250101);
  if (event.has_contribution_reversed()) {
    v1::ContributionReversed* reversal = event.mutable_contribution_reversed();
    for (const v1::Event& earlier : events_) {
      const v1::ContributionRecorded& paid = earlier.contribution_recorded();
      if (!earlier.has_contribution_recorded() || paid.receipt_number() != reversal->receipt_number()) continue;
      reversal->set_reversed_position(earlier.position());
      reversal->set_subject_id(paid.subject_id());
      reversal->set_scheme(paid.scheme());
    }
  }
  std::vector<ledger::Posting> postings;
  SubjectId touched;
  const absl::Status applied = ledger_.Apply(event, &postings, &touched);
  EXPECT_TRUE(applied.ok()) << applied.message() << "\n" << event.DebugString();
  events_.push_back(std::move(event));
  return events_.size();
}

uint64_t Story::Tell(int32_t date, std::string_view place_id, v1::Event event) {
  event.set_effective_date(date);
  event.set_place_id(std::string(place_id));
  return Tell(std::move(event));
}

uint64_t Story::Parameter(std::string_view name, int64_t value, int32_t from, std::string_view place) {
  v1::Event event;
  event.mutable_parameter_set()->set_name(std::string(name));
  event.mutable_parameter_set()->set_value(value);
  EXPECT_NE(FindParameter(name), nullptr) << name;
  return Tell(from, place, std::move(event));
}

uint64_t Story::Party(std::string_view id, v1::PartyKind kind, std::string_view parent) {
  v1::Event event;
  event.mutable_party_registered()->set_party_id(std::string(id));
  event.mutable_party_registered()->set_kind(kind);
  event.mutable_party_registered()->set_name(std::string(id));
  event.mutable_party_registered()->set_parent_party_id(std::string(parent));
  return Tell(std::move(event));
}

uint64_t Story::Role(std::string_view role_id, v1::RoleKind kind, std::string_view party, std::string_view place,
                     int32_t from, int32_t until) {
  v1::Event event;
  event.mutable_role_assigned()->set_role_id(std::string(role_id));
  event.mutable_role_assigned()->set_role(kind);
  event.mutable_role_assigned()->set_party_id(std::string(party));
  event.mutable_role_assigned()->set_until_date(until);
  return Tell(from, place, std::move(event));
}

uint64_t Story::EndRole(std::string_view role_id, int32_t date) {
  v1::Event event;
  event.mutable_role_ended()->set_role_id(std::string(role_id));
  return Tell(date, "", std::move(event));
}

uint64_t Story::Attend(std::string_view drive, std::string_view agency, std::vector<std::string> collectors,
                       int32_t date, std::string_view place) {
  v1::Event event;
  v1::AttendanceRecorded* attendance = event.mutable_attendance_recorded();
  attendance->set_drive_id(std::string(drive));
  attendance->set_agency_id(std::string(agency));
  attendance->mutable_collector_ids()->Assign(collectors.begin(), collectors.end());
  attendance->set_on_date(date);
  return Tell(date, place, std::move(event));
}

const oversight::Situation& Story::SituationOn(int32_t date, uint64_t position, std::string_view place) const {
  const Position at{position == 0 ? last_position() : position};
  const CivilDate day = CivilDate::FromWire(date).value();
  situation_.reset();
  reference_ = std::make_unique<ledger::ReferenceView>(ledger_.reference());
  const ledger::Reference& reference = reference_->reference();
  of_all_dates_ = std::make_unique<oversight::Circumstances>(ledger_.facts(), reference, ledger_.names(), at);
  known_ = std::make_unique<oversight::Circumstances>(ledger_.facts(), reference, ledger_.names(), at, day);
  builder_ = std::make_unique<oversight::RegisterBuilder>(ledger::CountingRules());
  for (const auto& [id, history] : ledger_.participants()) {
    builder_->Put(id, ledger::AsOf(history, at), [this](const oversight::Person& person, auto* traces) {
      ExaminePerson(person, *of_all_dates_, traces);
    });
  }
  oversight::Situation::Sources sources;
  sources.known = known_.get();
  sources.reference = reference_.get();
  sources.registers = &builder_->Finish();
  sources.groups = &DefaultSchemeGroups();
  sources.position = at;
  sources.date = day;
  const ledger::Place* asked = place.empty() ? nullptr : reference.FindPlace(place);
  situation_ = std::make_unique<oversight::Situation>(
      sources, asked == nullptr ? std::optional<ledger::Ordinal>() : asked->ordinal);
  return *situation_;
}

std::vector<std::string> Story::Find(std::string_view code, int32_t date, uint64_t position,
                                     std::string_view place) const {
  const Rule* rule = FindRule(code);
  EXPECT_NE(rule, nullptr) << "no rule " << code;
  std::vector<std::string> lines;
  if (rule == nullptr) return lines;
  const oversight::Situation& situation = SituationOn(date, position, place);
  for (const Judged& judged : Judge(situation, {&rule, 1})) {
    EXPECT_FALSE(judged.finding.text_vi.empty()) << code;
    EXPECT_FALSE(judged.finding.text_en.empty()) << code;
    EXPECT_FALSE(judged.finding.positions.empty()) << code << ": a finding without proof";
    EXPECT_LE(judged.finding.since, situation.date()) << code << ": it holds only later";
    lines.push_back(InWords(judged, situation.reference()));
  }
  return lines;
}

std::vector<std::string> Story::FindCodes(int32_t date, uint64_t position, std::string_view place) const {
  std::set<std::string> codes;
  for (const Judged& judged : Judge(SituationOn(date, position, place))) codes.emplace(judged.info.code);
  return {codes.begin(), codes.end()};
}

}  // namespace sothon::rules::testing
