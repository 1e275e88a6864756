// The accounts of parties and drives.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "projection-service/view/excerpt.h"

namespace sothon::projection {

// The accounts whose sum is what a party brought in. What decides is what kind of party it is, so that nobody counts
// twice: agencies and collectors have desks, all others credits.
std::vector<Account> AccountsOfParty(const ledger::Names& names, const std::string& party_id, v1::PartyKind kind);

// The party as it is registered at the excerpt's position. NOT_FOUND: it is not.
absl::StatusOr<const ledger::Party*> FindParty(const AccountsExcerpt& excerpt, const std::string& party_id);

// NOT_FOUND: no contribution names it.
absl::StatusOr<Account> AccountOfDrive(const ledger::Names& names, const std::string& drive_id);

}  // namespace sothon::projection
