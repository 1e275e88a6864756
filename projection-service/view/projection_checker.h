// Checks a stored projection against the log that it is of (sothon audit fsck): the log is folded again up to where the
// projection stands, and everything that is kept is compared.
//
// What cannot be seen: rules by which it was counted that make no difference to this log, unless they are configured.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/check_report.h"
#include "projection-service/store/stored_view.h"
#include "projection-service/view/log_reader.h"

namespace sothon::projection {

struct ProjectionCheckOptions {
  LogReader* log = nullptr;  // borrowed; opened after the projection was, so that it reaches as far
  std::string log_id;
  Position head;
  // A folder of its own for the fold, which exists; emptied by the caller.
  std::string work_directory;
  // As configured; unset: those it says that it was counted with.
  std::optional<ledger::CountingRules> rules;
  // Told now and then how many events are folded; may be empty.
  std::function<void(uint64_t done, uint64_t of)> on_progress;
};

// FAILED_PRECONDITION: it is a projection of another log. UNAVAILABLE: the work directory does not hold the
// fold. Other errors: the log cannot be read.
absl::StatusOr<CheckReport> CheckProjection(const StoredView& stored, const ProjectionCheckOptions& options);

}  // namespace sothon::projection
