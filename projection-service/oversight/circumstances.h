// What people's steps are judged against: everything that the log says beside them, up to a position, of all dates.
#pragma once

#include "absl/container/flat_hash_map.h"
#include "projection-service/ledger/names.h"
#include "projection-service/oversight/drives.h"
#include "projection-service/oversight/parameters.h"
#include "projection-service/oversight/roles.h"

namespace sothon::oversight {

// Places that were merged or split away (plan#13), by ordinal: the event that says so, of several the earliest. One
// that others are merged into may name itself among them, and stays.
using GonePlaces = absl::flat_hash_map<uint32_t, const v1::Event*>;
GonePlaces FindGonePlaces(const ledger::KnownFacts& facts, const ledger::Reference& reference);

// Borrows what it is made of. Thread-compatible.
struct Circumstances {
  Circumstances(const ledger::Facts& all, const ledger::Reference& places, const ledger::Names& known_names,
                Position as_of, std::optional<CivilDate> date = {})
      : facts(&all, as_of, date),
        reference(places),
        names(known_names),
        parameters(facts, places),
        roles(facts, places),
        drives(facts, places),
        gone(FindGonePlaces(facts, places)) {}

  // Merged or split away by this event; nullptr: it exists.
  const v1::Event* GoneBy(ledger::Ordinal place) const {
    const auto found = gone.find(place.value);
    return found == gone.end() ? nullptr : found->second;
  }

  ledger::KnownFacts facts;
  const ledger::Reference& reference;
  const ledger::Names& names;
  Parameters parameters;
  Roles roles;
  Drives drives;
  GonePlaces gone;
};

// How many of the facts up to `as_of` may change what is said of people: as long as it is the same, so is that.
size_t CountOfDecisiveFacts(const ledger::Facts& facts, Position as_of);

}  // namespace sothon::oversight
