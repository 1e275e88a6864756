#include "projection-service/oversight/week_ladder.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace sothon::oversight {
namespace {

// The last week of a plan's December may be the first of the next year by its number: 2026-W01 begins on 2025-12-29.
int32_t YearOf(CivilWeek week) { return week.FirstDay().Month().Year(); }

bool IsIn(const Situation& situation, ledger::Ordinal village, ledger::Ordinal commune) {
  return situation.reference().place(village).parent == commune;
}

// Everybody with targets of `year`; those who did not reach them are not in `reached`.
struct YearOfVillages {
  size_t with_targets = 0;
  std::vector<LadderRung::Reached> reached;
};

YearOfVillages Look(const Situation& situation, ledger::Ordinal commune, int32_t year) {
  YearOfVillages villages;
  for (const ledger::Ordinal village : situation.villages()) {
    if (!IsIn(situation, village, commune)) continue;
    const std::vector<Product>& products = situation.ProductsOf(village, year);
    if (products.empty()) continue;
    ++villages.with_targets;
    LadderRung::Reached last{village, {INT32_MIN}, 0};
    bool all = true;
    for (const Product& product : products) {
      all = all && product.reached_on.has_value();
      if (!all) break;
      std::tie(last.date, last.position) =
          std::max(std::tuple(last.date, last.position), std::tuple(*product.reached_on, product.reached_position));
    }
    if (all) villages.reached.push_back(last);
  }
  std::sort(villages.reached.begin(), villages.reached.end(),
            [](const auto& a, const auto& b) { return std::tie(a.date, a.position) < std::tie(b.date, b.position); });
  return villages;
}

bool IsAsked(const Situation& situation, ledger::Ordinal commune, CivilWeek week) {
  return situation.parameters().IsOn("duty.week_ladder", commune, week.FirstDay()) ||
         situation.parameters().IsOn("duty.week_ladder", commune, week.LastDay());
}

}  // namespace

WeekLadder ClimbLadder(const Situation& situation, ledger::Ordinal commune, CivilWeek from, CivilWeek to) {
  WeekLadder ladder;
  std::map<int32_t, YearOfVillages> years;
  for (CivilWeek week = from; week <= to; week = week.Plus(1)) {
    const auto [slot, is_new] = years.try_emplace(YearOf(week));
    if (is_new) slot->second = Look(situation, commune, slot->first);
    const YearOfVillages& villages = slot->second;
    LadderRung& rung = ladder.rungs.emplace_back();
    rung.week = week;
    size_t before = 0;
    for (const LadderRung::Reached& one : villages.reached) {
      if (one.date < week.FirstDay()) {
        ++before;
      } else if (one.date <= week.LastDay()) {
        rung.reached.push_back(one);
      }
    }
    rung.reached_so_far = before + rung.reached.size();
    rung.due = before < villages.with_targets && IsAsked(situation, commune, week);
    rung.empty = rung.due && rung.reached.empty() && week.LastDay() < situation.date();
    ladder.villages = std::max(ladder.villages, villages.with_targets);
  }
  return ladder;
}

}  // namespace sothon::oversight
