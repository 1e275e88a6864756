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
// How far ahead of the clock a stored time can be because the clock is slow now; beyond it, it may have been fast then.
constexpr int64_t kClockAheadMax = 86'400;
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
    if (!stored) continue;
    absl::StatusOr<Seen> seen = witness->ReadStored(origin, *stored);
    if (!seen.ok()) {
      return absl::DataLossError(StrCat(witness->state_.PathOf(origin),
                                        " is not what this witness stored: ", seen.status().message(),
                                        ". Bring it back from a copy; without it the witness does not know what it saw "
                                        "of this log"));
    }
    absl::MutexLock lock(&witness->mutex_);
    witness->seen_[origin] = *std::move(seen);
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

absl::StatusOr<Witness::Seen> Witness::ReadStored(const std::string& origin, std::string bytes) const {
  SOTHON_ASSIGN_OR_RETURN(const note::Note parsed, note::ParseNote(bytes));
  Seen seen;
  SOTHON_ASSIGN_OR_RETURN(seen.checkpoint, note::ParseCheckpoint(parsed.text));
  if (seen.checkpoint.origin != origin) {
    return absl::InvalidArgumentError(StrCat("it is of the log ", seen.checkpoint.origin));
  }
  seen.note = std::move(bytes);
  const auto own = note::VerifyNote(parsed, {key_.verifier()});
  if (own.ok()) {
    seen.unix_seconds = own->front().unix_seconds.value_or(0);
    return seen;
  }
  if (!absl::IsNotFound(own.status())) return own.status();
  // The witness has a new key since: then the log's signature has to do, and the time as the former key told it. Nor is
  // there a time where its operator took the cosignature out (docs/audit.md).
  const auto by_log = note::VerifyNote(parsed, KeysOf(origin));
  if (!by_log.ok()) return by_log.status();
  for (const note::NoteSignature& signature : parsed.signatures) {
    if (signature.bytes.size() != kCosignatureBytes) continue;
    const uint64_t time = ReadBigEndian64(signature.bytes);
    if (time <= static_cast<uint64_t>(INT64_MAX)) {
      seen.unix_seconds = std::max(seen.unix_seconds, static_cast<int64_t>(time));
    }
  }
  return seen;
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

bool Witness::GoesOn(const Submission& submission, const Seen& seen, WitnessAnswer* answer,
                     std::optional<Finding>* finding) {
  const note::Checkpoint& now = answer->checkpoint;
  const note::Checkpoint& before = seen.checkpoint;
  if (now.size == before.size && now.root != before.root) {
    // Whoever handed it in: two signatures prove it. Of size 0 there is one root only.
    answer->verdict = Verdict::kForked;
    answer->what = StrCat("FORK: the log ", now.origin, " signed two roots for ", now.size, " entries, ",
                          RootText(before), " before and ", RootText(now), " now");
    *finding = {EvidenceKind::kFork, ""};
    return false;
  }
  if (now.size < before.size) {
    answer->verdict = Verdict::kRolledBack;
    answer->what = StrCat("this checkpoint of the log ", now.origin, " has ", now.size, " entries, and one of ",
                          before.size, " entries was cosigned before");
    if (submission.source == Source::kLogNewest) {
      answer->what = StrCat("ROLLBACK: ", answer->what, "; the log gave it as its newest");
      *finding = {EvidenceKind::kRollback, ""};
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
    *finding = {EvidenceKind::kNotProven, fault};
  }
  return false;
}

void Witness::KeepEvidence(Finding finding, const Submission& submission, const Seen& seen,
                           WitnessAnswer* answer) const {
  Evidence evidence;
  evidence.kind = finding.kind;
  evidence.before = seen.note;
  evidence.now = submission.checkpoint;
  evidence.proof = submission.proof;
  evidence.proof_fault = std::move(finding.fault);
  evidence.keys = KeysOf(answer->checkpoint.origin);
  evidence.unix_seconds = options_.now();
  evidence.found_by = StrCat("witness ", key_.name(), "+", key_.verifier().Id().ToHex());
  absl::MutexLock lock(&evidence_mutex_);
  const absl::StatusOr<std::string> folder = WriteEvidence(state_.evidence_directory(), evidence);
  if (folder.ok()) {
    answer->evidence = *folder;
    return;
  }
  if (absl::IsOutOfRange(folder.status())) {
    answer->evidence = state_.evidence_directory();
    StrAppend(&answer->what, ". ", folder.status().message());
    return;
  }
  // Then what is told is all there is.
  StrAppend(&answer->what, ". The evidence could not be written (", folder.status().message(),
            "): keep these two notes\n", seen.note, "\n", submission.checkpoint);
}

absl::Status Witness::CheckClock(int64_t now, const Seen& seen) const {
  if (now >= seen.unix_seconds - kClockBehindMax) return absl::OkStatus();
  const std::string& origin = seen.checkpoint.origin;
  std::string what = StrCat("the clock says ", TimeText(now), ", and the last cosignature of ", origin, " was made at ",
                            TimeText(seen.unix_seconds), ": set the clock right");
  if (seen.unix_seconds - now > kClockAheadMax) {
    StrAppend(&what, "; if it is right now, and was wrong then, stop the witness and take its line out of ",
              state_.PathOf(origin), " as docs/audit.md says (A clock that was wrong)");
  }
  return absl::FailedPreconditionError(what);
}

absl::Status Witness::Cosign(const note::Note& submitted, Seen* seen, WitnessAnswer* answer) {
  const int64_t now = options_.now();
  SOTHON_RETURN_IF_ERROR(CheckClock(now, *seen));
  SOTHON_ASSIGN_OR_RETURN(note::NoteSignature own,
                          note::CosignCheckpoint(submitted.text, key_, std::max(now, seen->unix_seconds)));
  // What is kept has the log's signatures alone, so that a stranger cannot make it large, and one of each key: whoever
  // has a key can make any number of them. What is given out has those of other witnesses, too, as long as it stays a
  // note.
  const std::vector<note::VerifierKey> keys = KeysOf(answer->checkpoint.origin);
  note::Note kept{submitted.text, {}};
  std::vector<note::NoteSignature> others;
  for (const note::NoteSignature& signature : submitted.signatures) {
    if (IsByOneOf(signature, keys)) {
      const bool is_another = std::any_of(kept.signatures.begin(), kept.signatures.end(), [&](const auto& one) {
        return one.name == signature.name && one.id == signature.id;
      });
      if (!is_another) kept.signatures.push_back(signature);
    } else if (!IsBy(signature, key_.verifier())) {
      others.push_back(signature);
    }
  }
  note::Note given = kept;
  for (note::NoteSignature& other : others) {
    if (given.signatures.size() + 1 < note::kNoteSignaturesMax) given.signatures.push_back(std::move(other));
  }
  kept.signatures.push_back(own);
  given.signatures.push_back(own);
  // As the next start will: what it would not take up would put this witness out of action.
  absl::StatusOr<Seen> next = ReadStored(answer->checkpoint.origin, note::FormatNote(kept));
  if (!next.ok()) {
    answer->verdict = Verdict::kMalformed;
    answer->what = StrCat("this checkpoint of the log ", answer->checkpoint.origin,
                          " does not fit together with a cosignature: ", next.status().message(),
                          "; the log has to sign a shorter one");
    return absl::OkStatus();
  }
  const absl::Status stored = state_.Store(answer->checkpoint.origin, next->note);
  if (!stored.ok()) return Annotate(stored, "nothing was cosigned, since what was seen could not be stored");
  answer->verdict = Verdict::kCosigned;
  answer->note = note::FormatNote(given);
  if (answer->note.size() > note::kNoteBytesMax) answer->note = next->note;
  answer->signature = std::move(own);
  *seen = *std::move(next);
  return absl::OkStatus();
}

absl::StatusOr<WitnessAnswer> Witness::AddCheckpoint(const Submission& submission) {
  WitnessAnswer answer;
  const std::optional<note::Note> submitted = Examine(submission, &answer);
  Seen seen;
  seen.checkpoint.origin = answer.checkpoint.origin;
  seen.checkpoint.root = merkle::EmptyRoot();
  std::optional<Finding> finding;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = seen_.find(answer.checkpoint.origin);
    answer.is_first_sight = found == seen_.end();
    if (!answer.is_first_sight) seen = found->second;
    answer.stored_size = seen.checkpoint.size;
    if (!submitted) return answer;
    if (GoesOn(submission, seen, &answer, &finding)) {
      SOTHON_RETURN_IF_ERROR(Cosign(*submitted, &seen, &answer));
      if (answer.verdict == Verdict::kCosigned) seen_[answer.checkpoint.origin] = std::move(seen);
      return answer;
    }
  }
  if (finding) KeepEvidence(*std::move(finding), submission, seen, &answer);
  return answer;
}

}  // namespace sothon::cli
