// Keyed hashes of people's numbers.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace sothon::ingest {

// The kinds of number; the digit goes into the hash, so equal digits of different kinds do not meet. Stored: only add.
enum class NumberKind : uint8_t { kCitizen = 1, kSocialInsurance = 2 };

// HMAC-SHA256.
struct NumberHash {
  std::array<uint8_t, 32> bytes{};
  bool operator==(const NumberHash&) const = default;
  std::string_view AsBytes() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  template <typename H>
  friend H AbslHashValue(H state, const NumberHash& hash) {
    uint64_t low;
    std::memcpy(&low, hash.bytes.data(), sizeof low);
    return H::combine(std::move(state), low);
  }
};

// Thread-safe.
class NumberHasher {
 public:
  explicit NumberHasher(const std::array<uint8_t, 32>& key);
  // HMAC-SHA256(key, kind byte | digits).
  NumberHash Hash(NumberKind kind, std::string_view digits) const;

 private:
  // The hash states after the padded key, inner and outer: what makes an HMAC of a short text two compressions.
  SHA256_CTX inner_;
  SHA256_CTX outer_;
};

}  // namespace sothon::ingest
