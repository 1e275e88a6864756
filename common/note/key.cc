#include "common/note/key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/private_file.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/note/encoding.h"
#include "common/status/status.h"

namespace sothon::note {
namespace {

constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";
constexpr size_t kKeyFileBytesMax = 4096;

// Every character with Unicode's property White_Space, and nothing else.
constexpr std::string_view kWhiteSpace[] = {"\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085",
                                            "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
                                            "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028",
                                            "\u2029", "\u202f", "\u205f", "\u3000"};

// Wipes a text with a secret in it at the end of the scope.
class Wiped {
 public:
  explicit Wiped(std::string* text) : text_(text) {}
  ~Wiped() { OPENSSL_cleanse(text_->data(), text_->size()); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;

 private:
  std::string* const text_;
};

// The text of a key without its prefix, taken apart: what public and secret keys have in common.
struct Fields {
  std::string_view name;
  std::string_view id;
  KeyType type = KeyType::kNote;
  std::string material;  // 32 bytes; secret when it is a seed
};

std::string_view TakeField(std::string_view* rest) {
  const size_t plus = rest->find('+');
  const std::string_view field = rest->substr(0, plus);
  rest->remove_prefix(plus == std::string_view::npos ? rest->size() : plus + 1);
  return field;
}

absl::StatusOr<Fields> TakeApart(std::string_view text) {
  Fields fields;
  fields.name = TakeField(&text);
  fields.id = TakeField(&text);  // what is left is base64, which may have a '+' of its own
  SOTHON_RETURN_IF_ERROR(CheckKeyName(fields.name));
  std::optional<std::string> bytes = DecodeBase64(text);
  if (!bytes) return absl::InvalidArgumentError("what follows its second '+' is not base64");
  const Wiped wiped(&*bytes);
  const auto type = bytes->empty() ? uint8_t{0} : static_cast<uint8_t>(bytes->front());
  if (type != static_cast<uint8_t>(KeyType::kNote) && type != static_cast<uint8_t>(KeyType::kCosignature)) {
    return absl::InvalidArgumentError(
        StrCat("its signature type ", type, " is neither 1 (Ed25519) nor 4 (Ed25519 cosignature)"));
  }
  if (bytes->size() != 1 + PublicKey().bytes.size()) {
    return absl::InvalidArgumentError(StrCat("its key has ", bytes->size() - 1, " bytes instead of 32"));
  }
  fields.type = static_cast<KeyType>(type);
  fields.material = bytes->substr(1);
  return fields;
}

absl::Status CheckId(const VerifierKey& key, std::string_view written) {
  if (key.Id().ToHex() == written) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat("its key id should be ", key.Id().ToHex(), "; was a character changed?"));
}

// What public and secret keys look like alike, after their prefix.
std::string Join(std::string_view prefix, const VerifierKey& key, std::string_view material) {
  std::string bytes;
  const Wiped wiped(&bytes);
  bytes.reserve(1 + material.size());
  bytes.push_back(static_cast<char>(key.type));
  bytes.append(material);
  std::string base64 = EncodeBase64(bytes);
  const Wiped wiped_base64(&base64);
  return StrCat(prefix, key.name, "+", key.Id().ToHex(), "+", base64);
}

}  // namespace

std::string KeyId::ToHex() const { return absl::StrCat(absl::Hex(value, absl::kZeroPad8)); }

absl::Status CheckKeyName(std::string_view name) {
  if (name.empty()) return absl::InvalidArgumentError("a key name must not be empty");
  if (!IsValidUtf8(name)) return absl::InvalidArgumentError("a key name must be UTF-8");
  const bool control = std::any_of(name.begin(), name.end(), [](char c) { return static_cast<uint8_t>(c) < 0x20; });
  const bool space = std::any_of(std::begin(kWhiteSpace), std::end(kWhiteSpace),
                                 [&](std::string_view s) { return name.find(s) != std::string_view::npos; });
  if (control || space || name.find('+') != std::string_view::npos) {
    return absl::InvalidArgumentError("a key name must have no white space, control character or '+' in it");
  }
  return absl::OkStatus();
}

KeyId VerifierKey::Id() const {
  std::string bytes = StrCat(name, "\n");
  bytes.push_back(static_cast<char>(type));
  bytes.append(public_key.AsBytes());
  uint8_t digest[EVP_MAX_MD_SIZE] = {};
  EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_sha256(), nullptr);
  return {uint32_t{digest[0]} << 24 | uint32_t{digest[1]} << 16 | uint32_t{digest[2]} << 8 | uint32_t{digest[3]}};
}

