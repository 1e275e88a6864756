// GetPartyProgress: figures of desks, credits and drives.
#pragma once

#include "absl/status/statusor.h"
#include "projection-service/view/built_view.h"
#include "projection-service/view/progress.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// Fills in all of `*response` but its freshness. `min_position` is not looked at.
absl::StatusOr<AnswerPosition> AnswerPartyProgress(const BuiltView& view, const SchemeGroups& groups,
                                                   const v1::GetPartyProgressRequest& request,
                                                   v1::GetPartyProgressResponse* response);

}  // namespace sothon::projection
