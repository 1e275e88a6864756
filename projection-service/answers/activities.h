// CountActivities: what was done among the people, month by month, by kind and body (plan#34, #48, #49, #64, #68, #70,
// #78).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic; counts by month, kind, party, of activities at the place
// and below it. `villages` counts those at which an activity was recorded: what was done for a whole commune names
// none. INVALID_ARGUMENT (BadRequest): a period that is none.
absl::Status FillActivities(const oversight::Situation& situation, const v1::CountActivitiesRequest& request,
                            v1::CountActivitiesResponse* response);

}  // namespace sothon::answers
