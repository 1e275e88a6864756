// The parameters by which the plans are judged: the names that a ParameterSet may set, and what holds where none is
// set. docs/parameters.md is the same table for people; a test compares the two.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"

namespace sothon {

struct ParameterDefinition {
  std::string_view name;  // "deadline.weekly_report"
  // "days", "people", "decisions", "VND", "percent", "per mille", "months", "month" (of a year, 1 to 12), "yes or no"
  std::string_view unit;
  // Where none is set. nullopt: then there is no such thing, as a deadline that was never given (plan#41).
  std::optional<int64_t> preset;
  int64_t min = 0;
  int64_t max = 0;
  std::string_view plan;     // "plan#35"
  std::string_view meaning;  // one sentence
};

// In order of name.
absl::Span<const ParameterDefinition> AllParameters();
// nullptr: there is none of that name.
const ParameterDefinition* FindParameter(std::string_view name);

}  // namespace sothon
