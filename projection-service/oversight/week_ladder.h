// The week ladder: which village reached its targets in which week (plan#31, #32). Pure.
#pragma once

#include <vector>

#include "projection-service/oversight/situation.h"

namespace sothon::oversight {

struct LadderRung {
  CivilWeek week;
  struct Reached {
    ledger::Ordinal village;
    CivilDate date;
    uint64_t position = 0;  // of the receipt that completed the last product
  };
  std::vector<Reached> reached;  // in this week, by date, then position
  size_t reached_so_far = 0;     // with those of this week
  // The duty holds in this week, and not every village had reached its targets before.
  bool due = false;
  // Due, over by the date, and nobody reached theirs in it.
  bool empty = false;
};

struct WeekLadder {
  std::vector<LadderRung> rungs;  // one for each week
  size_t villages = 0;            // that have targets
};

// Of the villages of one commune that the situation covers. The year of a week's targets is that of its Monday; the
// duty is `duty.week_ladder` on any day of the week, so it begins with the week in which it takes effect (plan#32).
WeekLadder ClimbLadder(const Situation& situation, ledger::Ordinal commune, CivilWeek from, CivilWeek to);

}  // namespace sothon::oversight
