#include "cli/audit/witness_source.h"

#include <utility>

#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/merkle/tile.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// Every node of the proof is held against the root that the export's checkpoint has: a damaged export is no lie of the
// log.
absl::StatusOr<std::vector<Hash>> Prove(uint64_t first, uint64_t second, const note::Checkpoint& held,
                                        const merkle::NodeReader& nodes) {
  SOTHON_ASSIGN_OR_RETURN(const Hash first_root, merkle::Root(first, nodes));
  SOTHON_ASSIGN_OR_RETURN(const Hash second_root, merkle::Root(second, nodes));
  SOTHON_ASSIGN_OR_RETURN(std::vector<Hash> proof, merkle::ConsistencyProof(first, second, nodes));
  SOTHON_RETURN_IF_ERROR(merkle::CheckConsistency(first, first_root, second, second_root, proof));
  SOTHON_ASSIGN_OR_RETURN(const std::vector<Hash> to_held, merkle::ConsistencyProof(second, held.size, nodes));
  SOTHON_RETURN_IF_ERROR(merkle::CheckConsistency(second, second_root, held.size, held.root, to_held));
  return proof;
}

}  // namespace

absl::StatusOr<std::string> ExportedLog::FreshCheckpoint() {
  return ReadExportFile(directory_, kCheckpointFile, note::kNoteBytesMax);
}

absl::StatusOr<std::vector<Hash>> ExportedLog::ConsistencyProof(uint64_t first, uint64_t second) {
  SOTHON_ASSIGN_OR_RETURN(const std::string signed_note, FreshCheckpoint());
  absl::StatusOr<note::Checkpoint> held = CheckpointOf(signed_note);
  if (!held.ok()) return Annotate(held.status(), StrCat(directory_, "/", kCheckpointFile));
  if (second > held->size || first > second) {
    return absl::FailedPreconditionError(StrCat(directory_, " holds ", held->size, " entries, and a proof from ", first,
                                                " to ", second,
                                                " is needed; bring it up to date with `sothon audit "
                                                "export ",
                                                directory_, "`"));
  }
  const merkle::TileNodes nodes(held->size, [this](const merkle::Tile& tile) {
    return ReadTile(directory_, {static_cast<int>(tile.level), tile.index, tile.width});
  });
  absl::StatusOr<std::vector<Hash>> proof = Prove(first, second, *held, nodes);
  if (proof.ok()) return proof;
  return absl::DataLossError(
      StrCat("the tiles of ", directory_, " are not those of its checkpoint (", proof.status().message(),
             "): it is being written, or was changed; try again, or see `sothon audit verify ", directory_, "`"));
}

absl::Status ExportedLog::ReadEvents(uint64_t, uint64_t, absl::FunctionRef<absl::Status(std::string_view)>) {
  return absl::UnimplementedError("a witness looks at no entries");
}

absl::StatusOr<WitnessAnswer> WitnessLog(Witness* witness, LogSource* log, Source source) {
  SOTHON_ASSIGN_OR_RETURN(std::string checkpoint, log->FreshCheckpoint());
  return WitnessCheckpoint(witness, log, std::move(checkpoint), source);
}

absl::StatusOr<WitnessAnswer> WitnessCheckpoint(Witness* witness, LogSource* log, std::string checkpoint,
                                                Source source) {
  Submission submission;
  submission.source = source;
  submission.checkpoint = std::move(checkpoint);
  const absl::StatusOr<note::Checkpoint> now = CheckpointOf(submission.checkpoint);
  const std::optional<note::Checkpoint> before = now.ok() ? witness->Newest(now->origin) : std::nullopt;
  if (before) submission.old_size = before->size;
  if (before && before->size > 0 && before->size < now->size) {
    absl::StatusOr<std::vector<Hash>> proof = log->ConsistencyProof(before->size, now->size);
    if (proof.ok()) {
      submission.proof = *std::move(proof);
    } else if (absl::IsOutOfRange(proof.status())) {
      // It signed that many entries, and says that it has not got them.
      submission.no_proof = StrCat("the log gave no proof: ", proof.status().message());
    } else {
      return proof.status();
    }
  }
  return witness->AddCheckpoint(submission);
}

}  // namespace sothon::cli
