// Signed notes (c2sp.org/signed-note): a text, an empty line, and a line for each signature.
//
//   — <key name> <base64(key id || signature)>
//
// The signature of a kNote key is 64 bytes over the text. That of a kCosignature key is the time of signing, 8 bytes
// big-endian, and 64 bytes over "cosignature/v1\ntime <unix seconds>\n" and the text (c2sp.org/tlog-cosignature).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/note/key.h"

namespace sothon::note {

// The specification wants at least 16 signatures to be taken, of up to 5 kB each before base64.
inline constexpr size_t kNoteBytesMax = 256 * 1024;
inline constexpr size_t kNoteSignaturesMax = 100;

struct NoteSignature {
  std::string name;
  KeyId id;
  std::string bytes;  // not empty
  bool operator==(const NoteSignature&) const = default;
};

// Nothing about it is known to be true before VerifyNote.
struct Note {
  std::string text;  // with its final newline, without the empty line
  std::vector<NoteSignature> signatures;
  bool operator==(const Note&) const = default;
};

// Whether `text` can stand in a note: UTF-8, no control characters but newlines, a newline at the end.
// INVALID_ARGUMENT.
absl::Status CheckNoteText(std::string_view text);

// INVALID_ARGUMENT "line 5: ..." for anything that FormatNote would not have written.
absl::StatusOr<Note> ParseNote(std::string_view bytes);
std::string FormatNote(const Note& note);

// The text of a note signed by kNote keys. INVALID_ARGUMENT: CheckNoteText, or a key of another type.
absl::StatusOr<NoteSignature> SignText(std::string_view text, const SignerKey& key);
absl::StatusOr<Note> SignNote(std::string_view text, absl::Span<const SignerKey* const> keys);

// A cosignature of `text` at `unix_seconds`, which are not negative. Use CosignCheckpoint, which looks at the text.
absl::StatusOr<NoteSignature> CosignText(std::string_view text, const SignerKey& key, int64_t unix_seconds);

// A known key that signed a note.
struct NoteSigner {
  VerifierKey key;
  // When a kCosignature key says that it signed; the newest, where it signed more than once. No clock was asked about
  // it.
  std::optional<int64_t> unix_seconds;
};

// Which of `keys` signed `note`, each once, in the order of their first signatures: never none. Signatures of other
// keys are passed over, whatever they are. DATA_LOSS: a signature by one of `keys` is not good, so the text is not what
// was signed, or another key of that name signed it. NOT_FOUND: none of `keys` signed. INVALID_ARGUMENT: two of `keys`
// differ and cannot be told apart.
absl::StatusOr<std::vector<NoteSigner>> VerifyNote(const Note& note, absl::Span<const VerifierKey> keys);

}  // namespace sothon::note
