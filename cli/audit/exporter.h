// Brings the export of a log up to the log's newest checkpoint (cli/audit/export_directory.h).
//
// Operation
//   The tree goes on from the hashes at the edge of the one that the directory holds: when old root, new entries and
//   the root that the log signed fit together, the log is a continuation of what was exported before. Otherwise nothing
//   is replaced. Whole bundles of an export that was broken off are taken up after they were hashed again.
//   Signatures are not looked at: that is for whoever verifies.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/export_directory.h"

namespace sothon::cli {

// What an export asks a log. Errors are handed on.
class LogSource {
 public:
  virtual ~LogSource() = default;
  // A signed note.
  virtual absl::StatusOr<std::string> FreshCheckpoint() = 0;
  // The stored bytes of the events `from` to `to`, in order.
  virtual absl::Status ReadEvents(uint64_t from, uint64_t to,
                                  absl::FunctionRef<absl::Status(std::string_view)> take) = 0;
  virtual absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second) = 0;
};

struct ExportOptions {
  std::string directory;
  std::function<void(uint64_t done, uint64_t total)> progress;  // of entries; may be empty
  // Where evidence is written when the log contradicts what was exported (cli/audit/evidence.h); empty: nowhere.
  std::string evidence_directory{};
};

struct ExportSummary {
  note::Checkpoint checkpoint;
  uint64_t size_before = 0;
  uint64_t entries_read = 0;      // from the log
  uint64_t entries_taken_up = 0;  // from an export that was broken off
};

// FAILED_PRECONDITION: the directory belongs to another log, is no export, or is written to. DATA_LOSS: the log is not
// what it was, or not what it signed; the message holds the evidence. After any error the directory holds the
// checkpoint that it held before.
absl::StatusOr<ExportSummary> ExportLog(const ExportOptions& options, LogSource* source);

// Every entry of a finished export, in order. DATA_LOSS names the file.
absl::Status ForEachEntry(const std::string& directory, uint64_t size,
                          absl::FunctionRef<absl::Status(std::string_view)> take);

}  // namespace sothon::cli
