// Figures of some villages and schemes, month by month.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "projection-service/view/excerpt.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

struct MonthFigures {
  ledger::Counters counters;
  int64_t active = 0;  // covered on the month's last day
  // Of the cells of this month and, because `active` rests on them, of all before it.
  Position last_change;

  int64_t developed() const { return counters[ledger::Counter::kFirst] + counters[ledger::Counter::kReturned]; }
  int64_t collected() const { return developed() + counters[ledger::Counter::kRenewed]; }
  bool IsZero() const { return active == 0 && counters.IsZero(); }
};

// Adds the months of one series that lie in `period` to `*months`, one entry for each month of the period.
void AddSeries(absl::Span<const MonthCell> series, MonthRange period, std::vector<MonthFigures>* months);

// The sum over the leaves with these indices, and these schemes.
std::vector<MonthFigures> SumMonths(const Excerpt& excerpt, absl::Span<const size_t> leaves,
                                    absl::Span<const v1::Scheme> schemes, MonthRange period);

// Figures of the span of `months`, which is not empty: sums, and `active` of the last one. `*figures` is new.
void FillFigures(absl::Span<const MonthFigures> months, v1::Figures* figures);

}  // namespace sothon::projection
