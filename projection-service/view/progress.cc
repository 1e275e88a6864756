#include "projection-service/view/progress.h"

#include <algorithm>
#include <numeric>

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
        scope_{excerpt.reference.get(), period, excerpt.applied.position, excerpt.facts.get()},
        response_(response) {
    for (size_t i = 0; i < excerpt.leaves.size(); ++i) index_of_leaf_[excerpt.leaves[i].value] = i;
  }

  bool HasFiguresOrTargets(const Unit& unit) const {
    return std::any_of(unit.schemes.begin(), unit.schemes.end(),
                       [&](v1::Scheme scheme) { return HasFigures(scheme); }) ||
           std::any_of(excerpt_.places.begin(), excerpt_.places.end(),
                       [&](Ordinal place) { return HasTargets(scope_, unit, place); });
  }

  void AddRows(Ordinal place, const Unit& unit) {
    std::vector<size_t> leaves;
    for (const Ordinal leaf : excerpt_.reference->LeavesUnder(place, excerpt_.applied.position)) {
      leaves.push_back(index_of_leaf_.at(leaf.value));
    }
    months_ = SumMonths(excerpt_, leaves, unit.schemes, period_);
    unit_ = &unit;
    lines_ = LinesOf(scope_, unit, place, months_, [this](Ordinal leaf) { return MonthsOfLeaf(leaf); });
    AddRowOfEachSpan(excerpt_.reference->reference().place(place).id, "");
  }

  // The sum over all villages of the excerpt.
  void AddOfficeRows(const std::string& office, const Unit& unit) {
    std::vector<size_t> leaves(excerpt_.leaves.size());
    std::iota(leaves.begin(), leaves.end(), size_t{0});
    months_ = SumMonths(excerpt_, leaves, unit.schemes, period_);
    unit_ = &unit;
    lines_ = SumsOver(scope_, unit, excerpt_.leaves, [this](Ordinal leaf) { return MonthsOfLeaf(leaf); });
    AddRowOfEachSpan("", office);
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

  void AddRowOfEachSpan(const std::string& place_id, const std::string& party_id) {
    ForEachSpan(period_, [&](v1::ProgressRow::Span span, int32_t first, int32_t last) {
      v1::ProgressRow* row = response_->add_rows();
      row->set_place_id(place_id);
      row->set_party_id(party_id);
      FillRow(span, first, last, row);
    });
  }

  void FillRow(v1::ProgressRow::Span span, int32_t first, int32_t last, v1::ProgressRow* row) {
    const auto begin = static_cast<size_t>(first);
    const auto end = static_cast<size_t>(last);
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
  // Of the place or office and the unit at hand.
  std::vector<MonthFigures> months_;
  std::vector<MonthFigures> months_of_leaf_;  // scratch
  std::vector<TargetLine> lines_;
  const Unit* unit_ = nullptr;
};

// The places that have rows, each before what is below it. The depth of an office's places is 1.
std::vector<Ordinal> PlacesShown(const Excerpt& excerpt, bool of_office, uint32_t depth) {
  std::vector<Ordinal> shown;
  if (of_office && depth == 0) return shown;
  for (const Ordinal place : excerpt.places) {
    const std::vector<Ordinal> tree =
        excerpt.reference->TreeUnder(place, of_office ? depth - 1 : depth, excerpt.applied.position);
    shown.insert(shown.end(), tree.begin(), tree.end());
  }
  return shown;
}

absl::Status CheckWho(const v1::GetProgressRequest& request) {
  if (request.place_id().empty() != request.office_party_id().empty()) return absl::OkStatus();
  return BadRequest({{"place_id", request.place_id().empty()
                                      ? "no place is named; give a province, commune or village, for example 23500, or "
                                        "an office in office_party_id"
                                      : "both a place and an office are named; give one of place_id and "
                                        "office_party_id"}});
}

}  // namespace

absl::StatusOr<AnswerPosition> AnswerProgress(const BuiltView& view, const SchemeGroups& groups,
                                              const v1::GetProgressRequest& request,
                                              v1::GetProgressResponse* response) {
  SOTHON_RETURN_IF_ERROR(CheckWho(request));
  SOTHON_ASSIGN_OR_RETURN(const MonthRange period, ParsePeriod(request.period()));
  SOTHON_ASSIGN_OR_RETURN(std::vector<Unit> units, UnitsAsked(request.schemes(), request.scheme_group_ids(), groups));
  const SchemeSet schemes = units.empty() ? AllSchemes() : SchemesOf(units);
  SOTHON_ASSIGN_OR_RETURN(const AsOfAsked asked,
                          ResolveAsOf(view, request.place_id(), request.period(), request.as_of()));
  SOTHON_ASSIGN_OR_RETURN(const Excerpt excerpt, TakeExcerpt(view, {request.place_id(), schemes, period.last,
                                                                    asked.as_of, request.office_party_id()}));
  if (asked.publication) {
    SOTHON_RETURN_IF_ERROR(
        Describe(view, request.place_id(), request.period(), *asked.publication, response->mutable_publication()));
  }

  response->set_period(request.period());
  response->set_contains_synthetic(excerpt.contains_synthetic);
  RowMaker rows(excerpt, period, response);
  if (units.empty()) {
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) units.push_back(UnitOf(static_cast<v1::Scheme>(scheme)));
    for (const SchemeGroupDefinition& group : groups) units.push_back(UnitOf(group));
    std::erase_if(units, [&](const Unit& unit) { return !rows.HasFiguresOrTargets(unit); });
  }
  const bool of_office = !request.office_party_id().empty();
  const std::vector<Ordinal> places = PlacesShown(excerpt, of_office, request.depth());
  if ((places.size() + of_office) * units.size() * SpansMax(period) > kRowsMax) {
    return BadRequest({{"depth", StrCat("the answer would have more than ", kRowsMax, " rows; ask for fewer levels, a ",
                                        "shorter period, or one scheme at a time")}});
  }
  for (const Unit& unit : units) {
    if (of_office) rows.AddOfficeRows(request.office_party_id(), unit);
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
