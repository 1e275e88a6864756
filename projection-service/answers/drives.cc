#include "projection-service/answers/drives.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/answers/baseline.h"
#include "projection-service/answers/products.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/drive_filing.h"

namespace sothon::answers {
namespace {

using ledger::DateOf;
using ledger::Ordinal;
using oversight::Drive;
using oversight::Situation;

using Outcomes = absl::flat_hash_map<std::string, v1::ProspectResolved::Outcome>;
using BySchemes = std::array<int64_t, kSchemeSlots>;

// What drives brought in, village by village; each village is gone through once, however many drives it had.
class BroughtIn {
 public:
  explicit BroughtIn(const Situation& situation) : situation_(situation) {}

  // As `measure` counts people.
  int64_t By(std::string_view drive_id, Ordinal place, absl::Span<const v1::Scheme> schemes, v1::Measure measure) {
    const auto drive = situation_.names().Find(ledger::Names::Kind::kDrive, drive_id);
    if (!drive) return 0;
    int64_t sum = 0;
    for (const Ordinal village : situation_.reference_view().LeavesUnder(place, situation_.position())) {
      const auto& drives = Of(village);
      const auto found = drives.find(drive->value + 1);
      if (found == drives.end()) continue;
      const BySchemes& counted =
          measure == v1::MAINTAINED_OR_DEVELOPED ? found->second.collected : found->second.developed;
      for (const v1::Scheme scheme : schemes) sum += counted[static_cast<size_t>(scheme)];
    }
    return sum;
  }

 private:
  struct Counts {
    BySchemes developed{};
    BySchemes collected{};
  };

  const absl::flat_hash_map<uint32_t, Counts>& Of(Ordinal village) {
    const auto [slot, is_new] = by_village_.try_emplace(village.value);
    if (!is_new) return slot->second;
    for (const oversight::Collection& one : situation_.RegisterOf(village).collections) {
      if (one.date > situation_.date()) break;
      if (one.drive == 0 || !one.IsCollected()) continue;
      Counts& counts = slot->second[one.drive];
      ++counts.collected[one.scheme];
      if (one.IsDeveloped()) ++counts.developed[one.scheme];
    }
    return slot->second;
  }

