#include "cli/audit/witness.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/big_endian.h"
#include "common/base/strings.h"
#include "common/merkle/proof.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr size_t kProofHashesMax = 63;
// How far the clock may be behind the last cosignature, as after it was set right by a little.
constexpr int64_t kClockBehindMax = 600;
constexpr size_t kCosignatureBytes = 8 + note::kEd25519SignatureSize;

std::string RootText(const note::Checkpoint& checkpoint) {
  return note::EncodeBase64(merkle::AsBytes(checkpoint.root));
}

bool IsBy(const note::NoteSignature& signature, const note::VerifierKey& key) {
  return signature.name == key.name && signature.id == key.Id();
}

bool IsByOneOf(const note::NoteSignature& signature, const std::vector<note::VerifierKey>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const note::VerifierKey& key) { return IsBy(signature, key); });
}

std::string TimeText(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_seconds), absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(Options options, note::SignerKey key) {
  if (key.type() != note::KeyType::kCosignature) {
    return absl::InvalidArgumentError(StrCat("the key ", key.name(),
                                             " signs logs and is none to cosign with; a witness has a key of its own: "
                                             "`sothon audit keygen NAME --witness --out FILE`"));
  }
  std::set<std::string> origins;
  for (const note::VerifierKey& log_key : options.log_keys) {
    if (log_key.type != note::KeyType::kNote) {
      return absl::InvalidArgumentError(
          StrCat("the key ", log_key.name, "+", log_key.Id().ToHex(), " is one of a witness, not of a log"));
    }
    SOTHON_RETURN_IF_ERROR(WitnessState::CheckOrigin(log_key.name));
    origins.insert(log_key.name);
  }
  if (origins.empty()) return absl::InvalidArgumentError("a witness knows at least one log; give its key with --log");
  if (!options.now) options.now = [] { return absl::ToUnixSeconds(absl::Now()); };
  SOTHON_ASSIGN_OR_RETURN(WitnessState state, WitnessState::Open(options.directory));
  std::unique_ptr<Witness> witness(new Witness(std::move(options), std::move(key), std::move(state)));
  for (const std::string& origin : origins) {
    SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> stored, witness->state_.Load(origin));
    if (stored) SOTHON_RETURN_IF_ERROR(witness->TakeUp(origin, *stored));
  }
  return witness;
}

Witness::Witness(Options options, note::SignerKey key, WitnessState state)
    : options_(std::move(options)), key_(std::move(key)), state_(std::move(state)) {}

std::vector<note::VerifierKey> Witness::KeysOf(std::string_view origin) const {
  std::vector<note::VerifierKey> keys;
  for (const note::VerifierKey& key : options_.log_keys) {
    if (key.name == origin) keys.push_back(key);
  }
  return keys;
}

absl::Status Witness::TakeUp(const std::string& origin, const std::string& bytes) {
  const auto wrong = [&](std::string_view what) {
    return absl::DataLossError(StrCat(state_.PathOf(origin), " is not what this witness stored: ", what,
                                      ". Bring it back from a copy; without it the witness does not know what it saw "
                                      "of this log"));
  };
  const absl::StatusOr<note::Note> parsed = note::ParseNote(bytes);
  if (!parsed.ok()) return wrong(std::string(parsed.status().message()));
  absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return wrong(std::string(checkpoint.status().message()));
  if (checkpoint->origin != origin) return wrong(StrCat("it is of the log ", checkpoint->origin));
  Seen seen{bytes, *std::move(checkpoint), 0};
  const auto own = note::VerifyNote(*parsed, {key_.verifier()});
  if (own.ok()) {
    seen.unix_seconds = own->front().unix_seconds.value_or(0);
  } else if (absl::IsNotFound(own.status())) {
    // The witness has a new key since: then the log's signature has to do, and the time as the former key told it.
    const auto by_log = note::VerifyNote(*parsed, KeysOf(origin));
    if (!by_log.ok()) return wrong(std::string(by_log.status().message()));
    for (const note::NoteSignature& signature : parsed->signatures) {
      if (signature.bytes.size() != kCosignatureBytes) continue;
      const uint64_t time = ReadBigEndian64(signature.bytes);
      if (time <= static_cast<uint64_t>(INT64_MAX)) {
        seen.unix_seconds = std::max(seen.unix_seconds, static_cast<int64_t>(time));
      }
    }
  } else {
    return wrong(std::string(own.status().message()));
  }
  absl::MutexLock lock(&mutex_);
  seen_[origin] = std::move(seen);
  return absl::OkStatus();
}

