#include "projection-service/view/progress.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/month_figures.h"
#include "projection-service/view/notices.h"
#include "projection-service/view/place_info.h"
#include "projection-service/view/targets.h"

namespace sothon::projection {
namespace {

using ledger::Ordinal;

constexpr int32_t kMonthsOfQuarter = 3;
constexpr int32_t kMonthsOfYear = 12;
constexpr int kUnitsMax = 64;
constexpr size_t kRowsMax = 200'000;

// What the request asks for; empty: whatever there is.
absl::StatusOr<std::vector<Unit>> UnitsAsked(const v1::GetProgressRequest& request, const SchemeGroups& groups) {
  std::vector<Unit> units;
  if (request.schemes_size() + request.scheme_group_ids_size() > kUnitsMax) {
    return BadRequest({{"schemes", StrCat("more than ", kUnitsMax, " schemes and groups; name each once")}});
  }
  for (int i = 0; i < request.schemes_size(); ++i) {
    SOTHON_ASSIGN_OR_RETURN(Unit unit, ParseScheme(request.schemes(i), StrCat("schemes[", i, "]")));
    units.push_back(std::move(unit));
  }
  for (int i = 0; i < request.scheme_group_ids_size(); ++i) {
    const std::string field = StrCat("scheme_group_ids[", i, "]");
    SOTHON_ASSIGN_OR_RETURN(Unit unit, ParseGroup(request.scheme_group_ids(i), groups, field));
    units.push_back(std::move(unit));
  }
  return units;
}

// Makes the rows of one answer.
class RowMaker {
 public:
  RowMaker(const Excerpt& excerpt, MonthRange period, v1::GetProgressResponse* response)
      : excerpt_(excerpt),
        period_(period),
        scope_{excerpt.reference.get(), period, excerpt.applied.position},
        response_(response) {
    for (size_t i = 0; i < excerpt.leaves.size(); ++i) index_of_leaf_[excerpt.leaves[i].value] = i;
  }

  bool HasFiguresOrTargets(const Unit& unit) const {
    return std::any_of(unit.schemes.begin(), unit.schemes.end(),
                       [&](v1::Scheme scheme) { return HasFigures(scheme); }) ||
           HasTargets(scope_, unit, *excerpt_.place);
  }

  // At most: months, cumulative months, quarters, years, the period.
  size_t RowsPerUnit() const {
    const int32_t months = period_.Size();
    return static_cast<size_t>(2 * months + months / kMonthsOfQuarter + months / kMonthsOfYear + 1);
  }

  void AddRows(Ordinal place, const Unit& unit) {
    std::vector<size_t> leaves;
    for (const Ordinal leaf : excerpt_.reference->LeavesUnder(place, excerpt_.applied.position)) {
      leaves.push_back(index_of_leaf_.at(leaf.value));
    }
    months_ = SumMonths(excerpt_, leaves, unit.schemes, period_);
    place_ = place;
    unit_ = &unit;
    lines_ = LinesOf(scope_, unit, place, months_, [this](Ordinal leaf) { return MonthsOfLeaf(leaf); });
    for (int32_t i = 0; i < period_.Size(); ++i) AddRow(v1::ProgressRow::MONTH, i, i);
    for (int32_t i = 0; i < period_.Size(); ++i) AddRow(v1::ProgressRow::CUMULATIVE, 0, i);
    AddWhole(v1::ProgressRow::QUARTER, kMonthsOfQuarter);
    AddWhole(v1::ProgressRow::YEAR, kMonthsOfYear);
    AddRow(v1::ProgressRow::PERIOD, 0, period_.Size() - 1);
  }

 private:
  // Of the unit at hand.
  absl::Span<const MonthFigures> MonthsOfLeaf(Ordinal leaf) {
    const size_t index = index_of_leaf_.at(leaf.value);
    months_of_leaf_.assign(static_cast<size_t>(period_.Size()), {});
    for (const v1::Scheme scheme : unit_->schemes) {
      AddSeries(excerpt_.series[index][scheme], period_, &months_of_leaf_);
    }
    return months_of_leaf_;
  }

  // Some village has a figure that is not zero in some month: a cell of the period, or, when there is none, the people
  // who were covered before it began and therefore all through it.
  bool HasFigures(v1::Scheme scheme) const {
    return std::any_of(excerpt_.series.begin(), excerpt_.series.end(), [&](const auto& of_leaf) {
      int64_t active = 0;
      for (const MonthCell& at : of_leaf[scheme]) {
        if (period_.Contains(at.month) && !at.cell.counters.IsZero()) return true;
        active += at.cell.counters[ledger::Counter::kActiveChange];
      }
      return active != 0;
    });
  }

