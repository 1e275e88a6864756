// Which places an office answers for, in the trees over the same villages (plan#15).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/reference_view.h"

namespace sothon::projection {

// The places that JurisdictionAssigned gives to `office` or to an office below it (by parent_party_id), in any tree, up
// to `as_of`. A later assignment of a place in the same tree replaces the earlier one. A place below another one of
// them is left out, as it is in that one already; so no village is in it twice. A place that an office of another line
// has within them is theirs, too: nothing is taken away from the wider one. In order of the place tree. NOT_FOUND: no
// such party.
absl::StatusOr<std::vector<ledger::Ordinal>> PlacesOfOffice(const ledger::Facts& facts,
                                                            const ledger::ReferenceView& reference,
                                                            const std::string& office, Position as_of);

}  // namespace sothon::projection
