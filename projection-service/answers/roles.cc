#include "projection-service/answers/roles.h"

#include <algorithm>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::answers {
namespace {

bool IsThere(const oversight::Situation& situation, const oversight::Role& role) {
  if (!role.assigned->place_id().empty()) return situation.Covers(role.assigned->place_id());
  if (role.role().drive_id().empty()) return true;
  const oversight::Drive* drive = situation.drives().Find(role.role().drive_id());
  return drive == nullptr || drive->place == nullptr || situation.Covers(drive->place->ordinal);
}

void FillRole(const oversight::Role& role, CivilDate date, v1::RoleView* view) {
  view->set_position(role.assigned->position());
  *view->mutable_role() = role.role();
  view->set_place_id(role.assigned->place_id());
  view->set_from_date(role.from.ToWire());
  if (role.HeldOn(date)) return;
  view->set_ended_date(role.until.Plus(1).ToWire());
  if (role.ended != nullptr) view->set_ended_position(role.ended->position());
}

bool HasCommittee(const oversight::Situation& situation, ledger::Ordinal village) {
  const auto& committees = situation.roles().At(v1::MOBILISING_COMMITTEE, village);
  return std::any_of(committees.begin(), committees.end(),
                     [&](const oversight::Role* role) { return role->HeldOn(situation.date()); });
}

}  // namespace

absl::Status FillRoles(const oversight::Situation& situation, const v1::ListRolesRequest& request,
                       v1::ListRolesResponse* response) {
  for (int i = 0; i < request.roles_size(); ++i) {
    const int kind = request.roles(i);
    if (v1::RoleKind_IsValid(kind) && kind != v1::ROLE_KIND_UNSPECIFIED) continue;
    return BadRequest({{StrCat("roles[", i, "]"), StrCat(kind, " is no role; name one of sothon.v1.RoleKind")}});
  }
  response->mutable_answered()->set_date(situation.date().ToWire());
  for (const oversight::Role& role : situation.roles().all()) {
    const auto& wanted = request.roles();
    const bool is_wanted =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), role.role().role()) != wanted.end();
    if (is_wanted && IsThere(situation, role)) FillRole(role, situation.date(), response->add_roles());
  }
  uint32_t with_committee = 0;
  uint32_t with_collector = 0;
  for (const ledger::Ordinal village : situation.villages()) {
    if (HasCommittee(situation, village)) ++with_committee;
    if (situation.roles().ResidentCollector(village, situation.date()) != nullptr) ++with_collector;
  }
  response->set_villages(static_cast<uint32_t>(situation.villages().size()));
  response->set_with_committee(with_committee);
  response->set_with_collector(with_collector);
  return absl::OkStatus();
}

}  // namespace sothon::answers
