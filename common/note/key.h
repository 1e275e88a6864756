// Keys of signed notes (c2sp.org/signed-note): a name, a kind of signature, an Ed25519 key.
//
//   verifier key, given to auditors:  <name>+<key id>+<base64(type || public key)>
//   signer key, in a file mode 0600:  PRIVATE+KEY+<name>+<key id>+<base64(type || seed)>\n
//
// The key id is 8 hexadecimal digits of SHA-256(name || "\n" || type || public key).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/note/ed25519.h"

namespace sothon::note {

// The signature types of c2sp.org/signed-note that this project makes and checks.
enum class KeyType : uint8_t {
  kNote = 0x01,         // signs the text of a note: the log's own signature
  kCosignature = 0x04,  // signs a checkpoint together with the time: a witness (c2sp.org/tlog-cosignature)
};

// Tells keys apart together with their name; a hint only, anybody can make another key with the same id.
struct KeyId {
  uint32_t value = 0;
  auto operator<=>(const KeyId&) const = default;
  // 8 lower-case digits.
  std::string ToHex() const;
};

// Not empty, UTF-8, without white space, control characters and '+'. INVALID_ARGUMENT.
absl::Status CheckKeyName(std::string_view name);

struct VerifierKey {
  std::string name;
  KeyType type = KeyType::kNote;
  PublicKey public_key;
  bool operator==(const VerifierKey&) const = default;

  KeyId Id() const;
  std::string ToString() const;
  // INVALID_ARGUMENT for anything but the one spelling of a key, another key id and an unknown type among it.
  static absl::StatusOr<VerifierKey> Parse(std::string_view text);
};

// Thread-safe (immutable). Moved, not copied.
class SignerKey {
 public:
  // A new random key. INVALID_ARGUMENT: `name` cannot name a key.
  static absl::StatusOr<SignerKey> Generate(std::string_view name, KeyType type);
  // From the text of a key file. INVALID_ARGUMENT; no error repeats any of the text.
  static absl::StatusOr<SignerKey> Parse(std::string_view text);

  const std::string& name() const { return verifier_.name; }
  KeyType type() const { return verifier_.type; }
  const PrivateKey& private_key() const { return private_key_; }
  // What others check its signatures with.
  const VerifierKey& verifier() const { return verifier_; }
  // The text of a key file. The caller wipes it.
  std::string ToString() const;

 private:
  SignerKey(std::string_view name, KeyType type, PrivateKey private_key);

  VerifierKey verifier_;
  PrivateKey private_key_;
};

// NOT_FOUND; FAILED_PRECONDITION: not a signer key, or not private (common/base/private_file.h).
absl::StatusOr<SignerKey> ReadSignerKeyFile(const std::string& path);
// Mode 0600, synced. ALREADY_EXISTS.
absl::Status CreateSignerKeyFile(const std::string& path, const SignerKey& key);

}  // namespace sothon::note
