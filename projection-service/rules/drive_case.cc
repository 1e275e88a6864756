#include "projection-service/rules/drive_case.h"

#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using ledger::DateOf;

std::string_view DriveIdOf(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDriveAgreed:
      return event.drive_agreed().drive_id();
    case v1::Event::kDriveScheduled:
      return event.drive_scheduled().drive_id();
    default:
      return {};
  }
}

}  // namespace

std::optional<ledger::Ordinal> DriveCase::place() const {
  if (drive->place == nullptr) return std::nullopt;
  return drive->place->ordinal;
}

std::vector<uint64_t> DriveCase::Proof() const {
  std::vector<uint64_t> positions;
  for (const v1::Event* event : {drive->scheduled, drive->opened, drive->closed}) {
    if (event != nullptr) positions.push_back(event->position());
  }
  return positions;
}

std::optional<CivilDate> DriveCase::AttendedOn() const {
  std::optional<CivilDate> day;
  if (drive->scheduled != nullptr) {
    const CivilDate to = CivilDate::FromWire(drive->scheduled->drive_scheduled().to_date()).value_or(first_day);
    day = std::max(to, first_day).Plus(1);
  }
  if (const std::optional<CivilDate> closed = drive->ClosedOn()) day = std::min(day.value_or(*closed), *closed);
  if (day) day = std::max(*day, first_day);
  return day;
}

std::vector<const oversight::Role*> DriveCase::Contracts() const {
  std::map<std::string_view, const oversight::Role*> by_agency;
  const auto add = [&](ledger::Ordinal where) {
    for (const oversight::Role* role : situation->roles().At(v1::CONTRACTED_AGENCY, where)) {
      if (role->HeldOn(first_day)) by_agency.try_emplace(role->role().party_id(), role);
    }
  };
  if (place()) {
    add(*place());
    if (const std::optional<ledger::Ordinal> commune = drive->place->parent) add(*commune);
  }
  std::vector<const oversight::Role*> contracts;
  for (const auto& [agency, role] : by_agency) contracts.push_back(role);
  return contracts;
}

std::optional<int64_t> DriveCase::Parameter(std::string_view name, CivilDate day,
                                            std::vector<uint64_t>* positions) const {
  if (const v1::Event* set = situation->parameters().SetBy(name, place(), day)) positions->push_back(set->position());
  return situation->parameters().At(name, place(), day);
}

Finding DriveCase::About(CivilDate since, std::vector<uint64_t> positions) const {
  Finding finding;
  finding.place = place();
  finding.drive_id = std::string(drive->id);
  finding.since = since;
  finding.positions = std::move(positions);
  return finding;
}

std::string DriveCase::NameVi() const {
  return StrCat("Đợt ra quân ", drive->id, place() ? StrCat(" tại ", situation->NameOf(*place())) : "", ", ngày ",
                DayVi(first_day));
}

std::string DriveCase::NameEn() const {
  return StrCat("Drive ", drive->id, place() ? StrCat(" in ", situation->NameOf(*place())) : "", ", ",
                first_day.ToString());
}

std::vector<DriveCase> DrivesBegun(const oversight::Situation& situation) {
  std::vector<DriveCase> begun;
  for (const oversight::Drive& drive : situation.drives().all()) {
    const std::optional<CivilDate> first_day = drive.FirstDay();
    if (!first_day || situation.date() < *first_day) continue;
    if (drive.place == nullptr ? situation.place().has_value() : !situation.Covers(drive.place->ordinal)) continue;
    begun.push_back({&situation, &drive, *first_day});
  }
  return begun;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) StrAppend(&joined, joined.empty() ? "" : ", ", name);
  return joined;
}

std::map<std::string_view, const v1::Event*> EarliestOfDrives(const oversight::Situation& situation, EventKind kind) {
  std::map<std::string_view, const v1::Event*> earliest;
  for (const v1::Event* event : situation.Facts(kind)) {
    const auto [slot, is_new] = earliest.try_emplace(DriveIdOf(*event), event);
    if (!is_new && DateOf(*event) < DateOf(*slot->second)) slot->second = event;
  }
  return earliest;
}

}  // namespace sothon::rules
