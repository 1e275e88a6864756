#include "projection-service/oversight/drives.h"

#include <algorithm>
#include <set>

#include "common/base/absl_view.h"

namespace sothon::oversight {
namespace {

using ledger::DateOf;

void KeepFirst(const v1::Event* event, const v1::Event** slot) {
  if (*slot == nullptr) *slot = event;
}

// The drive that a fact of `kind` names; empty: none.
const std::string& DriveIdOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDriveProposed:
      return event.drive_proposed().drive_id();
    case v1::Event::kDriveAgreed:
      return event.drive_agreed().drive_id();
    case v1::Event::kDriveScheduled:
      return event.drive_scheduled().drive_id();
    case v1::Event::kDriveOpened:
      return event.drive_opened().drive_id();
    case v1::Event::kDriveClosed:
      return event.drive_closed().drive_id();
    case v1::Event::kAttendanceRecorded:
      return event.attendance_recorded().drive_id();
    case v1::Event::kCommitmentSigned:
      return event.commitment_signed().drive_id();
    case v1::Event::kActivityRecorded:
      return event.activity_recorded().drive_id();
    case v1::Event::kReportFiled:
      return event.report_filed().drive_id();
    case v1::Event::kProspectRecorded:
      return event.prospect_recorded().drive_id();
    case v1::Event::kRoleAssigned:
      return event.role_assigned().drive_id();
    default: {
      static const auto* const none = new std::string;
      return *none;
    }
  }
}

void Enter(const v1::Event* event, Drive* drive) {
  switch (event->kind_case()) {
    case v1::Event::kDriveProposed:
      return KeepFirst(event, &drive->proposed);
    case v1::Event::kDriveAgreed:
      return KeepFirst(event, &drive->agreed);
    case v1::Event::kDriveScheduled:
      drive->scheduled = event;
      return;
    case v1::Event::kDriveOpened:
      return KeepFirst(event, &drive->opened);
    case v1::Event::kDriveClosed:
      return KeepFirst(event, &drive->closed);
    case v1::Event::kAttendanceRecorded:
      return drive->attendance.push_back(event);
    case v1::Event::kCommitmentSigned:
      return drive->commitments.push_back(event);
    case v1::Event::kActivityRecorded:
      return drive->activities.push_back(event);
    case v1::Event::kReportFiled:
      return drive->reports.push_back(event);
    case v1::Event::kProspectRecorded:
      return drive->prospects.push_back(event);
    case v1::Event::kRoleAssigned:
      if (event->role_assigned().role() == v1::GUIDE) drive->guides.push_back(event);
      return;
    default:
      return;
  }
}

}  // namespace

std::optional<CivilDate> Drive::FirstDay() const {
  if (opened != nullptr) return DateOf(*opened);
  if (scheduled == nullptr) return std::nullopt;
  return CivilDate::FromWire(scheduled->drive_scheduled().from_date());
}

std::optional<CivilDate> Drive::ClosedOn() const {
  if (closed == nullptr) return std::nullopt;
  return DateOf(*closed);
}

std::vector<std::string_view> Drive::CollectorsOf(std::string_view agency_id) const {
  std::set<std::string_view> collectors;
  for (const v1::Event* event : attendance) {
    const v1::AttendanceRecorded& there = event->attendance_recorded();
    if (there.agency_id() != agency_id) continue;
    collectors.insert(there.collector_ids().begin(), there.collector_ids().end());
  }
  return {collectors.begin(), collectors.end()};
}

bool Drive::WasThere(std::string_view agency_id, std::string_view collector_id) const {
  return std::any_of(attendance.begin(), attendance.end(), [&](const v1::Event* event) {
    const v1::AttendanceRecorded& there = event->attendance_recorded();
    return there.agency_id() == agency_id && std::find(there.collector_ids().begin(), there.collector_ids().end(),
                                                       collector_id) != there.collector_ids().end();
  });
}

std::vector<std::string_view> Drive::GuideIds() const {
  std::set<std::string_view> ids;
  for (const v1::Event* event : attendance) {
    const auto& named = event->attendance_recorded().guide_ids();
    ids.insert(named.begin(), named.end());
  }
  for (const v1::Event* event : guides) ids.insert(event->role_assigned().party_id());
  return {ids.begin(), ids.end()};
}

Drives::Drives(const ledger::KnownFacts& facts, const ledger::Reference& reference) : reference_(reference) {
  static constexpr EventKind kKinds[] = {
      v1::Event::kDriveProposed,    v1::Event::kDriveAgreed,        v1::Event::kDriveScheduled,
      v1::Event::kDriveOpened,      v1::Event::kAttendanceRecorded, v1::Event::kDriveClosed,
      v1::Event::kCommitmentSigned, v1::Event::kActivityRecorded,   v1::Event::kProspectRecorded,
      v1::Event::kReportFiled,      v1::Event::kRoleAssigned};
  for (const EventKind kind : kKinds) {
    for (const v1::Event* event : facts.Of(kind)) {
      const std::string& id = DriveIdOf(*event);
      if (!id.empty()) Enter(event, &Of(id, *event));
    }
  }
}

Drive& Drives::Of(const std::string& id, const v1::Event& event) {
  const auto [slot, is_new] = by_id_.try_emplace(id, drives_.size());
  if (is_new) drives_.emplace_back();
  Drive& drive = drives_[slot->second];
  if (is_new) drive.id = id;
  if (drive.place == nullptr) drive.place = reference_.FindPlace(event.place_id());
  return drive;
}

const Drive* Drives::Find(std::string_view id) const {
  const auto found = by_id_.find(ToAbsl(id));
  return found == by_id_.end() ? nullptr : &drives_[found->second];
}

}  // namespace sothon::oversight
