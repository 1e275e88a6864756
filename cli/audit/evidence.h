// Two checkpoints of one log that do not go together, written out so that a stranger can judge them by himself.
//
// A folder of its own for each pair:
//   evidence.txt           what it is, what it proves and what not, and what to do: Vietnamese, then English
//   checkpoint-before      the signed note that was seen first
//   checkpoint-now         the signed note that was seen later
//   consistency-proof      only of kNotProven: the proof that does not hold, as the log gave it; a line for each hash
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/note/checkpoint.h"

namespace sothon::cli {

// Of one log, in one directory: whoever has its key can make as many pairs as he likes, and one is enough.
inline constexpr size_t kEvidenceFoldersMax = 100;

enum class EvidenceKind {
  kFork,       // the same size with different roots: the two notes alone prove it
  kNotProven,  // the later one is larger, and the log did not prove that it goes on from the earlier one
  kRollback,   // the later one is smaller, and the log gave it as its newest
};

// Both notes name the same origin.
struct Evidence {
  EvidenceKind kind = EvidenceKind::kFork;
  std::string before;  // signed notes, as they were received
  std::string now;
  std::vector<note::Hash> proof;        // of kNotProven
  std::string proof_fault;              // of kNotProven: why it does not hold, or why there is none
  std::vector<note::VerifierKey> keys;  // whose signatures on `now` were found good; empty: none was checked
  int64_t unix_seconds = 0;             // when it was found
  std::string found_by;                 // "witness kiem-toan-tinh", "sothon audit verify"
};

// Writes it below `directory`, which is made where it is not there, whole or not at all and durably; returns the
// folder. Where two checkpoints of the same sizes and roots are there already, nothing is written. INVALID_ARGUMENT:
// these are no two checkpoints of one log; OUT_OF_RANGE: of this log there is as much as is kept; otherwise as of
// WriteFileDurably(). Not several at a time in one directory.
absl::StatusOr<std::string> WriteEvidence(const std::string& directory, const Evidence& evidence);

}  // namespace sothon::cli
