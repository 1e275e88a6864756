// What the rows of an answer have in common, whomever they are about: which spans of a period there are, and how a row
// names its unit and span.
#pragma once

#include "absl/functional/function_ref.h"
#include "google/protobuf/repeated_field.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// MONTH rows, CUMULATIVE rows, a QUARTER row for each whole quarter, a YEAR row for each whole year, a PERIOD row; with
// the index of their first and last month in the period.
void ForEachSpan(MonthRange period, absl::FunctionRef<void(v1::ProgressRow::Span, int32_t first, int32_t last)> visit);
// At most so many.
size_t SpansMax(MonthRange period);

void SetUnitAndSpan(const Unit& unit, MonthRange period, v1::ProgressRow::Span span, int32_t first, int32_t last,
                    v1::ProgressRow* row);

// Those of `groups` that are among `units`.
void DescribeGroups(const SchemeGroups& groups, absl::Span<const Unit> units,
                    google::protobuf::RepeatedPtrField<v1::SchemeGroup>* described);

}  // namespace sothon::projection
