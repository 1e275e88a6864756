#include "cli/drive/baseline.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace sothon::cli {
namespace {

struct Month {
  int64_t target = 0;
  int64_t achieved = 0;
};
using Months = std::map<int32_t, Month>;

// The targets of one measure of a product, by month; several of one month are held against the same figure.
Months MonthsOf(const v1::GetProgressResponse& progress, std::string_view place_id, v1::Scheme scheme,
                std::string_view group, v1::Measure measure) {
  Months months;
  for (const v1::ProgressRow& row : progress.rows()) {
    if (row.place_id() != place_id || row.span() != v1::ProgressRow::MONTH) continue;
    if (row.scheme() != scheme || row.scheme_group_id() != group) continue;
    for (const v1::TargetProgress& target : row.targets()) {
      if (target.measure() != measure || target.target() == 0) continue;
      Month& month = months[row.month()];
      month.target += target.target();
      month.achieved = std::max(month.achieved, target.achieved());
    }
  }
  return months;
}

std::optional<v1::DriveOpened::Baseline> BaselineOf(const v1::GetProgressResponse& progress, std::string_view place_id,
                                                    v1::Scheme scheme, std::string_view group) {
  for (const v1::Measure measure : {v1::DEVELOPED, v1::MAINTAINED_OR_DEVELOPED}) {
    const Months months = MonthsOf(progress, place_id, scheme, group, measure);
    if (months.empty()) continue;
    v1::DriveOpened::Baseline baseline;
    baseline.set_scheme(scheme);
    baseline.set_scheme_group_id(std::string(group));
    for (const auto& [number, month] : months) {
      baseline.set_target(baseline.target() + month.target);
      baseline.set_achieved(baseline.achieved() + month.achieved);
    }
    baseline.set_remaining(std::max<int64_t>(0, baseline.target() - baseline.achieved()));
    return baseline;
  }
  return std::nullopt;
}

}  // namespace

std::vector<v1::DriveOpened::Baseline> BaselinesOf(const v1::GetProgressResponse& progress, std::string_view place_id) {
  std::vector<v1::DriveOpened::Baseline> baselines;
  const auto add = [&](v1::Scheme scheme, std::string_view group) {
    if (auto baseline = BaselineOf(progress, place_id, scheme, group)) baselines.push_back(*std::move(baseline));
  };
  add(v1::BHXH_TN, "");
  add(v1::SCHEME_UNSPECIFIED, kSelfPaidGroup);
  return baselines;
}

std::string ProductName(const v1::DriveOpened::Baseline& baseline) {
  return baseline.scheme_group_id().empty() ? v1::Scheme_Name(baseline.scheme()) : baseline.scheme_group_id();
}

}  // namespace sothon::cli
