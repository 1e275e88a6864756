// Rosters of people each of whom has to bring in so many (PER_PERSON_MINIMUM, plan#22, #23). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "projection-service/oversight/situation.h"

namespace sothon::oversight {

struct RosterMember {
  std::string_view party_id;
  // Collections credited to the member that bring in somebody new (DEVELOPED) in the target's schemes and months, up to
  // the date; wherever they were made.
  int64_t credited = 0;
};

struct Roster {
  const v1::Event* declared = nullptr;     // the RosterDeclared
  const v1::Event* target_set = nullptr;   // the TargetSet, and
  const ledger::Target* target = nullptr;  // what it says
  std::vector<v1::Scheme> schemes;         // empty: whatever it is
  std::optional<ledger::Ordinal> place;    // the roster's, otherwise the target's; nullopt: of no place
  std::vector<RosterMember> members;       // in order of the roster

  int64_t minimum() const { return target->value; }
  bool IsMetBy(const RosterMember& member) const { return member.credited >= minimum(); }
  // The target's last day: what is short on it is short.
  CivilDate LastDay() const { return CivilDate::LastOf(target->months.last); }
  // The first day on which it is over; not before it was declared and set.
  CivilDate JudgedFrom() const;
};

// Known on the date, at or below the place that the situation is about or of no place, with a target that is known,
// too; in order of the log. Of rosters with the same id the newest holds, of targets their newest revision.
std::vector<Roster> RostersOf(const Situation& situation);

}  // namespace sothon::oversight
