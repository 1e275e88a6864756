// GetUncovered: who lacks what (plan#20 to #23, #61 to #64).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic. Rosters in order of the log; schools as SchoolsOf.
//
// Groups: by name, then village in order of the source document. Somebody belongs to a group where the newest
// classification into it on the date, by its date and then position, has not run out; in the village where they were
// classified, or moved to since. Covered: by a card of any form that covers the date, wherever it was bought.
absl::Status FillUncovered(const oversight::Situation& situation, const v1::GetUncoveredRequest& request,
                           v1::GetUncoveredResponse* response);

}  // namespace sothon::answers
