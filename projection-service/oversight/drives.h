// Drives (đợt ra quân) as the log tells them: every event of a drive, by what it is. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/reference.h"

namespace sothon::oversight {

// nullptr: there is no such event. Of several of a kind the first proposes, agrees, opens and closes; a later schedule
// replaces an earlier one.
struct Drive {
  std::string_view id;
  const ledger::Place* place = nullptr;  // of the first event that names one
  const v1::Event* proposed = nullptr;
  const v1::Event* agreed = nullptr;
  const v1::Event* scheduled = nullptr;
  const v1::Event* opened = nullptr;
  const v1::Event* closed = nullptr;
  // In order of the log.
  std::vector<const v1::Event*> attendance;
  std::vector<const v1::Event*> commitments;
  std::vector<const v1::Event*> activities;
  std::vector<const v1::Event*> reports;  // ReportFiled of any kind
  std::vector<const v1::Event*> prospects;
  std::vector<const v1::Event*> guides;  // RoleAssigned as GUIDE for the drive

  // The day it began: when it was opened, otherwise scheduled for; nullopt: neither.
  std::optional<CivilDate> FirstDay() const;
  // It is over when it was closed; nullopt: it is not.
  std::optional<CivilDate> ClosedOn() const;
  // Distinct collectors whom `agency_id` sent (plan#44), ascending.
  std::vector<std::string_view> CollectorsOf(std::string_view agency_id) const;
  // Whether a collector was there for any agency (plan#53).
  bool WasThere(std::string_view agency_id, std::string_view collector_id) const;
  // Guides named by attendance or role (plan#45).
  std::vector<std::string_view> GuideIds() const;
};

class Drives {
 public:
  Drives(const ledger::KnownFacts& facts, const ledger::Reference& reference);

  // In order of their first event in the log.
  const std::vector<Drive>& all() const { return drives_; }
  const Drive* Find(std::string_view id) const;

 private:
  Drive& Of(const std::string& id, const v1::Event& event);

  const ledger::Reference& reference_;
  std::vector<Drive> drives_;
  absl::flat_hash_map<std::string, size_t> by_id_;
};

}  // namespace sothon::oversight
