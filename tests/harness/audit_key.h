// Keys of checkpoints and cosignatures, made as an operator makes them: by `sothon audit keygen`.
#pragma once

#include <string>
#include <vector>

namespace sothon::testing {

struct AuditKey {
  std::string file;
  // What keygen printed: the key that an auditor is given.
  std::string verifier;
};
// The key of the log kLogId, or what `arguments` of keygen say, in `file`, which must not be there yet. `verifier` is
// empty, and the test has failed, when none was made.
AuditKey MakeLogKey(const std::string& file);
AuditKey MakeAuditKey(const std::string& file, const std::vector<std::string>& arguments);
// The section of ingest's configuration with which it signs its checkpoints; more lines of [audit] may follow.
std::string SigningConfig(const AuditKey& key);

}  // namespace sothon::testing