std::optional<note::Checkpoint> Witness::Newest(std::string_view origin) const {
  absl::MutexLock lock(&mutex_);
  const auto seen = seen_.find(origin);
  if (seen == seen_.end()) return std::nullopt;
  return seen->second.checkpoint;
}

std::optional<note::Note> Witness::Examine(const Submission& submission, WitnessAnswer* answer) const {
  const auto refuse = [answer](Verdict verdict, std::string what) {
    answer->verdict = verdict;
    answer->what = std::move(what);
    return std::nullopt;
  };
  absl::StatusOr<note::Note> parsed = note::ParseNote(submission.checkpoint);
  if (!parsed.ok()) return refuse(Verdict::kMalformed, StrCat("no checkpoint: ", parsed.status().message()));
  absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return refuse(Verdict::kMalformed, StrCat("no checkpoint: ", checkpoint.status().message()));
  answer->checkpoint = *std::move(checkpoint);
  const std::string& origin = answer->checkpoint.origin;
  const std::vector<note::VerifierKey> keys = KeysOf(origin);
  if (keys.empty()) {
    return refuse(Verdict::kUnknownLog,
                  StrCat("the log ", origin, " is not known to this witness; give its verifier key with --log"));
  }
  const auto signers = note::VerifyNote(*parsed, keys);
  if (!signers.ok()) return refuse(Verdict::kNotSigned, std::string(signers.status().message()));
  if (submission.proof.size() > kProofHashesMax) {
    return refuse(Verdict::kMalformed, StrCat("a consistency proof has at most ", kProofHashesMax, " hashes"));
  }
  return *std::move(parsed);
}

bool Witness::GoesOn(const Submission& submission, const Seen& seen, WitnessAnswer* answer) const {
  const note::Checkpoint& now = answer->checkpoint;
  const note::Checkpoint& before = seen.checkpoint;
  if (now.size == before.size && now.root != before.root) {
    // Whoever handed it in: two signatures prove it. Of size 0 there is one root only.
    answer->verdict = Verdict::kForked;
    answer->what = StrCat("FORK: the log ", now.origin, " signed two roots for ", now.size, " entries, ",
                          RootText(before), " before and ", RootText(now), " now");
    KeepEvidence(EvidenceKind::kFork, submission, seen, "", answer);
    return false;
  }
  if (now.size < before.size) {
    answer->verdict = Verdict::kRolledBack;
    answer->what = StrCat("this checkpoint of the log ", now.origin, " has ", now.size, " entries, and one of ",
                          before.size, " entries was cosigned before");
    if (submission.source == Source::kLogNewest) {
      answer->what = StrCat("ROLLBACK: ", answer->what, "; the log gave it as its newest");
      KeepEvidence(EvidenceKind::kRollback, submission, seen, "", answer);
    }
    return false;
  }
  if (submission.old_size > now.size) {
    answer->verdict = Verdict::kMalformed;
    answer->what = StrCat("the old size ", submission.old_size, " is beyond the checkpoint's, ", now.size);
    return false;
  }
  if (submission.old_size != before.size) {
    answer->verdict = Verdict::kOtherOldSize;
    answer->what = StrCat("the newest cosigned checkpoint has ", before.size, " entries, not ", submission.old_size);
    return false;
  }
  const absl::Status holds = merkle::CheckConsistency(before.size, before.root, now.size, now.root, submission.proof);
  if (holds.ok()) return true;
  const std::string fault = submission.no_proof.empty() ? std::string(holds.message()) : submission.no_proof;
  answer->verdict = Verdict::kNotConsistent;
  answer->what = StrCat("NOT PROVEN: that the log ", now.origin, " of ", now.size, " entries goes on from the one of ",
                        before.size, " entries that was cosigned before: ", fault);
  // Of the empty tree every other one is a continuation: then only the form of the request was wrong.
  if (submission.source != Source::kAnybody && before.size > 0) {
    KeepEvidence(EvidenceKind::kNotProven, submission, seen, fault, answer);
  }
  return false;
}

