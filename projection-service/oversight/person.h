// One person as the rules see them: the steps of each scheme, in counting order, with what each of them is.
//
// Pure, and of no particular date: a step says from when until when it was the newest one, so that a question about any
// date picks the step of that date.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "projection-service/ledger/history.h"

namespace sothon::oversight {

inline constexpr CivilDate kNever{INT32_MAX};

// An opening, or a contribution that stands.
struct Step {
  uint64_t position = 0;
  int64_t paid_vnd = 0;
  uint32_t central_support_vnd = 0;
  uint32_t local_support_vnd = 0;
  CivilDate date;           // effective
  CivilDate until;          // the day before the next step of this scheme took effect; kNever: it is the newest
  CivilDate cover_first;    // the first day paid for
  CivilDate covered_until;  // the last day covered by this and everything before it
  CivilDate next_first;     // the first day that the next step pays for; kNever: there is none
  ledger::Ordinal place;    // where it was collected
  ledger::Named named;
  uint32_t person = 0;    // index into the people of a village's register; 0 until it is in one
  uint32_t sequence = 0;  // the n-th step of this person and scheme, from 1; an opening is one (plan#55)
  uint8_t scheme = 0;     // v1::Scheme
  uint8_t months = 0;     // paid for; 0: an opening
  ledger::Counter what = ledger::Counter::kFirst;  // of a contribution: first, returned, renewed or repeat
  bool outlasted = false;                          // the next step covers longer than this one

  bool IsOpening() const { return months == 0; }
  // First and returned: what DEVELOPED counts.
  bool IsDeveloped() const {
    return !IsOpening() && (what == ledger::Counter::kFirst || what == ledger::Counter::kReturned);
  }
  // Counts a person in its month.
  bool IsCollected() const { return !IsOpening() && what != ledger::Counter::kRepeat; }
  // The last day that it pays for by itself, whatever was paid before. Of an opening: that which it and openings
  // before it tell.
  CivilDate CoverLast() const {
    return IsOpening() ? covered_until : CivilDate::LastOf(cover_first.Month().Plus(months - 1));
  }
  // Whether it is known on `date_asked` and covers that day by itself.
  bool CoversOn(CivilDate date_asked) const {
    return date <= date_asked && cover_first <= date_asked && date_asked <= CoverLast();
  }
  // Whether it is the newest step on `date`.
  bool StandsOn(CivilDate date_asked) const { return date <= date_asked && date_asked <= until; }
};

struct Person {
  SubjectId id;
  absl::Span<const ledger::HistoryEntry> history;  // in counting order
  std::vector<Step> steps;                         // by scheme, then in counting order
  bool moved = false;                              // ever
  // The entry of the history that `step` is.
  const ledger::HistoryEntry& EntryOf(const Step& step) const;
  // Where the person lives on `date`, as far as the scheme of `step` tells; without moves: where `step` was collected.
  ledger::Ordinal HomeOn(const Step& step, CivilDate date) const;
};

Person Examine(const SubjectId& id, absl::Span<const ledger::HistoryEntry> history, const ledger::CountingRules& rules);

}  // namespace sothon::oversight
