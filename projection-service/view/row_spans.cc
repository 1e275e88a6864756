#include "projection-service/view/row_spans.h"

#include <algorithm>

namespace sothon::projection {
namespace {

constexpr int32_t kMonthsOfQuarter = 3;
constexpr int32_t kMonthsOfYear = 12;

}  // namespace

void ForEachSpan(MonthRange period, absl::FunctionRef<void(v1::ProgressRow::Span, int32_t first, int32_t last)> visit) {
  const int32_t months = period.Size();
  for (int32_t i = 0; i < months; ++i) visit(v1::ProgressRow::MONTH, i, i);
  for (int32_t i = 0; i < months; ++i) visit(v1::ProgressRow::CUMULATIVE, 0, i);
  // Each stretch, as the calendar has them, that lies in the period whole.
  const auto visit_whole = [&](v1::ProgressRow::Span span, int32_t size) {
    for (int32_t i = 0; i + size <= months; ++i) {
      if (period.first.Plus(i).value % size == 0) visit(span, i, i + size - 1);
    }
  };
  visit_whole(v1::ProgressRow::QUARTER, kMonthsOfQuarter);
  visit_whole(v1::ProgressRow::YEAR, kMonthsOfYear);
  visit(v1::ProgressRow::PERIOD, 0, months - 1);
}

size_t SpansMax(MonthRange period) {
  const int32_t months = period.Size();
  return static_cast<size_t>(2 * months + months / kMonthsOfQuarter + months / kMonthsOfYear + 1);
}

void SetUnitAndSpan(const Unit& unit, MonthRange period, v1::ProgressRow::Span span, int32_t first, int32_t last,
                    v1::ProgressRow* row) {
  if (unit.group_id.empty()) {
    row->set_scheme(unit.scheme);
  } else {
    row->set_scheme_group_id(unit.group_id);
  }
  row->set_span(span);
  row->set_from_month(period.first.Plus(first).ToWire());
  row->set_month(period.first.Plus(last).ToWire());
}

void DescribeGroups(const SchemeGroups& groups, absl::Span<const Unit> units,
                    google::protobuf::RepeatedPtrField<v1::SchemeGroup>* described) {
  for (const SchemeGroupDefinition& group : groups) {
    const bool used =
        std::any_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.group_id == group.id; });
    if (!used) continue;
    v1::SchemeGroup* shown = described->Add();
    shown->set_scheme_group_id(group.id);
    shown->set_name(group.name);
    for (const v1::Scheme scheme : group.schemes) shown->add_schemes(scheme);
  }
}

}  // namespace sothon::projection
