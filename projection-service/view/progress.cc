#include "projection-service/view/progress.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/month_figures.h"
#include "projection-service/view/notices.h"
#include "projection-service/view/place_info.h"
#include "projection-service/view/publications.h"
#include "projection-service/view/row_spans.h"
#include "projection-service/view/targets.h"

namespace sothon::projection {
namespace {

using ledger::Ordinal;

constexpr size_t kRowsMax = 200'000;

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

  void AddRows(Ordinal place, const Unit& unit) {
    std::vector<size_t> leaves;
    for (const Ordinal leaf : excerpt_.reference->LeavesUnder(place, excerpt_.applied.position)) {
      leaves.push_back(index_of_leaf_.at(leaf.value));
    }
    months_ = SumMonths(excerpt_, leaves, unit.schemes, period_);
    place_ = place;
    unit_ = &unit;
    lines_ = LinesOf(scope_, unit, place, months_, [this](Ordinal leaf) { return MonthsOfLeaf(leaf); });
    ForEachSpan(period_,
                [this](v1::ProgressRow::Span span, int32_t first, int32_t last) { AddRow(span, first, last); });
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

  void AddRow(v1::ProgressRow::Span span, int32_t first, int32_t last) {
    const auto begin = static_cast<size_t>(first);
    const auto end = static_cast<size_t>(last);
    v1::ProgressRow* row = response_->add_rows();
    row->set_place_id(excerpt_.reference->reference().place(place_).id);
    SetUnitAndSpan(*unit_, period_, span, first, last, row);
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
  SOTHON_ASSIGN_OR_RETURN(std::vector<Unit> units, UnitsAsked(request.schemes(), request.scheme_group_ids(), groups));
  const SchemeSet schemes = units.empty() ? AllSchemes() : SchemesOf(units);
  SOTHON_ASSIGN_OR_RETURN(const AsOfAsked asked,
                          ResolveAsOf(view, request.place_id(), request.period(), request.as_of()));
  SOTHON_ASSIGN_OR_RETURN(const Excerpt excerpt,
                          TakeExcerpt(view, {request.place_id(), schemes, period.last, asked.as_of}));
  if (asked.publication) {
    SOTHON_RETURN_IF_ERROR(Describe(view, request.place_id(), request.period(), *asked.publication,
                                    response->mutable_publication()));
  }

  response->set_period(request.period());
  response->set_contains_synthetic(excerpt.contains_synthetic);
  RowMaker rows(excerpt, period, response);
  if (units.empty()) {
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) units.push_back(UnitOf(static_cast<v1::Scheme>(scheme)));
    for (const SchemeGroupDefinition& group : groups) units.push_back(UnitOf(group));
    std::erase_if(units, [&](const Unit& unit) { return !rows.HasFiguresOrTargets(unit); });
  }
  const auto places = excerpt.reference->TreeUnder(*excerpt.place, request.depth(), excerpt.applied.position);
  if (places.size() * units.size() * SpansMax(period) > kRowsMax) {
    return BadRequest({{"depth", StrCat("the answer would have more than ", kRowsMax, " rows; ask for fewer levels, a ",
                                        "shorter period, or one scheme at a time")}});
  }
  for (const Ordinal place : places) {
    FillPlaceInfo(*excerpt.reference, place, excerpt.applied.position, response->add_places());
    for (const Unit& unit : units) rows.AddRows(place, unit);
  }
  DescribeGroups(groups, units, response->mutable_scheme_groups());
  for (std::string& notice : NoticesOf(excerpt, units, period)) response->add_notices(std::move(notice));
  return AnswerPosition{excerpt.applied, excerpt.of_the_past};
}

}  // namespace sothon::projection
