// GetWeekLadder: which village reached its targets in which week (plan#31, #32, #35).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

inline constexpr int32_t kLadderWeeksMax = 106;

// Fills in everything but freshness and contains_synthetic. A ladder is one commune's: the place is the commune, one of
// its villages (a ladder of that one), or something above it that has no other commune.
//
// Rows are by week, village and product. `developed`, `collected` and `paid_vnd` are of the whole week, also where it
// reaches into another year; `developed_cumulative` is what counts for the target, by its own measure, so it is
// developed or collected people. Villages that are gone on the date have no rows.
// INVALID_ARGUMENT (BadRequest): from_week, to_week; inquiry.place_id where it has several communes, or none.
absl::Status FillWeekLadder(const oversight::Situation& situation, const v1::GetWeekLadderRequest& request,
                            v1::GetWeekLadderResponse* response);

}  // namespace sothon::answers
