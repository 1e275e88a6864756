// Who holds which role where, as of a date (RoleAssigned, RoleEnded). Pure.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/reference.h"
#include "projection-service/oversight/person.h"

namespace sothon::oversight {

struct Role {
  const v1::Event* assigned = nullptr;
  const v1::Event* ended = nullptr;  // nullptr: nothing ended it before its time
  CivilDate from;
  CivilDate until;  // last day; kNever: open. An end takes effect on its own date, so the day before is the last one.

  const v1::RoleAssigned& role() const { return assigned->role_assigned(); }
  bool HeldOn(CivilDate date) const { return from <= date && date <= until; }
};

class Roles {
 public:
  Roles(const ledger::KnownFacts& facts, const ledger::Reference& reference);

  // In order of the log.
  const std::vector<Role>& all() const { return roles_; }
  // Of exactly this place, whenever held, in order of the log.
  const std::vector<const Role*>& At(v1::RoleKind kind, ledger::Ordinal place) const;
  // Of this party, whenever held and wherever.
  const std::vector<const Role*>& Of(v1::RoleKind kind, std::string_view party_id) const;

  // The collector who is to collect in `village` (plan#54, #76): the newest of those appointed who hold the role on
  // `date`, unless their agency had a contract that has ended by then. nullptr: nobody.
  const Role* ResidentCollector(ledger::Ordinal village, CivilDate date) const;
  // False only where the agency once had a contract and holds none on `date`; an agency without any on record works.
  bool MayCollect(std::string_view agency_id, CivilDate date) const;

 private:
  const ledger::Reference& reference_;
  std::vector<Role> roles_;
  std::map<std::pair<int, uint32_t>, std::vector<const Role*>> by_place_;
  std::map<std::pair<int, std::string_view>, std::vector<const Role*>> by_party_;
};

}  // namespace sothon::oversight
