#include "projection-service/oversight/rosters.h"

#include <algorithm>
#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "common/base/absl_view.h"

namespace sothon::oversight {
namespace {

using ledger::Names;

struct KnownTarget {
  const v1::Event* event = nullptr;
  const ledger::Target* target = nullptr;
};

// Minimums that are known on the date.
class KnownTargets {
 public:
  explicit KnownTargets(const Situation& situation) {
    absl::flat_hash_map<uint64_t, const ledger::Target*> by_position;
    for (const ledger::Target& target : situation.reference().targets()) by_position[target.set_at.value] = &target;
    for (const v1::Event* event : situation.Facts(v1::Event::kTargetSet)) {
      const auto target = by_position.find(event->position());
      if (target == by_position.end()) continue;
      by_id_[target->second->id] = {event, target->second};
      if (!target->second->revises.empty()) revised_by_[target->second->revises] = target->second->id;
    }
  }

  // The newest revision of `id`.
  KnownTarget Find(std::string_view id) const {
    // A revision names an earlier target, so there are at most as many steps as targets.
    for (size_t steps = 0; steps < by_id_.size(); ++steps) {
      const auto revision = revised_by_.find(ToAbsl(id));
      if (revision == revised_by_.end()) break;
      id = revision->second;
    }
    const auto target = by_id_.find(ToAbsl(id));
    return target == by_id_.end() ? KnownTarget() : target->second;
  }

 private:
  absl::flat_hash_map<std::string, KnownTarget> by_id_;
  absl::flat_hash_map<std::string, std::string> revised_by_;
};

std::optional<ledger::Ordinal> PlaceOf(const Situation& situation, const v1::Event& declared,
                                       const ledger::Target& target) {
  const ledger::Place* place = situation.reference().FindPlace(declared.place_id());
  return place != nullptr ? place->ordinal : target.place;
}

std::vector<v1::Scheme> SchemesOf(const Situation& situation, const ledger::Target& target) {
  if (target.scheme != v1::SCHEME_UNSPECIFIED) return {target.scheme};
  for (const SchemeGroupDefinition& group : situation.groups()) {
    if (group.id == target.scheme_group_id) return group.schemes;
  }
  return {};
}

// Who is credited, by ordinal of the party: rosters and members by index.
using Seats = absl::flat_hash_map<uint32_t, absl::InlinedVector<std::pair<size_t, size_t>, 2>>;

Seats SeatsOf(const Situation& situation, const std::vector<Roster>& rosters) {
  Seats seats;
  for (size_t i = 0; i < rosters.size(); ++i) {
    for (size_t j = 0; j < rosters[i].members.size(); ++j) {
      const auto party = situation.names().Find(Names::Kind::kCredited, rosters[i].members[j].party_id);
      if (party) seats[party->value].emplace_back(i, j);
    }
  }
  return seats;
}

bool Counts(const Roster& roster, const Collection& collection) {
  return roster.target->months.Contains({collection.month}) &&
         (roster.schemes.empty() || std::find(roster.schemes.begin(), roster.schemes.end(),
                                              static_cast<v1::Scheme>(collection.scheme)) != roster.schemes.end());
}

void CountCredits(const Situation& situation, std::vector<Roster>* rosters) {
  const Seats seats = SeatsOf(situation, *rosters);
  if (seats.empty()) return;
  CivilMonth first = rosters->front().target->months.first;
  for (const Roster& roster : *rosters) first = std::min(first, roster.target->months.first);
  for (const ledger::Place& place : situation.reference().places()) {
    if (!place.IsLeaf()) continue;
    const VillageRegister& village = situation.RegisterOf(place.ordinal);
    for (auto one = village.CollectionsFrom(CivilDate::FirstOf(first)); one != village.collections.end(); ++one) {
      if (one->date > situation.date()) break;
      if (!one->IsDeveloped()) continue;
      for (const ledger::Ordinal party : situation.names().CreditList(village.steps[one->step].named.credits)) {
        const auto seat = seats.find(party.value);
        if (seat == seats.end()) continue;
        for (const auto& [roster, member] : seat->second) {
          if (Counts((*rosters)[roster], *one)) ++(*rosters)[roster].members[member].credited;
        }
      }
    }
  }
}

}  // namespace

CivilDate Roster::JudgedFrom() const {
  return std::max({LastDay().Plus(1), ledger::DateOf(*declared), ledger::DateOf(*target_set)});
}

std::vector<Roster> RostersOf(const Situation& situation) {
  std::map<std::string_view, const v1::Event*> newest;  // by id
  for (const v1::Event* event : situation.Facts(v1::Event::kRosterDeclared)) {
    const v1::Event*& held = newest.try_emplace(event->roster_declared().roster_id(), event).first->second;
    if (ledger::DateOf(*held) <= ledger::DateOf(*event)) held = event;
  }
  std::vector<Roster> rosters;
  if (newest.empty()) return rosters;
  const KnownTargets targets(situation);
  for (const auto& [id, declared] : newest) {
    const KnownTarget known = targets.Find(declared->roster_declared().target_id());
    if (known.target == nullptr || known.target->measure != v1::PER_PERSON_MINIMUM) continue;
    Roster roster;
    roster.declared = declared;
    roster.target_set = known.event;
    roster.target = known.target;
    roster.place = PlaceOf(situation, *declared, *known.target);
    if (roster.place && !situation.Covers(*roster.place)) continue;
    roster.schemes = SchemesOf(situation, *known.target);
    for (const std::string& member : declared->roster_declared().member_party_ids()) {
      roster.members.push_back({member, 0});
    }
    rosters.push_back(std::move(roster));
  }
  std::sort(rosters.begin(), rosters.end(),
            [](const Roster& a, const Roster& b) { return a.declared->position() < b.declared->position(); });
  CountCredits(situation, &rosters);
  return rosters;
}

}  // namespace sothon::oversight
