#include "projection-service/view/month_figures.h"

#include <algorithm>

namespace sothon::projection {

using ledger::Counter;

void AddSeries(absl::Span<const MonthCell> series, MonthRange period, std::vector<MonthFigures>* months) {
  months->resize(static_cast<size_t>(period.Size()));
  int64_t active = 0;
  Position last_change;
  size_t next = 0;
  for (int32_t i = 0; i < period.Size(); ++i) {
    const CivilMonth month = period.first.Plus(i);
    MonthFigures& figures = (*months)[static_cast<size_t>(i)];
    for (; next < series.size() && series[next].month <= month; ++next) {
      active += series[next].cell.counters[Counter::kActiveChange];
      last_change = std::max(last_change, series[next].cell.last_change);
      if (series[next].month == month) figures.counters += series[next].cell.counters;
    }
    figures.active += active;
    figures.last_change = std::max(figures.last_change, last_change);
  }
}

std::vector<MonthFigures> SumMonths(const Excerpt& excerpt, absl::Span<const size_t> leaves,
                                    absl::Span<const v1::Scheme> schemes, MonthRange period) {
  std::vector<MonthFigures> months(static_cast<size_t>(period.Size()));
  for (const size_t leaf : leaves) {
    for (const v1::Scheme scheme : schemes) AddSeries(excerpt.series[leaf][scheme], period, &months);
  }
  return months;
}

void FillFigures(absl::Span<const MonthFigures> months, v1::Figures* figures) {
  ledger::Counters sum;
  for (const MonthFigures& month : months) sum += month.counters;
  figures->set_first(sum[Counter::kFirst]);
  figures->set_returned(sum[Counter::kReturned]);
  figures->set_renewed(sum[Counter::kRenewed]);
  figures->set_repeat(sum[Counter::kRepeat]);
  figures->set_collected(sum[Counter::kFirst] + sum[Counter::kReturned] + sum[Counter::kRenewed]);
  figures->set_active(months.back().active);
  figures->set_paid_vnd(sum[Counter::kPaidVnd]);
  figures->set_central_support_vnd(sum[Counter::kCentralSupportVnd]);
  figures->set_local_support_vnd(sum[Counter::kLocalSupportVnd]);
}

}  // namespace sothon::projection
