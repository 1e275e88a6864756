// The rules of the kinds that come by the thousand: openings, contributions, reversals, moves. Written out field by
// field, because they are the hot path.
#pragma once

#include <string>
#include <string_view>

#include "ingest-service/intake/checks.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ingest {

void CheckOpening(v1::Event* event, const CheckContext& context);
void CheckContribution(v1::Event* event, const CheckContext& context);
void CheckReversal(v1::Event* event, const CheckContext& context);
void CheckMove(v1::Event* event, const CheckContext& context);

// What to look for in a receipt number that is not found: what it holds that cannot be seen. Empty: nothing.
std::string HiddenCharacterHint(std::string_view number);

}  // namespace sothon::ingest
