// The rates of plan#59 as they were in force for what was collected.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "projection-service/oversight/circumstances.h"

namespace sothon::rules {

inline constexpr char kBaseSalary[] = "rate.base_salary";
inline constexpr char kBhxhRate[] = "rate.bhxh_tn";
inline constexpr char kBhytRate[] = "rate.bhyt";
inline constexpr char kIncomeFloor[] = "rate.income_floor";
inline constexpr char kSupportMax[] = "rate.support_max";
inline constexpr int64_t kPerMille = 1000;
inline constexpr int64_t kPercent = 100;

// In force where and when `step` was collected; nullopt: unset.
inline std::optional<int64_t> RateOf(std::string_view name, const oversight::Circumstances& known,
                                     const oversight::Step& step) {
  return known.parameters.At(name, step.place, step.date);
}

// The same, and whatever was in force on the first or last day of a month that it pays for: distinct, ascending. More
// costly than RateOf, so for what that does not explain.
std::vector<int64_t> RatesWithin(std::string_view name, const oversight::Circumstances& known,
                                 const oversight::Step& step);

// Whether `months` amounts, each one of `amounts`, in any mix, make `sum`, give or take `slack`.
bool MixMakes(absl::Span<const int64_t> amounts, int32_t months, int64_t sum, int64_t slack);

// Of a person's step, as of oversight::Trace: the setting of `name` that it is judged by, and the step.
std::array<uint64_t, 3> ProofOf(std::string_view name, const oversight::Circumstances& known,
                                const oversight::Step& step);

}  // namespace sothon::rules