std::string VerifierKey::ToString() const { return Join("", *this, public_key.AsBytes()); }

absl::StatusOr<VerifierKey> VerifierKey::Parse(std::string_view text) {
  const auto parsed = [&]() -> absl::StatusOr<VerifierKey> {
    if (text.starts_with(kPrivatePrefix))
      return absl::InvalidArgumentError("this is a secret key, to be shown to nobody");
    SOTHON_ASSIGN_OR_RETURN(const Fields fields, TakeApart(text));
    VerifierKey key{std::string(fields.name), fields.type, {}};
    std::copy(fields.material.begin(), fields.material.end(), key.public_key.bytes.begin());
    SOTHON_RETURN_IF_ERROR(CheckId(key, fields.id));
    return key;
  }();
  if (parsed.ok()) return parsed;
  return absl::InvalidArgumentError(
      StrCat("not a verifier key: ", parsed.status().message(),
             " (it looks like NAME+0123abcd+BASE64, as 'sothon audit keygen' prints it)"));
}

SignerKey::SignerKey(std::string_view name, KeyType type, PrivateKey private_key)
    : verifier_{std::string(name), type, private_key.public_key()}, private_key_(std::move(private_key)) {}

absl::StatusOr<SignerKey> SignerKey::Generate(std::string_view name, KeyType type) {
  SOTHON_RETURN_IF_ERROR(CheckKeyName(name));
  SOTHON_ASSIGN_OR_RETURN(PrivateKey key, PrivateKey::Generate());
  return SignerKey(name, type, std::move(key));
}

absl::StatusOr<SignerKey> SignerKey::Parse(std::string_view text) {
  if (!text.starts_with(kPrivatePrefix)) {
    return absl::InvalidArgumentError(StrCat("a signer key begins with ", kPrivatePrefix));
  }
  if (!text.ends_with('\n')) return absl::InvalidArgumentError("a signer key ends with a newline; it may be cut off");
  text.remove_prefix(kPrivatePrefix.size());
  text.remove_suffix(1);
  SOTHON_ASSIGN_OR_RETURN(Fields fields, TakeApart(text));
  const Wiped wiped(&fields.material);
  SOTHON_ASSIGN_OR_RETURN(PrivateKey private_key, PrivateKey::FromSeed(fields.material));
  SignerKey key(fields.name, fields.type, std::move(private_key));
  SOTHON_RETURN_IF_ERROR(CheckId(key.verifier_, fields.id));
  return key;
}

std::string SignerKey::ToString() const {
  std::string line = Join(kPrivatePrefix, verifier_, private_key_.seed());
  const Wiped wiped(&line);
  return StrCat(line, "\n");
}

absl::StatusOr<SignerKey> ReadSignerKeyFile(const std::string& path) {
  SOTHON_ASSIGN_OR_RETURN(std::string text, ReadPrivateFile("signing key", path, kKeyFileBytesMax));
  const Wiped wiped(&text);
  absl::StatusOr<SignerKey> key = SignerKey::Parse(text);
  if (key.ok()) return key;
  return absl::FailedPreconditionError(StrCat("the signing key file ", path, " holds no signing key: ",
                                              key.status().message(), "; restore it from its backup"));
}

absl::Status CreateSignerKeyFile(const std::string& path, const SignerKey& key) {
  std::string text = key.ToString();
  const Wiped wiped(&text);
  return CreatePrivateFile("signing key", path, text);
}

}  // namespace sothon::note
