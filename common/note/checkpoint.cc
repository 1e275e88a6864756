#include "common/note/checkpoint.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::note {

absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text) {
  SOTHON_RETURN_IF_ERROR(CheckNoteText(text));
  Checkpoint checkpoint;
  LineReader lines(text);
  const std::optional<std::string_view> origin = lines.Next();
  if (!origin || origin->empty()) return lines.Error("a checkpoint begins with its origin, and this line is empty");
  checkpoint.origin = std::string(*origin);

  const std::optional<std::string_view> size = lines.Next();
  if (!size) return lines.Missing("a checkpoint has its tree size here, and this one ends before it");
  const std::optional<uint64_t> leaves = ParseDecimal(*size);
  if (!leaves) return lines.Error("the tree size is a decimal number without leading zeros below 2^64");
  checkpoint.size = *leaves;

  const std::optional<std::string_view> root = lines.Next();
  if (!root) return lines.Missing("a checkpoint has its root hash here, and this one ends before it");
  const std::optional<Hash> hash = DecodeHash(*root);
  if (!hash) return lines.Error("the root hash is the base64 of 32 bytes");
  if (*leaves == 0 && *hash != merkle::EmptyRoot()) return lines.Error("this is not the root hash of an empty tree");
  checkpoint.root = *hash;

  while (const auto extension = lines.Next()) {
    if (extension->empty()) return lines.Error("an extension line of a checkpoint must not be empty");
    checkpoint.extensions.emplace_back(*extension);
  }
  return checkpoint;
}

absl::StatusOr<std::string> FormatCheckpoint(const Checkpoint& checkpoint) {
  std::string text =
      StrCat(checkpoint.origin, "\n", checkpoint.size, "\n", EncodeBase64(merkle::AsBytes(checkpoint.root)), "\n");
  for (const std::string& extension : checkpoint.extensions) StrAppend(&text, extension, "\n");
  // What would be read as something else must not be signed.
  SOTHON_ASSIGN_OR_RETURN(const Checkpoint again, ParseCheckpoint(text));
  if (again != checkpoint) return absl::InvalidArgumentError("an origin or extension of a checkpoint is one line");
  return text;
}

absl::StatusOr<NoteSignature> CosignCheckpoint(std::string_view text, const SignerKey& key, int64_t unix_seconds) {
  SOTHON_RETURN_IF_ERROR(ParseCheckpoint(text).status());
  return CosignText(text, key, unix_seconds);
}

OriginRule OriginRuleFor(absl::Span<const VerifierKey> keys) {
  const bool has_log_key =
      std::any_of(keys.begin(), keys.end(), [](const VerifierKey& key) { return key.type == KeyType::kNote; });
  return has_log_key ? OriginRule::kSignedByLog : OriginRule::kAny;
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view bytes, absl::Span<const VerifierKey> keys,
                                                OriginRule rule) {
  SignedCheckpoint opened;
  SOTHON_ASSIGN_OR_RETURN(opened.note, ParseNote(bytes));
  SOTHON_ASSIGN_OR_RETURN(opened.signers, VerifyNote(opened.note, keys));
  SOTHON_ASSIGN_OR_RETURN(opened.checkpoint, ParseCheckpoint(opened.note.text));
  const std::string& origin = opened.checkpoint.origin;
  const bool by_log = std::any_of(opened.signers.begin(), opened.signers.end(), [&](const NoteSigner& signer) {
    return signer.key.type == KeyType::kNote && signer.key.name == origin;
  });
  if (rule == OriginRule::kSignedByLog && !by_log) {
    return absl::NotFoundError(StrCat("line 1: no known key of the log ", origin,
                                      " signed this checkpoint; give the verifier key that is named like the origin"));
  }
  return opened;
}

}  // namespace sothon::note
