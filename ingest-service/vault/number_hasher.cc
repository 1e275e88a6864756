#include "ingest-service/vault/number_hasher.h"

#include <openssl/crypto.h>

// OpenSSL 3 deprecates the plain SHA256_* calls in favour of EVP, which has no way to copy a prepared state without an
// allocation for each text. The prepared states are what makes hashing a number cheap; number_hasher_test.cc holds the
// result against OpenSSL's own HMAC.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace sothon::ingest {
namespace {

constexpr size_t kBlockBytes = 64;

void AbsorbPaddedKey(const std::array<uint8_t, 32>& key, uint8_t pad, SHA256_CTX* state) {
  std::array<uint8_t, kBlockBytes> block;
  block.fill(pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  SHA256_Init(state);
  SHA256_Update(state, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
}

}  // namespace

NumberHasher::NumberHasher(const std::array<uint8_t, 32>& key) {
  AbsorbPaddedKey(key, 0x36, &inner_);
  AbsorbPaddedKey(key, 0x5c, &outer_);
}

NumberHash NumberHasher::Hash(NumberKind kind, std::string_view digits) const {
  const auto kind_byte = static_cast<uint8_t>(kind);
  NumberHash hash;
  SHA256_CTX context = inner_;
  SHA256_Update(&context, &kind_byte, 1);
  SHA256_Update(&context, digits.data(), digits.size());
  SHA256_Final(hash.bytes.data(), &context);
  context = outer_;
  SHA256_Update(&context, hash.bytes.data(), hash.bytes.size());
  SHA256_Final(hash.bytes.data(), &context);
  return hash;
}

}  // namespace sothon::ingest

#pragma GCC diagnostic pop
