// ListDecisions: praise, blame, reviews, adjustments and directives, each with its evidence (plan#39, #71, #73 to #77).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic; decisions by date, then position. Those about the place and
// what is below it, and those without a place. A directive is open until a report or another decision names its event
// as causation_id; `answered_position` is the first that does. INVALID_ARGUMENT (BadRequest): a kind that does not
// exist.
absl::Status FillDecisions(const oversight::Situation& situation, const v1::ListDecisionsRequest& request,
                           v1::ListDecisionsResponse* response);

}  // namespace sothon::answers
