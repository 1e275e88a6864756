// Checkpoints (c2sp.org/tlog-checkpoint): a signed note that tells how long a log is and what its Merkle tree's root
// is.
//
//   <origin>\n<size>\n<base64(root)>\n and extension lines, which this project writes none of
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/note/encoding.h"
#include "common/note/signed_note.h"

namespace sothon::note {

struct Checkpoint {
  std::string origin;  // of this project's logs: the log id
  uint64_t size = 0;   // leaves of the tree
  Hash root{};
  std::vector<std::string> extensions;
  bool operator==(const Checkpoint&) const = default;
};

// From the text of a note. INVALID_ARGUMENT "line 2: ..." for anything that FormatCheckpoint would not have written.
absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text);
// The text of a note. INVALID_ARGUMENT: an origin or an extension that is empty or not one line of text, or a root that
// the empty tree does not have.
absl::StatusOr<std::string> FormatCheckpoint(const Checkpoint& checkpoint);

// A cosignature (c2sp.org/tlog-cosignature): that of all checkpoints of its origin that the witness saw until
// `unix_seconds` this is the largest, and consistent with all before it. That it is so, the caller made sure of.
// INVALID_ARGUMENT: `text` is no checkpoint, `key` no kCosignature key, or the time is negative.
absl::StatusOr<NoteSignature> CosignCheckpoint(std::string_view text, const SignerKey& key, int64_t unix_seconds);

enum class OriginRule {
  kAny,          // any known key will do
  kSignedByLog,  // a kNote key that is named like the origin must have signed
};

// Whose signature is asked for: the log's, but where all of `keys` are those of witnesses. Somebody who only trusts a
// witness gives its key alone.
OriginRule OriginRuleFor(absl::Span<const VerifierKey> keys);

// A checkpoint that known keys signed.
struct SignedCheckpoint {
  Note note;
  Checkpoint checkpoint;
  std::vector<NoteSigner> signers;  // never empty
};

// The errors of ParseNote, VerifyNote (DATA_LOSS, NOT_FOUND) and ParseCheckpoint, in this order: a checkpoint that
// nobody known signed is not looked into. NOT_FOUND, too, where kSignedByLog is not met.
absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view bytes, absl::Span<const VerifierKey> keys,
                                                OriginRule rule);

}  // namespace sothon::note
