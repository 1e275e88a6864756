// A witness of logs (c2sp.org/tlog-witness): it cosigns a checkpoint only when that goes on from the newest one that it
// cosigned of that log before, and so holds whoever has the log's key to one history.
//
// Operation
//   Of each log the newest cosigned checkpoint is kept (cli/audit/witness_state.h), durable before its cosignature is
//   given out: a witness that was killed at any moment has never cosigned more than it remembers. The entries are not
//   looked at, only roots.
// Concurrency
//   Thread-safe: checking against the stored checkpoint and storing the new one are one step. Evidence is written after
//   it, one at a time, so that who goes on from the stored checkpoint does not wait for it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "cli/audit/evidence.h"
#include "cli/audit/witness_state.h"
#include "common/note/checkpoint.h"

namespace sothon::cli {

// Of whom it is when a proof does not hold, or a checkpoint is an old one.
enum class Source {
  kAnybody,    // a stranger handed it in: he may have made a bad proof up, or have kept an old checkpoint
  kLog,        // the proof is the log's own, or was computed from its tiles
  kLogNewest,  // and the log gave the checkpoint as its newest one
};

struct Submission {
  uint64_t old_size = 0;  // of the checkpoint that the proof goes on from
  std::vector<note::Hash> proof;
  std::string checkpoint;  // a signed note
  Source source = Source::kAnybody;
  std::string no_proof;  // why the log gave no proof; empty: it gave `proof`
};

enum class Verdict {
  kCosigned,
  kMalformed,      // it is no signed checkpoint, has no room for a cosignature, too long a proof, or an old size beyond
                   // its own
  kUnknownLog,     // none of the keys is of its origin
  kNotSigned,      // no known key of the log signed it, or not this text
  kOtherOldSize,   // the old size is not the stored one
  kRolledBack,     // it is smaller than the stored one
  kForked,         // as large as the stored one, with another root
  kNotConsistent,  // the proof does not hold
};

struct WitnessAnswer {
  Verdict verdict = Verdict::kMalformed;
  std::string what;               // for people: why it was refused
  note::Checkpoint checkpoint;    // the submitted one, as far as it could be read
  uint64_t stored_size = 0;       // of the newest cosigned one before this; 0: none
  bool is_first_sight = false;    // nothing was known of this log before
  std::string note;               // of kCosigned: the submitted one with the cosignature added
  note::NoteSignature signature;  // of kCosigned
  // The folder in which evidence was written; of a log of which there is as much as is kept, the directory of all;
  // empty: none.
  std::string evidence;
};

class Witness {
 public:
  struct Options {
    std::string directory;
    // The logs that it knows: each key vouches for the origin that it is named like. Several of one log while one takes
    // the place of the other.
    std::vector<note::VerifierKey> log_keys;
    std::function<int64_t()> now;  // unix seconds; empty: the system's clock
  };
  // INVALID_ARGUMENT: `key` is none to cosign with, or a log's key is none of a log. FAILED_PRECONDITION: another
  // process has the directory. DATA_LOSS: what was stored is not what this witness cosigned.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(Options options, note::SignerKey key);

  // An error: the state could not be stored, or the clock is wrong, or was. Then nothing was cosigned.
  absl::StatusOr<WitnessAnswer> AddCheckpoint(const Submission& submission);

  // Of the newest cosigned checkpoint of that log; nullopt: there is none.
  std::optional<note::Checkpoint> Newest(std::string_view origin) const;
  const note::VerifierKey& verifier() const { return key_.verifier(); }
  const WitnessState& state() const { return state_; }

 private:
  struct Seen {
    std::string note;
    note::Checkpoint checkpoint;
    int64_t unix_seconds = 0;  // of its cosignature
  };
  // What the log did wrong.
  struct Finding {
    EvidenceKind kind = EvidenceKind::kFork;
    std::string fault;
  };

  Witness(Options options, note::SignerKey key, WitnessState state);
  std::vector<note::VerifierKey> KeysOf(std::string_view origin) const;
  // INVALID_ARGUMENT, DATA_LOSS, NOT_FOUND: it is not what this witness stores.
  absl::StatusOr<Seen> ReadStored(const std::string& origin, std::string bytes) const;
  // Everything that needs no look at what was seen; nullopt: `answer` says what is wrong.
  std::optional<note::Note> Examine(const Submission& submission, WitnessAnswer* answer) const;
  // False: `answer` says what is wrong, and `finding` what of it is the log's own doing.
  static bool GoesOn(const Submission& submission, const Seen& seen, WitnessAnswer* answer,
                     std::optional<Finding>* finding);
  absl::Status CheckClock(int64_t now, const Seen& seen) const;
  // OK and no kCosigned: `answer` says what is wrong.
  absl::Status Cosign(const note::Note& submitted, Seen* seen, WitnessAnswer* answer);
  void KeepEvidence(Finding finding, const Submission& submission, const Seen& seen, WitnessAnswer* answer) const;

  const Options options_;
  const note::SignerKey key_;

  mutable absl::Mutex evidence_mutex_;  // not asked for while mutex_ is held
  mutable absl::Mutex mutex_;
  WitnessState state_;
  std::map<std::string, Seen, std::less<>> seen_ ABSL_GUARDED_BY(mutex_);  // by origin
};

}  // namespace sothon::cli
