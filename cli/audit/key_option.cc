#include "cli/audit/key_option.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr uintmax_t kKeyFileBytesMax = 4096;

bool IsFile(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

}  // namespace

absl::StatusOr<std::vector<note::VerifierKey>> ParseKeys(std::string_view option,
                                                         const std::vector<std::string>& values) {
  std::vector<note::VerifierKey> keys;
  for (const std::string& value : values) {
    absl::StatusOr<note::VerifierKey> key = note::VerifierKey::Parse(value);
    if (key.ok()) {
      keys.push_back(*std::move(key));
      continue;
    }
    std::string what(key.status().message());
    if (IsFile(value)) {
      what = ReadVerifierKeyFile(value).ok()
                 ? StrCat("this is a file with a verifier key; the key itself has to stand here: ", option, " \"$(cat ",
                          value, ")\"")
                 : StrCat(
                       "this is a file, and the verifier key itself has to stand here; nor does that file hold one "
                       "(of a secret key, `sothon audit vkey ",
                       value, "` prints it)");
    }
    return absl::InvalidArgumentError(StrCat(option, " ", value, ": ", what));
  }
  return keys;
}

absl::StatusOr<note::VerifierKey> ReadVerifierKeyFile(const std::string& path) {
  absl::StatusOr<std::string> text = ReadBoundedFile(path, kKeyFileBytesMax);
  if (!text.ok()) return absl::InvalidArgumentError(StrCat("no file with a key: ", text.status().message()));
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return note::VerifierKey::Parse(*text);
}

std::string DescribeSigner(const note::NoteSigner& signer) {
  const std::string name = StrCat(signer.key.name, "+", signer.key.Id().ToHex());
  if (!signer.unix_seconds) return StrCat("signed by ", name);
  const absl::Time at = absl::FromUnixSeconds(*signer.unix_seconds);
  return StrCat("signed by ", name, ", a witness, at ",
                absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", at, absl::UTCTimeZone()));
}

}  // namespace sothon::cli
