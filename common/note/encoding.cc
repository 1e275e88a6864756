#include "common/note/encoding.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

#include "absl/strings/escaping.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"

namespace sothon::note {

std::string EncodeBase64(std::string_view bytes) { return absl::Base64Escape(ToAbsl(bytes)); }

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(ToAbsl(text), &bytes)) return std::nullopt;
  // Abseil is lenient (blanks, no padding, stray bits); what it took for the same must be spelled the same.
  std::string again = EncodeBase64(bytes);
  const bool canonical = again == text;
  OPENSSL_cleanse(again.data(), again.size());  // it may be a private key
  if (!canonical) return std::nullopt;
  return bytes;
}

std::optional<Hash> DecodeHash(std::string_view text) {
  const std::optional<std::string> bytes = DecodeBase64(text);
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

std::optional<uint64_t> ParseDecimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::optional<std::string_view> LineReader::Next() {
  const size_t newline = rest_.find('\n');
  if (newline == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest_.substr(0, newline);
  rest_.remove_prefix(newline + 1);
  ++number_;
  return line;
}

absl::Status LineReader::Error(std::string_view what) const {
  return absl::InvalidArgumentError(StrCat("line ", number_, ": ", what));
}

absl::Status LineReader::Missing(std::string_view what) const {
  return absl::InvalidArgumentError(StrCat("line ", number_ + 1, ": ", what));
}

}  // namespace sothon::note
