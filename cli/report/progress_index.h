// The rows of a GetProgressResponse by place, unit and month.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/base/civil_time.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// A scheme, or the id of a scheme group.
using ProgressUnit = std::pair<v1::Scheme, std::string>;

// Thread-compatible; the response outlives it. Each of them: nullptr where there is no such row.
class ProgressIndex {
 public:
  ProgressIndex(const v1::GetProgressResponse& response, MonthRange range) : range_(range) {
    for (const v1::ProgressRow& row : response.rows()) {
      const ProgressUnit unit(row.scheme(), row.scheme_group_id());
      const bool is_from_start = row.from_month() == range.first.ToWire();
      if (row.span() == v1::ProgressRow::MONTH) {
        rows_[{row.place_id(), unit, kMonth, row.month()}] = &row;
      } else if (row.span() == v1::ProgressRow::CUMULATIVE && is_from_start) {
        rows_[{row.place_id(), unit, kCumulative, row.month()}] = &row;
      } else if (is_from_start && row.month() == range.last.ToWire()) {
        // A quarter, a year and the whole period may be the same months: any of them will do.
        rows_[{row.place_id(), unit, kWhole, row.month()}] = &row;
      }
    }
  }

  const v1::ProgressRow* Month(const std::string& place_id, const ProgressUnit& unit, CivilMonth month) const {
    return Find({place_id, unit, kMonth, month.ToWire()});
  }
  // From the range's first month to `month`.
  const v1::ProgressRow* Cumulative(const std::string& place_id, const ProgressUnit& unit, CivilMonth month) const {
    const v1::ProgressRow* row = Find({place_id, unit, kCumulative, month.ToWire()});
    return row == nullptr && month == range_.first ? Month(place_id, unit, month) : row;
  }
  // Of the whole range.
  const v1::ProgressRow* Whole(const std::string& place_id, const ProgressUnit& unit) const {
    const v1::ProgressRow* row = Find({place_id, unit, kWhole, range_.last.ToWire()});
    return row == nullptr ? Cumulative(place_id, unit, range_.last) : row;
  }

 private:
  enum Span { kMonth, kCumulative, kWhole };
  using Key = std::tuple<std::string, ProgressUnit, Span, int32_t>;
  const v1::ProgressRow* Find(const Key& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second;
  }

  const MonthRange range_;
  std::map<Key, const v1::ProgressRow*> rows_;
};

// The row's target of a measure; a sum over the villages goes before a number set for the place itself. nullptr: none.
inline const v1::TargetProgress* TargetOf(const v1::ProgressRow* row, v1::Measure measure) {
  const v1::TargetProgress* found = nullptr;
  for (int i = 0; row != nullptr && i < row->targets_size(); ++i) {
    const v1::TargetProgress& target = row->targets(i);
    if (target.measure() == measure && (found == nullptr || target.summed())) found = &target;
  }
  return found;
}

// What counts for a measure; nullopt for rates and for minima of persons.
inline std::optional<int64_t> AchievedOf(const v1::Figures& figures, v1::Measure measure) {
  if (measure == v1::DEVELOPED) return figures.first() + figures.returned();
  if (measure == v1::MAINTAINED_OR_DEVELOPED) return figures.collected();
  if (measure == v1::ACTIVE) return figures.active();
  return std::nullopt;
}

}  // namespace sothon::cli
