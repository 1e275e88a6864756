// ListRoles: who holds or held which role where (plan#54, #66, #67, #72).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic; roles in order of the log, ended ones too. Roles at the
// place and below it; those without a place where their drive is there, or they have no drive either: they hold
// everywhere. `ended_date` is the first day on which a role is held no more. The village totals are of the villages
// that exist on the date, whatever `roles` the request names. INVALID_ARGUMENT (BadRequest): a role that does not
// exist.
absl::Status FillRoles(const oversight::Situation& situation, const v1::ListRolesRequest& request,
                       v1::ListRolesResponse* response);

}  // namespace sothon::answers
