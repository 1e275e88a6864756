// ListRenewals: what each collector has to renew next, and what has lapsed (plan#54, #56, #76).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

inline constexpr uint32_t kRenewalItemsMax = 50'000;

// Fills in everything but freshness and contains_synthetic.
//
// A cover is due when the newest step on the date covers until a day of [date, date + days], and lapsed when it covered
// until a day of [date - lapsed_days, date - 1]. Cards that the State pays are nobody's to renew and left out.
// People belong to the village where they live, also to one that was merged away: nobody is lost by that.
//
// Responsible is whom the newest handover on or before the date names for them (by name, or with everybody of the
// place), as long as their agency may collect; otherwise the resident collector of the village on the date; otherwise
// nobody. Counts are of 30 and 60 days whatever `within_days` says; items are those within it, and of one day in order
// of village, date and position of the step.
// INVALID_ARGUMENT (BadRequest): within_days, lapsed_days, limit (at most 50,000), schemes[i].
absl::Status FillRenewals(const oversight::Situation& situation, const v1::ListRenewalsRequest& request,
                          v1::ListRenewalsResponse* response);

}  // namespace sothon::answers
