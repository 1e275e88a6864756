// Where a witness's command gets checkpoints and proofs from, and how it hands them to the witness.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/exporter.h"
#include "cli/audit/witness.h"

namespace sothon::cli {

// The export of a log: its checkpoint, and proofs out of its tiles.
class ExportedLog final : public LogSource {
 public:
  explicit ExportedLog(std::string directory) : directory_(std::move(directory)) {}

  absl::StatusOr<std::string> FreshCheckpoint() override;
  // FAILED_PRECONDITION: the export does not reach so far; DATA_LOSS: its tiles are not those of its checkpoint.
  absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second) override;
  // UNIMPLEMENTED.
  absl::Status ReadEvents(uint64_t from, uint64_t to, absl::FunctionRef<absl::Status(std::string_view)> take) override;

 private:
  const std::string directory_;
};

// Has `witness` cosign the newest checkpoint of `log`, or `checkpoint` where one is given, with the log's proof from
// what the witness saw last. `source` says whether the log's newest checkpoint is its word of now. Errors: of the log
// and of AddCheckpoint().
absl::StatusOr<WitnessAnswer> WitnessLog(Witness* witness, LogSource* log, Source source);
absl::StatusOr<WitnessAnswer> WitnessCheckpoint(Witness* witness, LogSource* log, std::string checkpoint,
                                                Source source);

}  // namespace sothon::cli
