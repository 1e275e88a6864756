#include "common/note/key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "common/note/encoding.h"
#include "common/testing/temp_dir.h"

namespace sothon::note {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The key pair in the documentation and tests of golang.org/x/mod/sumdb/note.
constexpr char kVerifier[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kSigner[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n";

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

TEST(VerifierKey, APublishedKeyReadsAndWritesBack) {
  const auto key = VerifierKey::Parse(kVerifier);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(key->type, KeyType::kNote);
  EXPECT_EQ(key->Id().ToHex(), "c74f20a3");
  EXPECT_EQ(key->ToString(), kVerifier);
}

// Keys of witnesses as their operators publish them.
TEST(VerifierKey, PublishedKeysOfWitnessesRead) {
  for (const char* text :
       {"remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "rgdd.se/poc-witness+db03732e+BCjJKlo6BU0xfIb8LutqerIFTWIXEA0L5n3tW3QyPFgG",
        "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G"}) {
    const auto key = VerifierKey::Parse(text);
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(key->type, KeyType::kCosignature);
    EXPECT_EQ(key->ToString(), text);
  }
}

TEST(VerifierKey, TheTypeIsPartOfTheId) {
  VerifierKey key = *VerifierKey::Parse(kVerifier);
  key.type = KeyType::kCosignature;
  EXPECT_NE(key.Id().ToHex(), "c74f20a3");
  EXPECT_EQ(*VerifierKey::Parse(key.ToString()), key);
}

TEST(VerifierKey, NoPartAndNoOtherByteIsAKey) {
  const std::string text = kVerifier;
  for (size_t begin = 0; begin <= text.size(); ++begin) {
    for (size_t end = begin; end <= text.size(); ++end) {
      if (begin == 0 && end == text.size()) continue;
      EXPECT_FALSE(VerifierKey::Parse(text.substr(begin, end - begin)).ok()) << begin << ' ' << end;
    }
  }
  for (size_t i = 0; i < text.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = text;
      changed[i] = static_cast<char>(value);
      if (changed == text) continue;
      EXPECT_EQ(VerifierKey::Parse(changed).status().code(), absl::StatusCode::kInvalidArgument) << changed;
    }
  }
}

// Text of a key whose id is right for `type` and `material`, which need not be a key at all.
std::string KeyText(const std::string& name, int type, const std::string& material) {
  std::string bytes(1, static_cast<char>(type));
  return name + "+00000000+" + EncodeBase64(bytes + material);
}

TEST(VerifierKey, ErrorsSayWhatIsWrong) {
  const std::string material(32, 'k');
  const std::pair<std::string, const char*> cases[] = {
      {"", "must not be empty"},
      {"n", "neither 1 (Ed25519) nor 4"},
      {"n+00000000+!", "not base64"},
      {KeyText("a b", 1, material), "no white space"},
      {KeyText("n", 2, material), "signature type 2"},
      {KeyText("n", 6, std::string(1312, 'm')), "signature type 6"},
      {KeyText("n", 1, material + "k"), "33 bytes instead of 32"},
      {KeyText("n", 1, ""), "0 bytes instead of 32"},
      {KeyText("n", 1, material), "its key id should be "},
      {kSigner, "a secret key"},
  };
  for (const auto& [text, what] : cases) {
    EXPECT_THAT(MessageOf(VerifierKey::Parse(text).status()), HasSubstr(what)) << text;
  }
  // Upper case would be a second spelling.
  EXPECT_FALSE(VerifierKey::Parse("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").ok());
  EXPECT_THAT(MessageOf(VerifierKey::Parse(kSigner).status()), Not(HasSubstr("AYEK")));
}

TEST(KeyName, HasNoSpacesOfAnyKindAndNoPlus) {
  for (const char* name : {"a", "example.com/log42", "xã-Ia-Nan/2025", "bhxh.vn/log:1", "日本", "—"}) {
    EXPECT_TRUE(CheckKeyName(name).ok()) << name;
  }
  for (const char* name : {"", " ", "a b", "a+b", "a\nb", "a\tb", "a\u0085", "\u00a0a", "a\u1680", "a\u2003b",
                           "a\u2028", "a\u202fb", "a\u205f", "a\u3000b", "a\x01", "a\x1f", "\xff", "a\xe2\x80"}) {
    EXPECT_EQ(CheckKeyName(name).code(), absl::StatusCode::kInvalidArgument) << name;
  }
}

TEST(SignerKey, APublishedKeyReadsAndWritesBack) {
  const auto key = SignerKey::Parse(kSigner);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->verifier().ToString(), kVerifier);
  EXPECT_EQ(key->ToString(), kSigner);
}

TEST(SignerKey, NoOtherByteIsAKeyAndNoErrorTellsAny) {
  const std::string text = kSigner;
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char value : {'\0', '\n', ' ', '+', '0', '1', 'A', 'a', 'b', '=', '\xff'}) {
      std::string changed = text;
      changed[i] = value;
      if (changed == text) continue;
      const absl::Status status = SignerKey::Parse(changed).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << changed;
      EXPECT_THAT(MessageOf(status), Not(HasSubstr("Y7hf")));
    }
  }
  for (size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(SignerKey::Parse(text.substr(0, size)).ok()) << size;
  EXPECT_FALSE(SignerKey::Parse(text + "\n").ok());
}

TEST(SignerKeyFile, WhatIsMadeIsPrivateAndReadsBack) {
  const sothon::testing::TempDir directory;
  const std::string path = directory.Path("log.key");
  const auto key = SignerKey::Generate("ia-nan", KeyType::kCosignature);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(ReadSignerKeyFile(path).status().code(), absl::StatusCode::kNotFound);
  const absl::Status created = CreateSignerKeyFile(path, *key);
  ASSERT_TRUE(created.ok()) << created;
  const auto read = ReadSignerKeyFile(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ToString(), key->ToString());
  EXPECT_EQ(read->verifier(), key->verifier());
  EXPECT_EQ(CreateSignerKeyFile(path, *SignerKey::Generate("other", KeyType::kNote)).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadSignerKeyFile(path)->name(), "ia-nan");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  const absl::Status open_to_others = ReadSignerKeyFile(path).status();
  EXPECT_EQ(open_to_others.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(open_to_others), HasSubstr("chmod 600 " + path));
}

TEST(SignerKeyFile, ADamagedFileIsRefused) {
  const sothon::testing::TempDir directory;
  for (const std::string& text : {std::string(), std::string("PRIVATE+KEY+\n"), std::string(kSigner).substr(0, 40),
                                  std::string(kSigner) + kSigner, std::string(5000, 'x')}) {
    const std::string path = directory.Path("key" + std::to_string(text.size()));
    std::ofstream(path) << text;
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(ReadSignerKeyFile(path).status().code(), absl::StatusCode::kFailedPrecondition) << text.size();
  }
}

TEST(SignerKey, ANameThatNotesCannotCarryIsRefused) {
  EXPECT_EQ(SignerKey::Generate("two words", KeyType::kNote).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::note
