// Checks the export of a log by itself (cli/audit/export_directory.h): nothing in it is believed but what follows from
// its checkpoint, and the checkpoint because of who signed it.
//
// What is checked, always all of it
//   every entry is hashed and held against the tile of level 0; it is a stored event, its position is its index + 1,
//   and no event was recorded before the one in front of it; all tiles above and the root are rebuilt from the entries;
//   no file is missing, and none stands there that the tree does not have.
// Operation
//   A thread reads ahead and parses events, the calling one hashes. Memory: some bundles, and the names of the files.
//   When the checkpoint was replaced meanwhile, what looked wrong is looked at again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/audit/evidence.h"
#include "cli/audit/export_directory.h"
#include "common/note/checkpoint.h"
#include "common/note/key.h"

namespace sothon::cli {

struct VerifyOptions {
  std::string directory;
  std::vector<note::VerifierKey> keys;  // empty: no signature is checked
  // The bytes of a checkpoint that was kept from an earlier time, which the tree has to go on from.
  std::optional<std::string> since;
  std::function<void(uint64_t done, uint64_t total)> progress;  // of entries; may be empty
  std::vector<note::VerifierKey> witnesses{};                   // each of which must have cosigned the checkpoint
};

struct Fault {
  std::optional<uint64_t> index;  // of the first entry that it is about
  std::string what;
};

struct VerifyReport {
  std::optional<note::Checkpoint> checkpoint;  // as far as it could be read
  std::vector<note::NoteSigner> signers;       // whose signatures are good
  std::optional<note::Checkpoint> since;
  // What the two checkpoints are together, where a key of the log signed both, and the export is whole and does not go
  // on from the earlier one. Never kRollback: a shorter export may be an honest old copy.
  std::optional<EvidenceKind> contradiction{};
  uint64_t entries_total = 0;
  uint64_t entries_checked = 0;  // of which nothing is wrong by themselves
  uint64_t bytes_hashed = 0;     // of entries
  uint64_t fault_count = 0;
  std::vector<Fault> faults;       // the first kFaultsTold of them
  std::optional<Fault> first_bad;  // the one with the lowest index
  std::vector<std::string> remarks;

  bool ok() const { return fault_count == 0; }
};

inline constexpr size_t kFaultsTold = 50;

// NOT_FOUND: there is no such directory; FAILED_PRECONDITION: it cannot be listed. Everything else is a fault.
absl::StatusOr<VerifyReport> VerifyExport(const VerifyOptions& options);

}  // namespace sothon::cli
