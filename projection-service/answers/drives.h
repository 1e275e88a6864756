// ListDrives: every drive with its steps, who came, what it found and what it left (plan#27, #36, #37, #42 to #53).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic. Drives at the place and below it, by first day (those that
// have none, being neither opened nor scheduled, last), then id.
//
// Dates are those of the schedule; of a drive that was never scheduled, of its opening and close. Reports: one step for
// each recipient of each report on the drive; REPORTED are drives of which, since the close, a report went to a social
// insurance office and one to a people's committee, and a notice was given. Attendance: by agency; absent are agencies
// whose contract in the village or its commune was held on the first day, once it has come. `surveyed_non_participants`
// is what the newest commitment says that says anything. `result`: DEVELOPED collections up to the date that name the
// drive, made in the villages of its place; a neighbour's does not fill this village's target. `baseline_holds`: see
// BaselineHolds. NOT_FOUND: the place has no drive of that id.
absl::Status FillDrives(const oversight::Situation& situation, const v1::ListDrivesRequest& request,
                        v1::ListDrivesResponse* response, const ledger::CountingRules& rules = ledger::CountingRules());

}  // namespace sothon::answers
