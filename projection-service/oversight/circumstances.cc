#include "projection-service/oversight/circumstances.h"

namespace sothon::oversight {

size_t CountOfDecisiveFacts(const ledger::Facts& facts, Position as_of) {
  static constexpr EventKind kKinds[] = {v1::Event::kPlaceChanged,       v1::Event::kPartyRegistered,
                                         v1::Event::kRoleAssigned,       v1::Event::kRoleEnded,
                                         v1::Event::kParameterSet,       v1::Event::kDriveOpened,
                                         v1::Event::kDriveClosed,        v1::Event::kDriveScheduled,
                                         v1::Event::kAttendanceRecorded, v1::Event::kPortfolioHandedOver};
  size_t count = 0;
  for (const EventKind kind : kKinds) count += facts.Of(kind, as_of).size();
  return count;
}

}  // namespace sothon::oversight
