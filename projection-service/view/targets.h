// Targets held against figures (docs/counting.md): which targets hold for a place, month by month, and how far it got.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/reference_view.h"
#include "projection-service/view/month_figures.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// Distinct ones. There is seldom more than one.
using Readings = absl::InlinedVector<std::string_view, 2>;

// One measure of one document for one place, month by month. Targets of several documents stand side by side (plan#79).
struct TargetLine {
  v1::Measure measure = v1::MEASURE_UNSPECIFIED;
  std::string document_id;  // of the targets first set; their revisions stand in the same line
  // Summed over the villages below, not set for the place itself.
  bool summed = false;
  struct Month {
    std::optional<int64_t> value;
    // By those for whom the value was set: of a sum, the villages with a target in this very month, no others.
    int64_t achieved = 0;
    bool is_known = true;  // achieved is; a rate without a declared denominator is unknown, not 0 (plan#19)
    const ledger::Target* target = nullptr;  // nullptr for sums
    Readings readings;                       // not empty ones; of the reference
  };
  std::vector<Month> months;  // one for each month of the period
};

// What is asked for: the same for every place of an answer.
struct TargetScope {
  const ledger::ReferenceView* reference = nullptr;
  MonthRange period;
  Position as_of;
  const ledger::Facts* facts = nullptr;  // where denominators are declared; nullptr: none are
};

// How many people live in a place, as declared: the newest DenominatorDeclared of "population" for exactly that place
// of a day up to `day`; of those of one day the later in the log. nullopt: unknown (plan#19).
std::optional<int64_t> PopulationOf(const TargetScope& scope, ledger::Ordinal place, CivilDate day);

// Whether any target of `unit` holds in the period for `place`, or for a village at or below it.
bool HasTargets(const TargetScope& scope, const Unit& unit, ledger::Ordinal place);

// The figures of one village, month by month; valid until it is asked again.
using FiguresOfLeaf = absl::FunctionRef<absl::Span<const MonthFigures>(ledger::Ordinal leaf)>;

// The lines of a village or residential group. Its own target for a month goes before one for every village of a place
// above it, a nearer place before a farther one, a later target before an earlier one; they never add up.
// Of any other place: what is set for itself, held against `figures`, which are those of all villages below it; then
// the sums over those villages that have a target, of what each of them was given and achieved.
std::vector<TargetLine> LinesOf(const TargetScope& scope, const Unit& unit, ledger::Ordinal place,
                                absl::Span<const MonthFigures> figures, FiguresOfLeaf figures_of_leaf);

// The sums over `leaves` alone, as of any other place.
std::vector<TargetLine> SumsOver(const TargetScope& scope, const Unit& unit, absl::Span<const ledger::Ordinal> leaves,
                                 FiguresOfLeaf figures_of_leaf);

// Adds to `*row` what a line says of the months from index `first` to `last` of the period, when it has a target there.
// Achieved counts the months that have a target, no others; so a target for three months is not met by a year. A stock
// (ACTIVE) is that of the last such month, target and achieved.
// A coverage rate is people covered over the declared population, in parts per ten thousand, rounded down. What cannot
// be computed from what is known (no denominator, a number for each of a roster) has neither achieved, remaining nor
// attainment.
void Hold(const TargetLine& line, size_t first, size_t last, v1::ProgressRow* row);

// Whether what several villages or months achieved adds up: not so for rates and numbers for each person (plan#19,
// #22).
bool AddsUp(v1::Measure measure);

}  // namespace sothon::projection
