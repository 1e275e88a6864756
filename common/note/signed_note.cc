#include "common/note/signed_note.h"

#include <algorithm>
#include <utility>

#include "common/base/big_endian.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/note/encoding.h"
#include "common/status/status.h"

namespace sothon::note {
namespace {

constexpr std::string_view kSignatureMark = "\u2014 ";
constexpr size_t kKeyIdSize = 4;
constexpr size_t kTimeSize = 8;

size_t LinesIn(std::string_view text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

absl::Status CheckCharacters(std::string_view bytes) {
  const auto bad =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<uint8_t>(c) < 0x20 && c != '\n'; });
  if (bad != bytes.end()) {
    const LineReader at({}, LinesIn(bytes.substr(0, static_cast<size_t>(bad - bytes.begin()))));
    return at.Missing(StrCat("a note has no control character but newline, and this is 0x",
                             absl::Hex(static_cast<uint8_t>(*bad), absl::kZeroPad2)));
  }
  if (IsValidUtf8(bytes)) return absl::OkStatus();
  LineReader lines(bytes);
  while (const auto line = lines.Next()) {
    if (!IsValidUtf8(*line)) return lines.Error("a note is UTF-8, and this line is not");
  }
  return lines.Missing("a note is UTF-8, and this line is not");
}

absl::StatusOr<NoteSignature> ParseSignature(std::string_view line, const LineReader& lines) {
  if (!line.starts_with(kSignatureMark)) {
    return lines.Error(
        "a signature begins with an em dash (U+2014) and a blank; after the last empty line of a note "
        "there is nothing but signatures");
  }
  line.remove_prefix(kSignatureMark.size());
  const size_t blank = line.find(' ');
  const std::string_view name = line.substr(0, blank);
  if (absl::Status status = CheckKeyName(name); !status.ok()) return lines.Error(StrCat(status.message()));
  if (blank == std::string_view::npos) return lines.Error("a signature has base64 after the key name");
  std::optional<std::string> bytes = DecodeBase64(line.substr(blank + 1));
  if (!bytes) return lines.Error("what follows the key name is not base64, or not the usual spelling of it");
  if (bytes->size() <= kKeyIdSize) return lines.Error("a signature is longer than the 4 bytes of its key id");
  uint32_t id = 0;
  for (size_t i = 0; i < kKeyIdSize; ++i) id = id << 8 | static_cast<uint8_t>((*bytes)[i]);
  return NoteSignature{std::string(name), {id}, bytes->substr(kKeyIdSize)};
}

std::string CosignedMessage(std::string_view text, int64_t unix_seconds) {
  return StrCat("cosignature/v1\ntime ", unix_seconds, "\n", text);
}

// Whether `signature` is one of `key` over `text`; the time of a cosignature goes to `signer`.
bool CheckSignature(const VerifierKey& key, std::string_view text, std::string_view signature, NoteSigner* signer) {
  if (key.type == KeyType::kNote) return Verify(key.public_key, text, signature);
  if (signature.size() != kTimeSize + kEd25519SignatureSize) return false;
  const uint64_t time = ReadBigEndian64(signature);
  if (time > static_cast<uint64_t>(INT64_MAX)) return false;
  const auto seconds = static_cast<int64_t>(time);
  if (!Verify(key.public_key, CosignedMessage(text, seconds), signature.substr(kTimeSize))) return false;
  signer->unix_seconds = std::max(signer->unix_seconds.value_or(0), seconds);
  return true;
}

// The one of `keys` that a signature names, or nullptr.
absl::StatusOr<const VerifierKey*> FindKey(const NoteSignature& signature, absl::Span<const VerifierKey> keys) {
  const VerifierKey* found = nullptr;
  for (const VerifierKey& key : keys) {
    if (key.name != signature.name || key.Id() != signature.id) continue;
    if (found != nullptr && *found != key) {
      return absl::InvalidArgumentError(StrCat("two verifier keys are both ", key.name, "+", key.Id().ToHex(),
                                               "; leave out the one that is not meant"));
    }
    found = &key;
  }
  return found;
}

absl::Status NobodyKnown(const Note& note) {
  std::string names;
  for (const NoteSignature& signature : note.signatures) {
    StrAppend(&names, names.empty() ? "" : ", ", signature.name, "+", signature.id.ToHex());
  }
  return absl::NotFoundError(StrCat("no signature is by a known key; the note names ", names));
}

}  // namespace

absl::Status CheckNoteText(std::string_view text) {
  if (!text.ends_with('\n')) return absl::InvalidArgumentError("the text of a note ends with a newline");
  return CheckCharacters(text);
}

