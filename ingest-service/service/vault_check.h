// Whether the identity vault goes with the log.
#pragma once

#include "absl/status/status.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/vault/vault.h"

namespace sothon::ingest {

// FAILED_PRECONDITION: the newest events name people that the vault does not know, as after the vault was restored from
// a backup that is older than the log. Reads a bounded piece of the log's end, and the vault once.
absl::Status CheckVaultKnowsTheLog(const EventLog& log, const Vault& vault);

}  // namespace sothon::ingest
