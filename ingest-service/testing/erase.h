// Erasing as the service does it: the vault forgets, and then its files are written anew.
#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/status/status.h"
#include "ingest-service/vault/vault.h"

namespace sothon::ingest::testing {

inline absl::Status Erase(Vault* vault, absl::Span<const SubjectId> subjects) {
  SOTHON_RETURN_IF_ERROR(vault->Forget(subjects));
  return vault->RewriteFiles();
}

}  // namespace sothon::ingest::testing
