// What people's steps are judged against: everything that the log says beside them, up to a position, of all dates.
#pragma once

#include "projection-service/ledger/names.h"
#include "projection-service/oversight/drives.h"
#include "projection-service/oversight/parameters.h"
#include "projection-service/oversight/roles.h"

namespace sothon::oversight {

// Borrows what it is made of. Thread-compatible.
struct Circumstances {
  Circumstances(const ledger::Facts& all, const ledger::Reference& places, const ledger::Names& known_names,
                Position as_of, std::optional<CivilDate> date = {})
      : facts(&all, as_of, date),
        reference(places),
        names(known_names),
        parameters(facts, places),
        roles(facts, places),
        drives(facts, places) {}

  ledger::KnownFacts facts;
  const ledger::Reference& reference;
  const ledger::Names& names;
  Parameters parameters;
  Roles roles;
  Drives drives;
};

// How many of the facts up to `as_of` may change what is said of people: as long as it is the same, so is that.
size_t CountOfDecisiveFacts(const ledger::Facts& facts, Position as_of);

}  // namespace sothon::oversight
