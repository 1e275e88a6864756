// plan#76: nobody is left without a collector.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::kNever;
using oversight::Role;
using oversight::Situation;

constexpr char kDuty[] = "duty.resident_collector";

bool IsCollectedInVillages(uint8_t scheme) {
  return scheme == v1::BHXH_TN || scheme == v1::BHYT_HGD || scheme == v1::BHYT_HSSV || scheme == v1::BHYT_NLNN;
}

struct Covered {
  uint64_t people = 0;
  CivilDate since = kNever;  // the first of them began
};

// People who live in `village` and are covered on the date by something that a collector collects.
Covered CoveredIn(const Situation& situation, ledger::Ordinal village) {
  const oversight::VillageRegister& people = situation.RegisterOf(village);
  struct State {
    uint8_t lives = 0;  // by scheme, a bit each: 1 << scheme
    uint8_t covered = 0;
    bool Counts() const { return (lives & covered) != 0; }
  };
  static_assert(v1::BHYT_NLNN < 8);
  std::vector<State> states(people.people.size());
  for (auto cover = people.CoversUntil(situation.date()); cover != people.covers.end(); ++cover) {
    if (!cover->IsHereOn(situation.date()) || !IsCollectedInVillages(cover->scheme)) continue;
    State& state = states[cover->person];
    const auto bit = static_cast<uint8_t>(1u << cover->scheme);
    if (cover->StandsOn(situation.date())) state.lives |= bit;
    if (cover->Covers(situation.date())) state.covered |= bit;
  }
  Covered covered;
  covered.people = static_cast<uint64_t>(
      std::count_if(states.begin(), states.end(), [](const State& state) { return state.Counts(); }));
  if (covered.people == 0) return covered;
  for (const oversight::Cover& cover : people.covers) {
    if (!cover.IsHereOn(situation.date()) || !IsCollectedInVillages(cover.scheme) || !states[cover.person].Counts())
      continue;
    covered.since = std::min(covered.since, std::max({cover.since, cover.first, cover.here_since}));
  }
  return covered;
}

// What ended a role, or says when it ends.
uint64_t EndOf(const Role& role) { return role.ended != nullptr ? role.ended->position() : role.assigned->position(); }

struct Loss {
  CivilDate last_day;  // on which the village had a collector
  uint64_t position = 0;
};

// The newest of the days on which the village had a resident collector; nullopt: it never had one.
std::optional<Loss> LossOf(const Situation& situation, ledger::Ordinal village) {
  std::optional<Loss> newest;
  const auto lose = [&](CivilDate last_day, uint64_t position) {
    if (!newest || newest->last_day < last_day) newest = Loss{last_day, position};
  };
  for (const Role* role : situation.roles().At(v1::RESIDENT_COLLECTOR, village)) {
    if (role->from > situation.date()) continue;
    Loss loss{role->until, EndOf(*role)};
    if (const ledger::Party* collector = situation.reference().FindParty(role->role().party_id())) {
      // Of the agency's contracts the one that ran longest.
      const Role* longest = nullptr;
      for (const Role* contract : situation.roles().Of(v1::CONTRACTED_AGENCY, collector->parent_id)) {
        if (longest == nullptr || longest->until < contract->until) longest = contract;
      }
      if (longest != nullptr && longest->until < loss.last_day) loss = {longest->until, EndOf(*longest)};
    }
    if (loss.last_day < situation.date()) lose(loss.last_day, loss.position);
  }
  return newest;
}

class CollectorMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "collector_missing",
            .severity = v1::VIOLATION,
            .plan_items = {76, 54},
            .title_vi = "Người tham gia không có nhân viên thu",
            .title_en = "Participants without a collector",
            .reading =
                "Villages with people covered by BHXH_TN, household, pupils' or farm households' insurance, and "
                "without a resident collector whose agency may collect.",
            .parameters = {kDuty}};
  }

  void Judge(Case* hearing) const override {
    const Situation& situation = hearing->situation();
    for (const ledger::Ordinal village : situation.villages()) {
      if (!situation.parameters().IsOn(kDuty, village, hearing->date())) continue;
      if (situation.roles().ResidentCollector(village, hearing->date()) != nullptr) continue;
      const v1::Event* duty = situation.parameters().SetBy(kDuty, village, hearing->date());
      const Covered covered = CoveredIn(situation, village);
      if (duty == nullptr || covered.people == 0) continue;
      const std::optional<Loss> loss = LossOf(situation, village);
      hearing->Report(FindingOf(situation, village, *duty, covered, loss));
    }
  }

 private:
  static Finding FindingOf(const Situation& situation, ledger::Ordinal village, const v1::Event& duty,
                           const Covered& covered, const std::optional<Loss>& loss) {
    Finding finding;
    finding.place = village;
    finding.since = std::max(ledger::DateOf(duty), covered.since);
    finding.count = covered.people;
    finding.positions = {loss ? loss->position : duty.position()};
    if (loss) finding.since = std::max(finding.since, loss->last_day.Plus(1));
    const std::string place = situation.NameOf(village);
    finding.text_vi = StrCat(place, ": ", covered.people, " người đang tham gia không có nhân viên thu thường trực");
    finding.text_en =
        StrCat(place, ": ", covered.people, " ", PeopleEn(covered.people), " covered and no resident collector");
    if (loss) {
      StrAppend(&finding.text_vi, " từ ngày ", DayVi(loss->last_day.Plus(1)));
      StrAppend(&finding.text_en, " since ", loss->last_day.Plus(1).ToString());
    }
    return finding;
  }
};

}  // namespace

SOTHON_RULE(collector_missing, CollectorMissing)

}  // namespace sothon::rules
