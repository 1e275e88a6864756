// The text that notes, checkpoints and proofs are made of: lines, base64, decimal numbers. One value has one spelling,
// so that no byte of a signed file can be changed without changing what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/merkle/hash.h"

namespace sothon::note {

using merkle::Hash;

// RFC 4648 section 4, padded.
std::string EncodeBase64(std::string_view bytes);
// nullopt unless `text` is what EncodeBase64 makes of the result: no white space, no missing padding, no stray bits.
std::optional<std::string> DecodeBase64(std::string_view text);
// nullopt unless `text` is the base64 of exactly 32 bytes.
std::optional<Hash> DecodeHash(std::string_view text);

// ASCII decimal without sign, blanks or leading zeros; nullopt for anything else and for what is past 2^64 - 1.
std::optional<uint64_t> ParseDecimal(std::string_view text);

// Takes lines from the front of a text, and counts them. The text outlives it.
class LineReader {
 public:
  explicit LineReader(std::string_view text, size_t lines_before = 0) : rest_(text), number_(lines_before) {}
  // The next line without its newline; nullopt at the end, and before a rest that no newline ends.
  std::optional<std::string_view> Next();
  bool AtEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  // INVALID_ARGUMENT "line 3: ...", of the line taken last.
  absl::Status Error(std::string_view what) const;
  // The same, of the line that is not there.
  absl::Status Missing(std::string_view what) const;

 private:
  std::string_view rest_;
  size_t number_;
};

}  // namespace sothon::note
