#include "projection-service/answers/uncovered.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "projection-service/answers/schools.h"
#include "projection-service/oversight/rosters.h"

namespace sothon::answers {
namespace {

using ledger::Names;
using oversight::Classification;
using oversight::Situation;
using oversight::VillageRegister;

void AddRosters(const Situation& situation, v1::GetUncoveredResponse* response) {
  for (const oversight::Roster& roster : oversight::RostersOf(situation)) {
    const v1::RosterDeclared& declared = roster.declared->roster_declared();
    v1::RosterState* state = response->add_rosters();
    state->set_roster_id(declared.roster_id());
    state->set_of_party_id(declared.of_party_id());
    state->set_target_id(roster.target->id);
    state->set_scheme(roster.target->scheme);
    state->set_scheme_group_id(roster.target->scheme_group_id);
    state->set_minimum(roster.minimum());
    state->set_members(static_cast<uint32_t>(roster.members.size()));
    state->set_reading(roster.target->reading);
    state->set_position(roster.declared->position());
    uint32_t met = 0;
    for (const oversight::RosterMember& member : roster.members) {
      if (roster.IsMetBy(member)) {
        ++met;
      } else {
        state->add_short_member_ids(std::string(member.party_id));
      }
    }
    state->set_met(met);
  }
}

struct People {
  int64_t people = 0;
  int64_t covered = 0;
};

// Of one village, by ordinal of the group.
std::map<uint16_t, People> GroupsIn(const Situation& situation, const VillageInsured& insured) {
  const VillageRegister& people = situation.RegisterOf(insured.village);
  absl::flat_hash_map<std::pair<uint32_t, uint16_t>, const Classification*> newest;  // by person and group
  for (const Classification& one : people.classifications) {
    if (one.from > situation.date() || !one.IsThereOn(situation.date())) continue;
    const Classification*& held = newest.try_emplace({one.person, one.group}, &one).first->second;
    if (held->from <= one.from) held = &one;
  }
  std::map<uint16_t, People> groups;
  for (const auto& [who, held] : newest) {
    if (held->until < situation.date() || held->place != insured.village) continue;
    People& group = groups[held->group];
    ++group.people;
    group.covered += insured.Is(held->person);
  }
  return groups;
}

void AddGroups(const Situation& situation, const std::vector<VillageInsured>& insured,
               v1::GetUncoveredResponse* response) {
  std::map<std::pair<std::string_view, size_t>, People> groups;  // by name, then index of the village
  for (size_t i = 0; i < insured.size(); ++i) {
    for (const auto& [group, people] : GroupsIn(situation, insured[i])) {
      groups[{situation.names().All(Names::Kind::kGroup)[group], i}] = people;
    }
  }
  for (const auto& [key, people] : groups) {
    v1::GroupState* state = response->add_groups();
    state->set_group(std::string(key.first));
    state->set_place_id(situation.reference().place(insured[key.second].village).id);
    state->set_people(people.people);
    state->set_covered(people.covered);
    state->set_uncovered(people.people - people.covered);
  }
}

}  // namespace

absl::Status FillUncovered(const Situation& situation, const v1::GetUncoveredRequest&,
                           v1::GetUncoveredResponse* response) {
  response->mutable_answered()->set_date(situation.date().ToWire());
  const std::vector<VillageInsured>& insured = situation.Memo(InsuredOf);
  AddRosters(situation, response);
  for (v1::SchoolState& school : SchoolsOf(situation, insured)) *response->add_schools() = std::move(school);
  AddGroups(situation, insured, response);
  return absl::OkStatus();
}

}  // namespace sothon::answers
