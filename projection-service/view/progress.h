// GetProgress: figures and targets of a place and those below it, by month and by span.
#pragma once

#include "absl/status/statusor.h"
#include "projection-service/view/built_view.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// What an answer reflects.
struct AnswerPosition {
  Applied applied;
  bool of_the_past = false;
};

// Fills in all of `*response` but its freshness.
// Rows: of an office, first its own; then by place, each before what is below it and siblings in order of the source
// document; then by scheme and group; then MONTH rows, CUMULATIVE rows, a QUARTER row for each whole quarter, a YEAR
// row for each whole year, a PERIOD row. `min_position` is not looked at.
absl::StatusOr<AnswerPosition> AnswerProgress(const BuiltView& view, const SchemeGroups& groups,
                                              const v1::GetProgressRequest& request, v1::GetProgressResponse* response);

}  // namespace sothon::projection