  // A row for each stretch of `size` months, as the calendar has them, that lies in the period whole.
  void AddWhole(v1::ProgressRow::Span span, int32_t size) {
    for (int32_t i = 0; i + size <= period_.Size(); ++i) {
      if (period_.first.Plus(i).value % size == 0) AddRow(span, i, i + size - 1);
    }
  }

  void AddRow(v1::ProgressRow::Span span, int32_t first, int32_t last) {
    const auto begin = static_cast<size_t>(first);
    const auto end = static_cast<size_t>(last);
    v1::ProgressRow* row = response_->add_rows();
    row->set_place_id(excerpt_.reference->reference().place(place_).id);
    if (unit_->group_id.empty()) {
      row->set_scheme(unit_->scheme);
    } else {
      row->set_scheme_group_id(unit_->group_id);
    }
    row->set_span(span);
    row->set_from_month(period_.first.Plus(first).ToWire());
    row->set_month(period_.first.Plus(last).ToWire());
    FillFigures(absl::MakeConstSpan(months_).subspan(begin, end - begin + 1), row->mutable_figures());
    for (const TargetLine& line : lines_) Hold(line, begin, end, row);
    row->set_last_change_position(months_[end].last_change.value);
  }

  const Excerpt& excerpt_;
  const MonthRange period_;
  const TargetScope scope_;
  v1::GetProgressResponse* const response_;
  absl::flat_hash_map<uint32_t, size_t> index_of_leaf_;
  // Of the place and unit at hand.
  std::vector<MonthFigures> months_;
  std::vector<MonthFigures> months_of_leaf_;  // scratch
  std::vector<TargetLine> lines_;
  Ordinal place_;
  const Unit* unit_ = nullptr;
};

}  // namespace

absl::StatusOr<AnswerPosition> AnswerProgress(const BuiltView& view, const SchemeGroups& groups,
                                              const v1::GetProgressRequest& request,
                                              v1::GetProgressResponse* response) {
  if (request.place_id().empty()) {
    return BadRequest({{"place_id", "no place is named; give a province, commune or village, for example 23500"}});
  }
  SOTHON_ASSIGN_OR_RETURN(const MonthRange period, ParsePeriod(request.period()));
  SOTHON_ASSIGN_OR_RETURN(std::vector<Unit> units, UnitsAsked(request, groups));
  const SchemeSet schemes = units.empty() ? AllSchemes() : SchemesOf(units);
  SOTHON_ASSIGN_OR_RETURN(const Excerpt excerpt,
                          TakeExcerpt(view, {request.place_id(), schemes, period.last, request.as_of()}));

  response->set_period(request.period());
  response->set_contains_synthetic(excerpt.contains_synthetic);
  RowMaker rows(excerpt, period, response);
  if (units.empty()) {
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) units.push_back(UnitOf(static_cast<v1::Scheme>(scheme)));
    for (const SchemeGroupDefinition& group : groups) units.push_back(UnitOf(group));
    std::erase_if(units, [&](const Unit& unit) { return !rows.HasFiguresOrTargets(unit); });
  }
  const auto places = excerpt.reference->TreeUnder(*excerpt.place, request.depth(), excerpt.applied.position);
  if (places.size() * units.size() * rows.RowsPerUnit() > kRowsMax) {
    return BadRequest({{"depth", StrCat("the answer would have more than ", kRowsMax, " rows; ask for fewer levels, a ",
                                        "shorter period, or one scheme at a time")}});
  }
  for (const Ordinal place : places) {
    FillPlaceInfo(*excerpt.reference, place, excerpt.applied.position, response->add_places());
    for (const Unit& unit : units) rows.AddRows(place, unit);
  }
  for (const SchemeGroupDefinition& group : groups) {
    const bool used = std::any_of(units.begin(), units.end(), [&](const Unit& u) { return u.group_id == group.id; });
    if (!used) continue;
    v1::SchemeGroup* shown = response->add_scheme_groups();
    shown->set_scheme_group_id(group.id);
    shown->set_name(group.name);
    for (const v1::Scheme scheme : group.schemes) shown->add_schemes(scheme);
  }
  for (std::string& notice : NoticesOf(excerpt, units, period)) response->add_notices(std::move(notice));
  return AnswerPosition{excerpt.applied, excerpt.of_the_past};
}

}  // namespace sothon::projection
