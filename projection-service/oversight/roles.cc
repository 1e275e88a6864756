#include "projection-service/oversight/roles.h"

#include <algorithm>

namespace sothon::oversight {
namespace {

const std::vector<const Role*>& None() {
  static const auto* const none = new std::vector<const Role*>;
  return *none;
}

}  // namespace

Roles::Roles(const ledger::KnownFacts& facts, const ledger::Reference& reference) : reference_(reference) {
  absl::flat_hash_map<std::string, size_t> by_id;
  for (const v1::Event* event : facts.Of(v1::Event::kRoleAssigned)) {
    Role role{event, nullptr, ledger::DateOf(*event), kNever};
    if (const auto until = CivilDate::FromWire(event->role_assigned().until_date())) role.until = *until;
    by_id.insert_or_assign(event->role_assigned().role_id(), roles_.size());
    roles_.push_back(role);
  }
  for (const v1::Event* event : facts.Of(v1::Event::kRoleEnded)) {
    const auto ended = by_id.find(event->role_ended().role_id());
    if (ended == by_id.end()) continue;
    Role& role = roles_[ended->second];
    if (role.ended != nullptr) continue;
    role.ended = event;
    role.until = std::min(role.until, ledger::DateOf(*event).Plus(-1));
  }
  for (const Role& role : roles_) {
    const int kind = role.role().role();
    by_party_[{kind, role.role().party_id()}].push_back(&role);
    if (const ledger::Place* place = reference.FindPlace(role.assigned->place_id())) {
      by_place_[{kind, place->ordinal.value}].push_back(&role);
    }
  }
}

const std::vector<const Role*>& Roles::At(v1::RoleKind kind, ledger::Ordinal place) const {
  const auto found = by_place_.find({kind, place.value});
  return found == by_place_.end() ? None() : found->second;
}

const std::vector<const Role*>& Roles::Of(v1::RoleKind kind, std::string_view party_id) const {
  const auto found = by_party_.find({kind, party_id});
  return found == by_party_.end() ? None() : found->second;
}

const Role* Roles::ResidentCollector(ledger::Ordinal village, CivilDate date) const {
  const Role* newest = nullptr;
  for (const Role* role : At(v1::RESIDENT_COLLECTOR, village)) {
    if (!role->HeldOn(date)) continue;
    const ledger::Party* collector = reference_.FindParty(role->role().party_id());
    if (collector != nullptr && !MayCollect(collector->parent_id, date)) continue;
    if (newest == nullptr || newest->from <= role->from) newest = role;
  }
  return newest;
}

bool Roles::MayCollect(std::string_view agency_id, CivilDate date) const {
  const std::vector<const Role*>& contracts = Of(v1::CONTRACTED_AGENCY, agency_id);
  return contracts.empty() ||
         std::any_of(contracts.begin(), contracts.end(), [&](const Role* contract) { return contract->HeldOn(date); });
}

}  // namespace sothon::oversight
