#include <algorithm>
#include <set>
#include <utility>

#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {
namespace {

// plan#52. `does`: what only an office may do, "opens drives".
void CheckOffice(std::string_view field, const std::string& office_id, std::string_view does,
                 const CheckContext& context) {
  const KnownParty* office = context.FindParty(office_id);
  if (office == nullptr || office->kind == v1::BHXH_OFFICE) return;  // not registered: told before
  context.violations->Add(
      field, StrCat("permission denied: party \"", office_id, "\" is no BHXH office, and only a BHXH ", "office ", does,
                    " (plan#52); give the id of the office that does"));
}

// Steps that need not say where must not say somewhere else.
void CheckDrivePlace(const v1::Event& event, const CheckContext& context) {
  if (!event.place_id().empty()) CheckLeafPlace("event.place_id", event.place_id(), context);
}

// One product of a baseline; `products` are those before it.
void CheckBaseline(const std::string& path, const v1::DriveOpened::Baseline& baseline,
                   std::set<std::pair<int, std::string>>* products, const CheckContext& context) {
  if ((baseline.scheme() == v1::SCHEME_UNSPECIFIED) == baseline.scheme_group_id().empty()) {
    context.violations->Add(path + ".scheme", "give exactly one of scheme and scheme_group_id");
  } else if (!products->insert({baseline.scheme(), baseline.scheme_group_id()}).second) {
    context.violations->Add(path + ".scheme", "this product stands in the baseline already; keep one");
  }
  const int64_t remaining = std::max<int64_t>(0, baseline.target() - baseline.achieved());
  if (baseline.remaining() == remaining) return;
  context.violations->Add(path + ".remaining",
                          StrCat(baseline.remaining(), " is not what a target of ", baseline.target(), " leaves when ",
                                 baseline.achieved(), " are achieved, ", remaining, " (plan#27); correct it"));
}

}  // namespace

void CheckDriveProposed(const v1::Event& event, const CheckContext& context) { CheckDrivePlace(event, context); }

void CheckDriveAgreed(const v1::Event& event, const CheckContext& context) {
  CheckDrivePlace(event, context);
  CheckOffice("event.drive_agreed.office_party_id", event.drive_agreed().office_party_id(), "agrees drives", context);
}

void CheckDriveScheduled(const v1::Event& event, const CheckContext& context) {
  const v1::DriveScheduled& scheduled = event.drive_scheduled();
  CheckDrivePlace(event, context);
  if (scheduled.to_date() != 0 && scheduled.to_date() < scheduled.from_date()) {
    context.violations->Add("event.drive_scheduled.to_date", StrCat(scheduled.to_date(), " is before from_date, ",
                                                                    scheduled.from_date(), "; correct one of both"));
  }
  CheckDistinct("event.drive_scheduled.notified_agency_ids", scheduled.notified_agency_ids(), context);
}

void CheckDriveOpened(const v1::Event& event, const CheckContext& context) {
  const v1::DriveOpened& opened = event.drive_opened();
  const std::string kPath = "event.drive_opened.";
  CheckDrivePlace(event, context);
  CheckOffice(kPath + "office_party_id", opened.office_party_id(), "opens drives", context);
  if (const KnownDrive* drive = context.FindDrive(opened.drive_id())) {
    context.violations->Add(kPath + "drive_id", StrCat("drive \"", opened.drive_id(), "\" was opened before",
                                                       drive->is_open ? " and is open" : " and is closed",
                                                       "; a drive is opened once: give the next one an id of its own"));
  }
  if (opened.baseline_position() != 0) CheckPosition(kPath + "baseline_position", opened.baseline_position(), context);
  // None at all is taken: what the village had to have is known to the projection alone, which finds the opening that
  // lacks it (baseline_differs); one without targets has nothing to freeze.
  std::set<std::pair<int, std::string>> products;
  for (int i = 0; i < opened.baselines_size(); ++i) {
    CheckBaseline(StrCat(kPath, "baselines[", i, "]"), opened.baselines(i), &products, context);
  }
}

void CheckDriveClosed(const v1::Event& event, const CheckContext& context) {
  const v1::DriveClosed& closed = event.drive_closed();
  CheckDrivePlace(event, context);
  CheckOffice("event.drive_closed.office_party_id", closed.office_party_id(), "closes drives", context);
  const KnownDrive* drive = context.FindDrive(closed.drive_id());
  if (drive == nullptr || !drive->is_open) {
    context.violations->Add("event.drive_closed.drive_id",
                            StrCat("drive \"", closed.drive_id(),
                                   drive == nullptr ? "\" was never opened; open it first, or correct the id"
                                                    : "\" is closed already; correct the id"));
  } else if (!event.place_id().empty() && !drive->place_id.empty() && event.place_id() != drive->place_id) {
    context.violations->Add("event.place_id", StrCat("drive \"", closed.drive_id(), "\" was opened in ",
                                                     drive->place_id, "; give that place, or none"));
  } else if (event.effective_date() < drive->opened_date) {
    context.violations->Add(
        "event.effective_date",
        StrCat(event.effective_date(), " is before the opening of drive \"", closed.drive_id(), "\", ",
               drive->opened_date, "; a drive is closed on the day of its opening or later: ", "correct the date"));
  }
}

void CheckAttendance(const v1::Event& event, const CheckContext& context) {
  const v1::AttendanceRecorded& attendance = event.attendance_recorded();
  const std::string kPath = "event.attendance_recorded.";
  CheckDrivePlace(event, context);
  CheckDistinct(kPath + "collector_ids", attendance.collector_ids(), context);
  CheckDistinct(kPath + "guide_ids", attendance.guide_ids(), context);
  for (int i = 0; i < attendance.collector_ids_size(); ++i) {
    const KnownParty* collector = context.FindParty(attendance.collector_ids(i));
    // Whose collector it is may be unknown.
    if (collector == nullptr || collector->parent_party_id.empty() ||
        collector->parent_party_id == attendance.agency_id()) {
      continue;
    }
    context.violations->Add(
        StrCat(kPath, "collector_ids[", i, "]"),
        StrCat("collector \"", attendance.collector_ids(i), "\" belongs to ", collector->parent_party_id, ", not to ",
               attendance.agency_id(), "; record each agency's attendance by itself"));
  }
}

void CheckCommitment(const v1::Event& event, const CheckContext& context) { CheckDrivePlace(event, context); }

}  // namespace sothon::ingest
