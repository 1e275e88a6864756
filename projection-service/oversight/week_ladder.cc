#include "projection-service/oversight/week_ladder.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace sothon::oversight {
namespace {

// The last week of a plan's December may be the first of the next year by its number: 2026-W01 begins on 2025-12-29.
int32_t YearOf(CivilWeek week) { return week.FirstDay().Month().Year(); }

// A village with targets of the year.
struct Candidate {
  CivilDate gone;  // kNever: it exists
  std::optional<LadderRung::Reached> reached;
};

// Of the whole commune, wherever below it the situation is: a duty of the commune is met by any of its villages.
std::vector<Candidate> Look(const Situation& situation, ledger::Ordinal commune, int32_t year) {
  std::vector<Candidate> candidates;
  for (const ledger::Ordinal village : situation.reference_view().LeavesUnder(commune, situation.position())) {
    const std::vector<Product>& products = situation.ProductsOf(village, year);
    if (products.empty()) continue;
    LadderRung::Reached last{village, {INT32_MIN}, 0};
    bool all = true;
    for (const Product& product : products) {
      all = all && product.reached_on.has_value();
      if (!all) break;
      std::tie(last.date, last.position) =
          std::max(std::tuple(last.date, last.position), std::tuple(*product.reached_on, product.reached_position));
    }
    candidates.push_back({situation.GoneOn(village), all ? std::optional(last) : std::nullopt});
  }
  return candidates;
}

bool IsAsked(const Situation& situation, ledger::Ordinal commune, CivilWeek week) {
  return situation.parameters().IsOn("duty.week_ladder", commune, week.FirstDay()) ||
         situation.parameters().IsOn("duty.week_ladder", commune, week.LastDay());
}

}  // namespace

WeekLadder ClimbLadder(const Situation& situation, ledger::Ordinal commune, CivilWeek from, CivilWeek to) {
  WeekLadder ladder;
  std::map<int32_t, std::vector<Candidate>> years;
  for (CivilWeek week = from; week <= to; week = week.Plus(1)) {
    const auto [slot, is_new] = years.try_emplace(YearOf(week));
    if (is_new) slot->second = Look(situation, commune, slot->first);
    LadderRung& rung = ladder.rungs.emplace_back();
    rung.week = week;
    size_t existing = 0;
    size_t before = 0;
    for (const Candidate& village : slot->second) {
      // What was merged away later still counts in the weeks before (plan#13).
      if (village.gone <= week.FirstDay()) continue;
      ++existing;
      if (!village.reached || village.reached->date > week.LastDay()) continue;
      if (village.reached->date < week.FirstDay()) {
        ++before;
      } else {
        rung.reached.push_back(*village.reached);
      }
    }
    std::sort(rung.reached.begin(), rung.reached.end(),
              [](const auto& a, const auto& b) { return std::tie(a.date, a.position) < std::tie(b.date, b.position); });
    rung.reached_so_far = before + rung.reached.size();
    rung.due = before < existing && IsAsked(situation, commune, week);
    rung.empty = rung.due && rung.reached.empty() && week.LastDay() < situation.date();
    ladder.villages = std::max(ladder.villages, existing);
  }
  return ladder;
}

}  // namespace sothon::oversight
