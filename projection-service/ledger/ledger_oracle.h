// A slow and obvious second opinion on the counting rules, for tests: it keeps every event and counts each cell anew,
// day by day, from the rules as docs/counting.md states them. Shares no code with the ledger.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "projection-service/ledger/account.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ledger {

// (account, scheme, YYYYMM) -> figures; cells that are all zero may be absent. An account is a village's id, or
// "desk AGENCY COLLECTOR", "drive ID", "credited ID".
struct OracleCell {
  int64_t first = 0, returned = 0, renewed = 0, repeat = 0, active = 0, paid = 0, central = 0, local = 0;
  auto operator<=>(const OracleCell&) const = default;
};
using OracleKey = std::tuple<std::string, v1::Scheme, int32_t>;

// Counts all cells of the months [from_month, to_month] (YYYYMM) that `events` (in order of position) give.
std::map<OracleKey, OracleCell> CountSlowly(const std::vector<v1::Event>& events, int32_t from_month, int32_t to_month,
                                            int grace_days);

}  // namespace sothon::ledger
