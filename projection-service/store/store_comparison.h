// Holds a stored view against one that was made of the same prefix of the log: cell by cell, history by history,
// posting by posting, and whatever else is kept. Equal cells have equal digests.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "common/storage/check_report.h"
#include "projection-service/store/stored_view.h"

namespace sothon::projection {

// An account in people's terms: "Thôn thử 1 (23500-01), 2025-11, BHXH_TN".
using AccountWords = std::function<std::string(ledger::AccountKey)>;

// All are borrowed. What differs becomes a fault, with the stored value and the one by the log. An error: `by_log`
// cannot be read, so nothing more can be said.
absl::Status CompareStores(const StoredView& stored, const StoredView& by_log, const AccountWords& words,
                           CheckReport* report);

}  // namespace sothon::projection
