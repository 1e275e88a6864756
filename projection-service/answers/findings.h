// ListFindings and ListRules: the rules' findings in the words of the wire.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/findings.pb.h"

namespace sothon::answers {

// The answer in two parts: `findings` are the response's findings as they stand on the wire, and everything else is
// filled into `rest`, but for freshness, date and contains_synthetic. The wire form of one after that of the other is
// that of the whole response. They are a thousand sentences, the same for everybody who asks, so they are written once.
// INVALID_ARGUMENT with google.rpc.BadRequest: a code that no rule has, a limit or a severity out of bounds.
absl::Status EncodeFindings(const oversight::Situation& situation, const v1::ListFindingsRequest& request,
                            v1::ListFindingsResponse* rest, std::string* findings);

void FillRules(v1::ListRulesResponse* response);

}  // namespace sothon::answers