absl::StatusOr<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) {
    return absl::InvalidArgumentError(
        StrCat("a note has at most ", kNoteBytesMax, " bytes, and this has ", bytes.size()));
  }
  SOTHON_RETURN_IF_ERROR(CheckCharacters(bytes));
  const size_t end_of_text = bytes.rfind("\n\n");
  if (end_of_text == std::string_view::npos) {
    return absl::InvalidArgumentError("a note has an empty line between its text and its signatures");
  }
  Note note;
  note.text = std::string(bytes.substr(0, end_of_text + 1));
  LineReader lines(bytes.substr(end_of_text + 2), LinesIn(note.text) + 1);
  while (const auto line = lines.Next()) {
    if (note.signatures.size() == kNoteSignaturesMax) {
      return lines.Error(StrCat("a note has at most ", kNoteSignaturesMax, " signatures"));
    }
    SOTHON_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(*line, lines));
    note.signatures.push_back(std::move(signature));
  }
  if (!lines.AtEnd()) return lines.Missing("the last line does not end with a newline; the note may be cut off");
  if (note.signatures.empty()) return lines.Missing("a note has at least one signature after its empty line");
  return note;
}

std::string FormatNote(const Note& note) {
  std::string out = StrCat(note.text, "\n");
  for (const NoteSignature& signature : note.signatures) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(signature.id.value >> shift & 0xff));
    bytes.append(signature.bytes);
    StrAppend(&out, kSignatureMark, signature.name, " ", EncodeBase64(bytes), "\n");
  }
  return out;
}

absl::StatusOr<NoteSignature> SignText(std::string_view text, const SignerKey& key) {
  SOTHON_RETURN_IF_ERROR(CheckNoteText(text));
  if (key.type() != KeyType::kNote) {
    return absl::InvalidArgumentError(StrCat("the key ", key.name(), " is for cosignatures of checkpoints only"));
  }
  SOTHON_ASSIGN_OR_RETURN(std::string signature, key.private_key().Sign(text));
  return NoteSignature{key.name(), key.verifier().Id(), std::move(signature)};
}

absl::StatusOr<Note> SignNote(std::string_view text, absl::Span<const SignerKey* const> keys) {
  if (keys.empty()) return absl::InvalidArgumentError("a note is signed with at least one key");
  Note note{std::string(text), {}};
  for (const SignerKey* key : keys) {
    SOTHON_ASSIGN_OR_RETURN(NoteSignature signature, SignText(text, *key));
    note.signatures.push_back(std::move(signature));
  }
  return note;
}

absl::StatusOr<NoteSignature> CosignText(std::string_view text, const SignerKey& key, int64_t unix_seconds) {
  SOTHON_RETURN_IF_ERROR(CheckNoteText(text));
  if (key.type() != KeyType::kCosignature) {
    return absl::InvalidArgumentError(StrCat(
        "the key ", key.name(), " is for signing notes, not for cosigning; make one with 'sothon audit keygen'"));
  }
  if (unix_seconds < 0) return absl::InvalidArgumentError("the time of a cosignature is not before 1970");
  SOTHON_ASSIGN_OR_RETURN(const std::string signature, key.private_key().Sign(CosignedMessage(text, unix_seconds)));
  return NoteSignature{key.name(), key.verifier().Id(), BigEndian64(static_cast<uint64_t>(unix_seconds)) + signature};
}

absl::StatusOr<std::vector<NoteSigner>> VerifyNote(const Note& note, absl::Span<const VerifierKey> keys) {
  std::vector<NoteSigner> signers;
  size_t line = LinesIn(note.text) + 1;
  for (const NoteSignature& signature : note.signatures) {
    ++line;
    SOTHON_ASSIGN_OR_RETURN(const VerifierKey* key, FindKey(signature, keys));
    if (key == nullptr) continue;
    auto signer = std::find_if(signers.begin(), signers.end(), [&](const NoteSigner& one) { return one.key == *key; });
    if (signer == signers.end()) signer = signers.insert(signer, {*key, std::nullopt});
    if (!CheckSignature(*key, note.text, signature.bytes, &*signer)) {
      return absl::DataLossError(StrCat("line ", line, ": the signature of ", key->name, "+", key->Id().ToHex(),
                                        " is not one of this text: the note was changed after it was signed, or "
                                        "damaged; get it again from where it was published"));
    }
  }
  if (signers.empty()) return NobodyKnown(note);
  return signers;
}

}  // namespace sothon::note
