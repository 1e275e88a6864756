#include "projection-service/view/cell_table.h"

#include <algorithm>

namespace sothon::projection {
namespace {

constexpr int kMonthBits = 16;

uint64_t SeriesKey(ledger::AccountKey account) { return account.packed() >> kMonthBits; }

template <typename Months>
auto FirstNotBefore(Months& months, CivilMonth month) {
  return std::lower_bound(months.begin(), months.end(), month,
                          [](const MonthCell& cell, CivilMonth wanted) { return cell.month < wanted; });
}

}  // namespace

void CellTable::Set(ledger::AccountKey account, const ledger::Cell& cell) {
  Series& series = series_[SeriesKey(account)];
  auto slot = FirstNotBefore(series.months, account.month());
  if (slot == series.months.end() || slot->month != account.month()) {
    slot = series.months.insert(slot, MonthCell{account.month(), {}});
    ++size_;
  }
  slot->cell = cell;
  series.last_change = std::max(series.last_change, cell.last_change);
}

const ledger::Cell* CellTable::Find(ledger::AccountKey account) const {
  const auto series = series_.find(SeriesKey(account));
  if (series == series_.end()) return nullptr;
  const auto slot = FirstNotBefore(series->second.months, account.month());
  return slot == series->second.months.end() || slot->month != account.month() ? nullptr : &slot->cell;
}

const Series* CellTable::FindSeries(ledger::Dimension dimension, ledger::Ordinal ordinal, v1::Scheme scheme) const {
  const ledger::AccountKey key(dimension, ordinal, scheme, CivilMonth{0});
  const auto series = series_.find(SeriesKey(key));
  return series == series_.end() ? nullptr : &series->second;
}

void CellTable::ForEach(absl::FunctionRef<void(ledger::AccountKey, const ledger::Cell&)> visit) const {
  for (const auto& [key, series] : series_) {
    for (const MonthCell& at : series.months) {
      visit(ledger::AccountKey(key << kMonthBits | static_cast<uint16_t>(at.month.value)), at.cell);
    }
  }
}

}  // namespace sothon::projection
