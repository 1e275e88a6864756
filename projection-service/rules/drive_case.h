// What the rules about drives (đợt ra quân) have in common: which drives are judged, since when, and in which words.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projection-service/rules/rule.h"

namespace sothon::rules {

// How long after the last day of a drive it may be closed (plan#36) and its prospects are followed up (plan#47), with
// receipts that still name it. The plans name no number; the rules about it share one.
inline constexpr int32_t kDaysAfterDrive = 30;

// A drive that has begun by the date of the situation: it was opened, or the day for which it was scheduled has come.
// Borrows the situation.
struct DriveCase {
  const oversight::Situation* situation = nullptr;
  const oversight::Drive* drive = nullptr;
  CivilDate first_day;

  // Unset: no event of the drive says where it is.
  std::optional<ledger::Ordinal> place() const;
  // The events by which it has begun and, where it was, ended.
  std::vector<uint64_t> Proof() const;
  // The first day on which its attendance is complete: that of its close, or the day after the last one planned,
  // whichever is earlier; nullopt: neither is known. May be after the date of the situation.
  std::optional<CivilDate> AttendedOn() const;
  // True from AttendedOn() on.
  bool IsAttended() const { return AttendedOn() && *AttendedOn() <= situation->date(); }
  // The contracts, one for each agency and by its id, that were held in the village or its commune on the first day
  // (plan#43).
  std::vector<const oversight::Role*> Contracts() const;
  // The parameter at the drive's place on `day`, and its event among `positions` where one set it.
  std::optional<int64_t> Parameter(std::string_view name, CivilDate day, std::vector<uint64_t>* positions) const;

  // A finding about the drive, without words.
  Finding About(CivilDate since, std::vector<uint64_t> positions) const;
  // "Đợt ra quân D-1 tại Thôn 1 (23500-05), ngày 05/11/2025"; "Drive D-1 in Thôn 1 (23500-05), 2025-11-05".
  std::string NameVi() const;
  std::string NameEn() const;
};

// Of the place asked about, in order of the log.
std::vector<DriveCase> DrivesBegun(const oversight::Situation& situation);

// "a, b, c"
std::string Joined(const std::vector<std::string>& names);

// Of the events of `kind`, the earliest for each drive; of those of one day, the first in the log. Keys are drive ids.
std::map<std::string_view, const v1::Event*> EarliestOfDrives(const oversight::Situation& situation, EventKind kind);

}  // namespace sothon::rules
