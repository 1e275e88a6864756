#include "ingest-service/vault/number_hasher.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>

namespace sothon::ingest {
namespace {

std::array<uint8_t, 32> Key(uint8_t seed) {
  std::array<uint8_t, 32> key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(seed + i * 7);
  return key;
}

TEST(NumberHasher, IsHmacSha256OfTheKindAndTheDigits) {
  for (const std::string digits : {"000123456789", "0000000001", ""}) {
    for (const uint8_t kind : {1, 2}) {
      const auto key = Key(kind);
      const std::string text = std::string(1, static_cast<char>(kind)) + digits;
      std::array<uint8_t, 32> expected;
      unsigned int length = 0;
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const uint8_t*>(text.data()),
           text.size(), expected.data(), &length);
      EXPECT_EQ(NumberHasher(key).Hash(static_cast<NumberKind>(kind), digits).bytes, expected);
    }
  }
}

TEST(NumberHasher, EqualDigitsOfDifferentKindsDiffer) {
  const NumberHasher hasher(Key(3));
  EXPECT_NE(hasher.Hash(NumberKind::kCitizen, "0000000001").bytes,
            hasher.Hash(NumberKind::kSocialInsurance, "0000000001").bytes);
}

}  // namespace
}  // namespace sothon::ingest
