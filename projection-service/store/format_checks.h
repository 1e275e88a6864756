// What only those read of the stored formats (formats.h) who check a stored projection. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "projection-service/store/formats.h"

namespace sothon::projection {

// False: no rules, or those of another revision of the counting code.
bool DecodeRules(std::string_view bytes, ledger::CountingRules* rules);

// Calls `visit` with the first position and the time of each run of a block, ascending, until it returns false; `*last`
// becomes the block's last position. False: damaged.
bool VisitTimes(const TimesBlock& block, Position* last, absl::FunctionRef<bool(Position, int64_t)> visit);

}  // namespace sothon::projection