  const Situation& situation_;
  std::map<uint32_t, absl::flat_hash_map<uint32_t, Counts>> by_village_;
};

void FillStep(const v1::Event* event, std::string_view party_id, v1::DriveStep* step) {
  step->set_position(event->position());
  step->set_date(event->effective_date());
  step->set_party_id(std::string(party_id));
}

void FillSteps(const Drive& drive, v1::DriveView* view) {
  view->set_state(v1::DriveView::STATE_UNSPECIFIED);
  if (drive.proposed != nullptr) {
    FillStep(drive.proposed, drive.proposed->drive_proposed().agency_id(), view->mutable_proposed());
    view->set_reason(drive.proposed->drive_proposed().reason());
    view->set_state(v1::DriveView::PROPOSED);
  }
  if (drive.agreed != nullptr) {
    FillStep(drive.agreed, drive.agreed->drive_agreed().office_party_id(), view->mutable_agreed());
    view->set_state(v1::DriveView::AGREED);
  }
  if (drive.scheduled != nullptr) {
    const v1::DriveScheduled& scheduled = drive.scheduled->drive_scheduled();
    FillStep(drive.scheduled, scheduled.officer_party_id(), view->mutable_scheduled());
    view->set_from_date(scheduled.from_date());
    view->set_to_date(scheduled.to_date());
    view->set_venue(scheduled.venue());
    *view->mutable_notified_agency_ids() = scheduled.notified_agency_ids();
    view->set_state(v1::DriveView::SCHEDULED);
  }
  if (drive.opened != nullptr) {
    FillStep(drive.opened, drive.opened->drive_opened().office_party_id(), view->mutable_opened());
    if (drive.scheduled == nullptr) view->set_from_date(drive.opened->effective_date());
    view->set_state(v1::DriveView::OPEN);
  }
  if (drive.closed != nullptr) {
    FillStep(drive.closed, drive.closed->drive_closed().office_party_id(), view->mutable_closed());
    if (drive.scheduled == nullptr) view->set_to_date(drive.closed->effective_date());
    view->set_state(v1::DriveView::CLOSED);
  }
}

// And whether it is REPORTED, by the same measure as the rules: filed on or after the close, to both, with its notice
// (plan#36, #37).
void FillReports(const Situation& situation, const Drive& drive, v1::DriveView* view) {
  for (const v1::Event* event : drive.reports) {
    const v1::ReportFiled& report = event->report_filed();
    if (report.report_kind() == "drive_notice" && !view->has_notice()) {
      FillStep(event, report.by_party_id(), view->mutable_notice());
    }
    if (report.report_kind() != "drive") continue;
    for (const std::string& to : report.to_party_ids()) FillStep(event, to, view->add_reports());
  }
  if (drive.closed == nullptr) return;
  const CivilDate closed_on = *drive.ClosedOn();
  const rules::DriveCase drive_case{&situation, &drive, drive.FirstDay().value_or(closed_on)};
  const auto is_filed = [&](std::string_view kind, std::optional<v1::PartyKind> recipient) {
    return rules::FirstFiling(drive_case, std::max(closed_on, drive_case.first_day), kind, recipient) != nullptr;
  };
  const bool to_all = std::all_of(std::begin(rules::kReportRecipients), std::end(rules::kReportRecipients),
                                  [&](const rules::Recipient& recipient) { return is_filed("drive", recipient.kind); });
  if (to_all && is_filed("drive_notice", std::nullopt)) view->set_state(v1::DriveView::REPORTED);
}

void FillAttendance(const Situation& situation, const Drive& drive, v1::DriveView* view) {
  std::map<std::string_view, std::vector<uint64_t>> agencies;
  for (const v1::Event* event : drive.attendance) {
    agencies[event->attendance_recorded().agency_id()].push_back(event->position());
  }
  const std::optional<CivilDate> first_day = drive.FirstDay();
  if (first_day && *first_day <= situation.date()) {
    for (const oversight::Role* contract : rules::DriveCase{&situation, &drive, *first_day}.Contracts()) {
      agencies.try_emplace(contract->role().party_id());
    }
  }
  for (const auto& [agency, positions] : agencies) {
    v1::DriveAttendance* attendance = view->add_attendance();
    attendance->set_agency_id(std::string(agency));
    for (const std::string_view collector : drive.CollectorsOf(agency)) {
      attendance->add_collector_ids(std::string(collector));
    }
    for (const uint64_t position : positions) attendance->add_positions(position);
  }
  for (const std::string_view guide : drive.GuideIds()) view->add_guide_ids(std::string(guide));
}

void FillFieldwork(const Drive& drive, const Outcomes& outcomes, v1::DriveView* view) {
  for (const v1::Event* event : drive.commitments) {
    const v1::CommitmentSigned& commitment = event->commitment_signed();
    if (!view->has_committed()) FillStep(event, commitment.party_id(), view->mutable_committed());
    if (commitment.surveyed_non_participants() > 0) {
      view->set_surveyed_non_participants(commitment.surveyed_non_participants());
    }
  }
  int64_t households = 0;
  int64_t conferences = 0;
  for (const v1::Event* event : drive.activities) {
    const v1::ActivityRecorded& activity = event->activity_recorded();
    if (activity.kind() == v1::HOUSEHOLD_VISIT) households += activity.households();
    conferences += activity.kind() == v1::CONFERENCE;
  }
  view->set_households_visited(households);
  view->set_conferences(conferences);
  int64_t joined = 0;
  int64_t open = 0;
  for (const v1::Event* event : drive.prospects) {
    const auto outcome = outcomes.find(event->prospect_recorded().prospect_id());
    open += outcome == outcomes.end();
    joined += outcome != outcomes.end() && outcome->second == v1::ProspectResolved::JOINED;
  }
  view->set_prospects(static_cast<int64_t>(drive.prospects.size()));
  view->set_prospects_joined(joined);
  view->set_prospects_open(open);
}

std::vector<v1::Scheme> SchemesOf(const Situation& situation, const v1::DriveOpened::Baseline& baseline) {
  if (baseline.scheme() != v1::SCHEME_UNSPECIFIED) return {baseline.scheme()};
  for (const SchemeGroupDefinition& group : situation.groups()) {
    if (group.id == baseline.scheme_group_id()) return group.schemes;
  }
  return {};
}

// How the product's targets count people: what a drive brings in is held against what it was opened for.
v1::Measure MeasureOf(const Situation& situation, Ordinal village, const v1::Event& opened,
                      const v1::DriveOpened::Baseline& baseline) {
  for (const oversight::Product& product : situation.ProductsOf(village, ledger::DateOf(opened).Month().Year())) {
    if (product.scheme == baseline.scheme() && product.group_id == baseline.scheme_group_id()) return product.measure;
  }
  return v1::DEVELOPED;
}

void FillProducts(const Situation& situation, const Drive& drive, const ledger::CountingRules& rules,
                  BroughtIn* brought_in, v1::DriveView* view) {
  if (drive.opened == nullptr || drive.place == nullptr) return;
  const Ordinal place = drive.place->ordinal;
  for (const v1::DriveOpened::Baseline& baseline : drive.opened->drive_opened().baselines()) {
    v1::DriveProduct* product = view->add_products();
    product->set_scheme(baseline.scheme());
    product->set_scheme_group_id(baseline.scheme_group_id());
    product->set_target(baseline.target());
    product->set_achieved_before(baseline.achieved());
    product->set_remaining_before(baseline.remaining());
    product->set_result(brought_in->By(drive.id, place, SchemesOf(situation, baseline),
                                       MeasureOf(situation, place, *drive.opened, baseline)));
    product->set_rest(std::max<int64_t>(0, baseline.remaining() - product->result()));
    product->set_baseline_holds(BaselineHolds(situation, place, *drive.opened, baseline, rules));
  }
}

Outcomes OutcomesOf(const Situation& situation) {
  Outcomes outcomes;
  for (const v1::Event* event : situation.Facts(v1::Event::kProspectResolved)) {
    outcomes[event->prospect_resolved().prospect_id()] = event->prospect_resolved().outcome();
  }
  return outcomes;
}

std::vector<const Drive*> DrivesAsked(const Situation& situation, std::string_view drive_id) {
  std::vector<const Drive*> drives;
  for (const Drive& drive : situation.drives().all()) {
    if (!drive_id.empty() && drive.id != drive_id) continue;
    const bool here = drive.place == nullptr ? !situation.place().has_value() : situation.Covers(drive.place->ordinal);
    if (here) drives.push_back(&drive);
  }
  const auto order = [](const Drive* drive) {
    return std::tuple(drive->FirstDay().value_or(oversight::kNever), drive->id);
  };
  std::sort(drives.begin(), drives.end(), [&](const Drive* a, const Drive* b) { return order(a) < order(b); });
  return drives;
}

}  // namespace

absl::Status FillDrives(const Situation& situation, const v1::ListDrivesRequest& request,
                        v1::ListDrivesResponse* response, const ledger::CountingRules& rules) {
  const std::vector<const Drive*> drives = DrivesAsked(situation, request.drive_id());
  if (drives.empty() && !request.drive_id().empty()) {
    return absl::NotFoundError(StrCat("the place has no drive \"", request.drive_id().substr(0, 64),
                                      "\" on this date; leave drive_id out to see which there are"));
  }
  response->mutable_answered()->set_date(situation.date().ToWire());
  const Outcomes outcomes = OutcomesOf(situation);
  BroughtIn brought_in(situation);
  for (const Drive* drive : drives) {
    v1::DriveView* view = response->add_drives();
    view->set_drive_id(std::string(drive->id));
    if (drive->place != nullptr) view->set_place_id(drive->place->id);
    FillSteps(*drive, view);
    FillReports(situation, *drive, view);
    FillAttendance(situation, *drive, view);
    FillFieldwork(*drive, outcomes, view);
    FillProducts(situation, *drive, rules, &brought_in, view);
  }
  return absl::OkStatus();
}

}  // namespace sothon::answers
