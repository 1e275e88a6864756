// Targets held against figures (docs/counting.md): which targets hold for a place, month by month, and how far it got.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "projection-service/view/month_figures.h"
#include "projection-service/view/question.h"
#include "projection-service/view/reference_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// One measure of one document for one place, month by month. Targets of several documents stand side by side (plan#79).
struct TargetLine {
  v1::Measure measure = v1::MEASURE_UNSPECIFIED;
  std::string document_id;
  // Summed over the villages below, not set for the place itself.
  bool summed = false;
  std::vector<std::string> readings;  // distinct
  struct Month {
    std::optional<int64_t> value;
    const ledger::Target* target = nullptr;  // nullptr for sums
  };
  std::vector<Month> months;  // one for each month of the period
};

// What is asked for: the same for every place of an answer.
struct TargetScope {
  const ReferenceView* reference = nullptr;
  MonthRange period;
  Position as_of;
};

// Whether any target of `unit` holds in the period for `place`, or for a village at or below it.
bool HasTargets(const TargetScope& scope, const Unit& unit, ledger::Ordinal place);

// The lines of a village or residential group. Its own target for a month goes before one for every village of a place
// above it, a nearer place before a farther one, a later target before an earlier one; they never add up.
// Of any other place: what is set for itself, then the sums over the villages below it.
std::vector<TargetLine> LinesOf(const TargetScope& scope, const Unit& unit, ledger::Ordinal place);

// A line held against the figures of the months from index `first` to `last` of the period; nullopt when it has no
// target there. Achieved counts the months that have a target, no others; so a target for three months is not met by a
// year. A stock (ACTIVE) is that of the last such month, target and achieved.
// A measure that cannot be computed from what is known (no denominator, no roster) has neither achieved, remaining nor
// attainment.
std::optional<v1::TargetProgress> Hold(const TargetLine& line, absl::Span<const MonthFigures> months, size_t first,
                                       size_t last);

// False for measures that need a denominator or a roster (plan#19, #22).
bool IsComputable(v1::Measure measure);

}  // namespace sothon::projection
