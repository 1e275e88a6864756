// ListLateChanges: what a closed period has become since it was published.
#pragma once

#include "absl/status/statusor.h"
#include "projection-service/view/built_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

struct LateChangesAnswer {
  Applied applied;
  bool of_the_past = false;
  v1::ListLateChangesResponse response;  // all but its freshness
};

absl::StatusOr<LateChangesAnswer> AnswerLateChanges(const BuiltView& view, const v1::ListLateChangesRequest& request);

}  // namespace sothon::projection
