// Keys and notes of the tests: made of fixed seeds, so that every run has the same bytes.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/base/strings.h"
#include "common/note/encoding.h"
#include "common/note/key.h"

namespace sothon::note {

inline SignerKey TestKey(std::string_view name, KeyType type, char seed) {
  const std::string seed_bytes(32, seed);
  const PrivateKey private_key = *PrivateKey::FromSeed(seed_bytes);
  const VerifierKey verifier{std::string(name), type, private_key.public_key()};
  const std::string material = std::string(1, static_cast<char>(type)).append(seed_bytes);
  absl::StatusOr<SignerKey> key =
      SignerKey::Parse(StrCat("PRIVATE+KEY+", name, "+", verifier.Id().ToHex(), "+", EncodeBase64(material), "\n"));
  EXPECT_TRUE(key.ok()) << key.status();
  return *std::move(key);
}

// A checkpoint of 3 entries whose root is made up.
inline std::string TestCheckpointText(std::string_view origin = "ia-nan") {
  return StrCat(origin, "\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
}

inline std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

}  // namespace sothon::note
