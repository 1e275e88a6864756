// ListFindings and ListRules: the rules' findings in the words of the wire.
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/findings.pb.h"

namespace sothon::answers {

// Fills in everything but freshness, date and contains_synthetic.
// INVALID_ARGUMENT with google.rpc.BadRequest: a code that no rule has, a limit or a severity out of bounds.
absl::Status FillFindings(const oversight::Situation& situation, const v1::ListFindingsRequest& request,
                          v1::ListFindingsResponse* response);

void FillRules(v1::ListRulesResponse* response);

}  // namespace sothon::answers
