// Ed25519 signatures (RFC 8032), by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sothon::note {

inline constexpr size_t kEd25519SignatureSize = 64;

// The point as RFC 8032 encodes it. Whether it is one shows at verification only.
struct PublicKey {
  std::array<uint8_t, 32> bytes{};
  bool operator==(const PublicKey&) const = default;

  std::string_view AsBytes() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

// The seed of a key pair, wiped from memory when it goes. Thread-safe (immutable); moved, not copied: a moved-from one
// holds zeros and must not sign.
class PrivateKey {
 public:
  // A new key from the system's random numbers. INTERNAL when there are none to be had.
  static absl::StatusOr<PrivateKey> Generate();
  // INVALID_ARGUMENT unless `seed` is 32 bytes. The caller wipes `seed`.
  static absl::StatusOr<PrivateKey> FromSeed(std::string_view seed);

  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  ~PrivateKey();

  const PublicKey& public_key() const { return public_key_; }
  // 64 bytes, the same ones every time. INTERNAL: OpenSSL is out of memory.
  absl::StatusOr<std::string> Sign(std::string_view message) const;
  // 32 bytes, for the key file alone.
  std::string_view seed() const { return {reinterpret_cast<const char*>(seed_.data()), seed_.size()}; }

 private:
  PrivateKey() = default;

  std::array<uint8_t, 32> seed_{};
  PublicKey public_key_;
};

// False for anything but a good signature, of whatever size. Signatures that RFC 8032 calls non-canonical are not good.
bool Verify(const PublicKey& key, std::string_view message, std::string_view signature);

}  // namespace sothon::note