void Witness::KeepEvidence(EvidenceKind kind, const Submission& submission, const Seen& seen, std::string fault,
                           WitnessAnswer* answer) const {
  Evidence evidence;
  evidence.kind = kind;
  evidence.before = seen.note;
  evidence.now = submission.checkpoint;
  evidence.proof = submission.proof;
  evidence.proof_fault = std::move(fault);
  evidence.keys = KeysOf(answer->checkpoint.origin);
  evidence.unix_seconds = options_.now();
  evidence.found_by = StrCat("witness ", key_.name(), "+", key_.verifier().Id().ToHex());
  const absl::StatusOr<std::string> folder = WriteEvidence(state_.evidence_directory(), evidence);
  if (folder.ok()) {
    answer->evidence = *folder;
    return;
  }
  // Then what is told is all there is.
  StrAppend(&answer->what, ". The evidence could not be written (", folder.status().message(),
            "): keep these two notes\n", seen.note, "\n", submission.checkpoint);
}

absl::Status Witness::Cosign(const note::Note& submitted, Seen* seen, WitnessAnswer* answer) {
  const int64_t now = options_.now();
  if (now < seen->unix_seconds - kClockBehindMax) {
    return absl::FailedPreconditionError(StrCat("the clock says ", TimeText(now), ", and the last cosignature of ",
                                                answer->checkpoint.origin, " was made at ",
                                                TimeText(seen->unix_seconds), ": set the clock right"));
  }
  Seen next{"", answer->checkpoint, std::max(now, seen->unix_seconds)};
  SOTHON_ASSIGN_OR_RETURN(answer->signature, note::CosignCheckpoint(submitted.text, key_, next.unix_seconds));
  // What is kept has the log's signatures alone, so that a stranger cannot make it large; what is given out has those
  // of other witnesses, too, as long as it stays a note.
  const std::vector<note::VerifierKey> keys = KeysOf(answer->checkpoint.origin);
  note::Note kept{submitted.text, {}};
  std::vector<note::NoteSignature> others;
  for (const note::NoteSignature& signature : submitted.signatures) {
    if (IsByOneOf(signature, keys)) {
      const bool is_twice =
          std::find(kept.signatures.begin(), kept.signatures.end(), signature) != kept.signatures.end();
      if (!is_twice) kept.signatures.push_back(signature);
    } else if (!IsBy(signature, key_.verifier())) {
      others.push_back(signature);
    }
  }
  note::Note given = kept;
  for (note::NoteSignature& other : others) {
    if (given.signatures.size() + 1 < note::kNoteSignaturesMax) given.signatures.push_back(std::move(other));
  }
  kept.signatures.push_back(answer->signature);
  given.signatures.push_back(answer->signature);
  next.note = note::FormatNote(kept);
  answer->note = note::FormatNote(given);
  if (answer->note.size() > note::kNoteBytesMax) answer->note = next.note;
  const absl::Status stored = state_.Store(answer->checkpoint.origin, next.note);
  if (!stored.ok()) return Annotate(stored, "nothing was cosigned, since what was seen could not be stored");
  *seen = std::move(next);
  return absl::OkStatus();
}

absl::StatusOr<WitnessAnswer> Witness::AddCheckpoint(const Submission& submission) {
  WitnessAnswer answer;
  const std::optional<note::Note> submitted = Examine(submission, &answer);
  absl::MutexLock lock(&mutex_);
  const auto found = seen_.find(answer.checkpoint.origin);
  answer.is_first_sight = found == seen_.end();
  Seen seen;
  seen.checkpoint.origin = answer.checkpoint.origin;
  seen.checkpoint.root = merkle::EmptyRoot();
  if (!answer.is_first_sight) seen = found->second;
  answer.stored_size = seen.checkpoint.size;
  if (!submitted || !GoesOn(submission, seen, &answer)) return answer;
  SOTHON_RETURN_IF_ERROR(Cosign(*submitted, &seen, &answer));
  answer.verdict = Verdict::kCosigned;
  seen_[answer.checkpoint.origin] = std::move(seen);
  return answer;
}

}  // namespace sothon::cli
