// Months that a question names, and what belongs to the place that it asks about.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/civil_time.h"
#include "projection-service/oversight/situation.h"

namespace sothon::answers {

inline constexpr int32_t kPeriodMonthsMax = 120;

// "2025-10", "2025Q4", "2025" or "2025-10..2025-12"; otherwise, or of more than 120 months, INVALID_ARGUMENT
// (BadRequest, field "period").
absl::StatusOr<MonthRange> ParsePeriod(const std::string& period);

// Whether what is said of `place_id` is said of the place asked about: it is the place, below it, or above it (a
// commune's plan is its villages' plan too). False for a place that is not registered.
bool Concerns(const oversight::Situation& situation, std::string_view place_id);

}  // namespace sothon::answers
