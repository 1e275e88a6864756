#include "common/note/signed_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/note/test_keys.h"

namespace sothon::note {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// The example in the specification, c2sp.org/signed-note. Its key is not published.
constexpr char kSpecificationExample[] =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

// The key pair, text and signature in the documentation of golang.org/x/mod/sumdb/note.
constexpr char kPeterVerifier[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kPeterSigner[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n";
constexpr char kPeterText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kPeterNote[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(SignedNote, TheExampleOfTheSpecificationReadsAndWritesBack) {
  const auto note = ParseNote(kSpecificationExample);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n");
  ASSERT_THAT(note->signatures, SizeIs(1));
  EXPECT_EQ(note->signatures[0].name, "quasimodo.example/salvatore");
  EXPECT_EQ(note->signatures[0].id.ToHex(), "367ba04b");
  EXPECT_THAT(note->signatures[0].bytes, SizeIs(64));
  EXPECT_EQ(FormatNote(*note), kSpecificationExample);
}

TEST(SignedNote, APublishedNoteVerifiesAndIsSignedAlike) {
  const auto note = ParseNote(kPeterNote);
  ASSERT_TRUE(note.ok()) << note.status();
  const VerifierKey key = *VerifierKey::Parse(kPeterVerifier);
  const auto signers = VerifyNote(*note, {key});
  ASSERT_TRUE(signers.ok()) << signers.status();
  ASSERT_THAT(*signers, SizeIs(1));
  EXPECT_EQ(signers->front().key, key);
  EXPECT_EQ(signers->front().unix_seconds, std::nullopt);
  const SignerKey signer = *SignerKey::Parse(kPeterSigner);
  const auto signed_again = SignNote(kPeterText, {&signer});
  ASSERT_TRUE(signed_again.ok()) << signed_again.status();
  EXPECT_EQ(FormatNote(*signed_again), kPeterNote);
}

TEST(SignedNote, KnownKeysAreToldInTheOrderOfTheNoteAndOthersPassedOver) {
  const SignerKey first = TestKey("first", KeyType::kNote, '1');
  const SignerKey second = TestKey("second", KeyType::kNote, '2');
  const SignerKey third = TestKey("third", KeyType::kNote, '3');
  const Note note = *SignNote("text\n", {&first, &second, &third});
  const auto signers = VerifyNote(note, {third.verifier(), first.verifier()});
  ASSERT_TRUE(signers.ok()) << signers.status();
  ASSERT_THAT(*signers, SizeIs(2));
  EXPECT_EQ((*signers)[0].key.name, "first");
  EXPECT_EQ((*signers)[1].key.name, "third");
}

TEST(SignedNote, OneBadSignatureOfAKnownKeySpoilsTheNote) {
  const SignerKey good = TestKey("good", KeyType::kNote, 'g');
  const SignerKey bad = TestKey("bad", KeyType::kNote, 'b');
  Note note = *SignNote("text\n", {&good, &bad});
  note.signatures[1].bytes[5] = static_cast<char>(note.signatures[1].bytes[5] ^ 1);
  const absl::Status status = VerifyNote(note, {good.verifier(), bad.verifier()}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("line 4: the signature of bad+"));
  EXPECT_TRUE(VerifyNote(note, {good.verifier()}).ok());
}

TEST(SignedNote, ASecondSignatureOfAKeyCountsOnceAndMustBeGoodToo) {
  const SignerKey key = TestKey("key", KeyType::kNote, 'k');
  Note note = *SignNote("text\n", {&key, &key});
  EXPECT_THAT(*VerifyNote(note, {key.verifier(), key.verifier()}), SizeIs(1));
  note.signatures[1].bytes.pop_back();
  EXPECT_EQ(VerifyNote(note, {key.verifier()}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(SignedNote, NobodyKnownIsNobody) {
  const SignerKey key = TestKey("key", KeyType::kNote, 'k');
  const Note note = *SignNote("text\n", {&key});
  // The same key under another name, the name with another key, and the key for another type of signature.
  for (const VerifierKey& other :
       {TestKey("other", KeyType::kNote, 'k').verifier(), TestKey("key", KeyType::kNote, 'o').verifier(),
        TestKey("key", KeyType::kCosignature, 'k').verifier()}) {
    const absl::Status status = VerifyNote(note, {other}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << other.ToString();
    EXPECT_THAT(MessageOf(status), HasSubstr("the note names key+" + key.verifier().Id().ToHex()));
  }
  EXPECT_EQ(VerifyNote(note, {}).status().code(), absl::StatusCode::kNotFound);
}

TEST(SignedNote, AStolenNameAndIdDoNotHelp) {
  const SignerKey key = TestKey("key", KeyType::kNote, 'k');
  const SignerKey thief = TestKey("key", KeyType::kNote, 't');
  Note note = *SignNote("text\n", {&thief});
  note.signatures[0].id = key.verifier().Id();
  EXPECT_EQ(VerifyNote(note, {key.verifier()}).status().code(), absl::StatusCode::kDataLoss);
}

// 32 bits are few: among a hundred thousand keys two have the same id.
TEST(SignedNote, TwoKeysThatCannotBeToldApartAreAskedAbout) {
  std::map<KeyId, VerifierKey> keys;
  VerifierKey key{"key", KeyType::kNote, {}};
  for (uint32_t number = 0; number < 1'000'000; ++number) {
    for (int i = 0; i < 4; ++i) key.public_key.bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(number >> 8 * i);
    const auto [same, is_new] = keys.emplace(key.Id(), key);
    if (is_new) continue;
    const Note note{"text\n", {{"key", key.Id(), "signature"}}};
    EXPECT_EQ(VerifyNote(note, {key}).status().code(), absl::StatusCode::kDataLoss);
    const absl::Status status = VerifyNote(note, {key, same->second}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(MessageOf(status), HasSubstr("two verifier keys are both key+" + key.Id().ToHex()));
    return;
  }
  FAIL() << "no two keys have the same id";
}

std::string GoodSignatureLine() { return "— key " + EncodeBase64("0123signature") + "\n"; }

TEST(SignedNote, ErrorsNameTheLine) {
  const std::string line = GoodSignatureLine();
  ASSERT_TRUE(ParseNote("text\n\n" + line).ok());
  const std::pair<std::string, const char*> cases[] = {
      {"", "an empty line between"},
      {"text\n", "an empty line between"},
      {"text\n" + line, "an empty line between"},
      {"text\n\n", "line 3: a note has at least one signature"},
      {"a\nb\n\n" + line + "x\n", "line 5: a signature begins with an em dash"},
      {"text\n\n- key AAAAAAAA\n", "line 3: a signature begins with an em dash"},
      {"text\n\n—  AAAAAAAA\n", "line 3: a key name must not be empty"},
      {"text\n\n— k+ AAAAAAAA\n", "line 3: a key name must have no white space"},
      {"text\n\n— key\n", "line 3: a signature has base64"},
      {"text\n\n— key \n", "line 3: a signature is longer"},
      {"text\n\n— key AAAAAA==\n", "line 3: a signature is longer"},
      {"text\n\n— key AAAAAAA\n", "line 3: what follows the key name is not base64"},
      {"text\n\n— key AAAAAAB=\n", "line 3: what follows the key name is not base64"},
      {"text\n\n— key  AAAAAAAA\n", "line 3: what follows the key name is not base64"},
      {"text\n\n— key AAAAAAAA \n", "line 3: what follows the key name is not base64"},
      {"text\n\n" + line.substr(0, line.size() - 1), "line 3: the last line does not end with a newline"},
      {"te\txt\n\n" + line, "line 1: a note has no control character but newline, and this is 0x09"},
      {"text\r\n\n" + line, "line 1: a note has no control character but newline, and this is 0x0d"},
      {"a\n" + std::string("b\0", 2) + "\n\n" + line, "line 2: a note has no control character"},
      {"a\nb\xff\n\n" + line, "line 2: a note is UTF-8"},
      {"a\n\n" + line + "\xc3", "line 4: a note is UTF-8"},
  };
  for (const auto& [bytes, what] : cases) {
    const absl::Status status = ParseNote(bytes).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bytes;
    EXPECT_THAT(MessageOf(status), HasSubstr(what)) << bytes;
  }
}

TEST(SignedNote, TheLastEmptyLineEndsTheText) {
  const std::string text = "a\n\n" + GoodSignatureLine() + "\n\n";
  const auto note = ParseNote(text + "\n" + GoodSignatureLine());
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, text);
  EXPECT_THAT(note->signatures, SizeIs(1));
}

TEST(SignedNote, IsBounded) {
  std::string bytes = "text\n\n";
  for (size_t i = 0; i < kNoteSignaturesMax; ++i) bytes += GoodSignatureLine();
  EXPECT_TRUE(ParseNote(bytes).ok());
  EXPECT_THAT(MessageOf(ParseNote(bytes + GoodSignatureLine()).status()), HasSubstr("line 103: "));
  const std::string longest(kNoteBytesMax - 2 - GoodSignatureLine().size(), 'x');
  EXPECT_TRUE(ParseNote(longest + "\n\n" + GoodSignatureLine()).ok());
  EXPECT_FALSE(ParseNote(longest + "x\n\n" + GoodSignatureLine()).ok());
  // What the specification asks of everybody: 16 signatures, of nearly 5 kB each.
  std::string post_quantum = "text\n\n";
  for (int i = 0; i < 16; ++i) post_quantum += "— key " + EncodeBase64(std::string(5000, 's')) + "\n";
  EXPECT_TRUE(ParseNote(post_quantum).ok());
}

TEST(SignedNote, OnlyTextThatReadsBackIsSigned) {
  const SignerKey key = TestKey("key", KeyType::kNote, 'k');
  for (const char* text : {"\n", "a\n\n", "\n\na\n", "a\n\n— key AAAAAAAA\n"}) {
    const auto note = SignNote(text, {&key});
    ASSERT_TRUE(note.ok()) << note.status();
    EXPECT_EQ(*ParseNote(FormatNote(*note)), *note) << text;
  }
  for (const char* text : {"", "a", "a\r\n", "a\tb\n", "\xff\n", "a\nb"}) {
    EXPECT_EQ(SignNote(text, {&key}).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(SignNote("text\n", {}).status().code(), absl::StatusCode::kInvalidArgument);
  const SignerKey witness = TestKey("witness", KeyType::kCosignature, 'w');
  EXPECT_EQ(SignNote("text\n", {&witness}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::note
