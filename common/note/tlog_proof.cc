#include "common/note/tlog_proof.h"

#include <optional>
#include <utility>

#include "common/base/strings.h"
#include "common/note/checkpoint.h"
#include "common/status/status.h"

namespace sothon::note {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status CheckCheckpoint(const TlogProof& proof) {
  const absl::StatusOr<Note> note = ParseNote(proof.checkpoint);
  if (!note.ok()) return Annotate(note.status(), "the checkpoint after the empty line");
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return Annotate(checkpoint.status(), "the checkpoint after the empty line");
  if (proof.index < checkpoint->size) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat("the index ", proof.index, " is not below the ", checkpoint->size,
                                           " entries of the checkpoint; a later checkpoint is needed"));
}

// The lines between the header and the hashes.
absl::Status ParseExtraAndIndex(LineReader* lines, TlogProof* proof) {
  std::optional<std::string_view> line = lines->Next();
  if (line && line->starts_with(kExtra)) {
    std::optional<std::string> extra = DecodeBase64(line->substr(kExtra.size()));
    if (!extra || extra->empty()) return lines->Error("after 'extra' there is the base64 of at least one byte");
    proof->extra = *std::move(extra);
    line = lines->Next();
  }
  if (!line) return lines->Missing("a proof has its index here, and this one ends before it");
  const std::optional<uint64_t> index =
      line->starts_with(kIndex) ? ParseDecimal(line->substr(kIndex.size())) : std::nullopt;
  if (!index) return lines->Error("here should be 'index' and a decimal number without leading zeros below 2^64");
  proof->index = *index;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view bytes) {
  if (bytes.size() > kTlogProofBytesMax) {
    return absl::InvalidArgumentError(
        StrCat("a proof has at most ", kTlogProofBytesMax, " bytes, and this has ", bytes.size()));
  }
  TlogProof proof;
  LineReader lines(bytes);
  if (lines.Next() != kHeader) return absl::InvalidArgumentError(StrCat("line 1: a proof begins with ", kHeader));
  SOTHON_RETURN_IF_ERROR(ParseExtraAndIndex(&lines, &proof));
  while (true) {
    const std::optional<std::string_view> line = lines.Next();
    if (!line) return lines.Missing("a proof has an empty line and a checkpoint after its hashes");
    if (line->empty()) break;
    const std::optional<Hash> hash = DecodeHash(*line);
    if (!hash) return lines.Error("a hash of a proof is the base64 of 32 bytes");
    if (proof.hashes.size() == kTlogProofHashesMax) {
      return lines.Error(StrCat("a proof has at most ", kTlogProofHashesMax, " hashes"));
    }
    proof.hashes.push_back(*hash);
  }
  proof.checkpoint = std::string(lines.rest());
  SOTHON_RETURN_IF_ERROR(CheckCheckpoint(proof));
  return proof;
}

absl::StatusOr<std::string> FormatTlogProof(const TlogProof& proof) {
  std::string out = StrCat(kHeader, "\n");
  if (!proof.extra.empty()) StrAppend(&out, kExtra, EncodeBase64(proof.extra), "\n");
  StrAppend(&out, kIndex, proof.index, "\n");
  for (const Hash& hash : proof.hashes) StrAppend(&out, EncodeBase64(merkle::AsBytes(hash)), "\n");
  StrAppend(&out, "\n", proof.checkpoint);
  SOTHON_RETURN_IF_ERROR(ParseTlogProof(out).status());
  return out;
}

}  // namespace sothon::note
