#include "projection-service/oversight/circumstances.h"

#include <algorithm>

namespace sothon::oversight {

GonePlaces FindGonePlaces(const ledger::KnownFacts& facts, const ledger::Reference& reference) {
  GonePlaces gone;
  for (const v1::Event* event : facts.Of(v1::Event::kPlaceChanged)) {
    const v1::PlaceChanged& change = event->place_changed();
    if (change.change() != v1::PlaceChanged::MERGED && change.change() != v1::PlaceChanged::SPLIT) continue;
    const ledger::Place* place = reference.FindPlace(change.place_id());
    const auto& into = change.into_place_ids();
    if (place == nullptr || std::find(into.begin(), into.end(), change.place_id()) != into.end()) continue;
    const v1::Event*& earliest = gone.try_emplace(place->ordinal.value, event).first->second;
    if (ledger::DateOf(*event) < ledger::DateOf(*earliest)) earliest = event;
  }
  return gone;
}

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
