#include "common/note/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/note/test_keys.h"

namespace sothon::note {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The example in the specification, c2sp.org/tlog-cosignature; without its last line that of c2sp.org/tlog-checkpoint.
// Its keys are not published.
constexpr char kSpecificationExample[] =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

// A checkpoint that a public log (staging) published on 23/05/2026, with the log's two signatures (the first is of a
// type that is not known here) and those of four witnesses; and the verifier keys that log and witnesses publish.
constexpr char kPublishedOrigin[] = "arche2025h1.staging.ct.transparency.dev";
constexpr char kPublished[] =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt"
    "0="
    "\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— transparency.dev/DEV:witness-little-garden "
    "2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    "— witness1.smartit.nu/witness1 "
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    "— remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    "— witness.stagemole.eu "
    "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n";
constexpr const char* kPublishedKeys[] = {
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"};

std::vector<VerifierKey> PublishedKeys() {
  std::vector<VerifierKey> keys;
  for (const char* text : kPublishedKeys) keys.push_back(*VerifierKey::Parse(text));
  return keys;
}

TEST(Checkpoint, TheExampleOfTheSpecificationReadsAndWritesBack) {
  const auto note = ParseNote(kSpecificationExample);
  ASSERT_TRUE(note.ok()) << note.status();
  ASSERT_THAT(note->signatures, SizeIs(2));
  EXPECT_EQ(note->signatures[1].name, "witness.example.com/w1");
  EXPECT_THAT(note->signatures[1].bytes, SizeIs(8 + 64));
  EXPECT_EQ(FormatNote(*note), kSpecificationExample);
  const auto checkpoint = ParseCheckpoint(note->text);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20852163u);
  EXPECT_EQ(EncodeBase64(merkle::AsBytes(checkpoint->root)), "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
  EXPECT_THAT(checkpoint->extensions, SizeIs(0));
  EXPECT_EQ(*FormatCheckpoint(*checkpoint), note->text);
}

TEST(Checkpoint, APublishedOneVerifiesWithItsWitnesses) {
  const auto opened = OpenCheckpoint(kPublished, PublishedKeys(), OriginRule::kSignedByLog);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->checkpoint.origin, kPublishedOrigin);
  EXPECT_EQ(opened->checkpoint.size, 1432088532u);
  ASSERT_THAT(opened->signers, SizeIs(5));
  EXPECT_EQ(opened->signers[0].key.name, kPublishedOrigin);
  EXPECT_EQ(opened->signers[0].unix_seconds, std::nullopt);
  for (size_t i = 1; i < 5; ++i) EXPECT_EQ(opened->signers[i].unix_seconds, 1779573024) << i;
}

TEST(Checkpoint, NoSignatureOfAPublishedOneHoldsForAnotherSizeOrTime) {
  for (const VerifierKey& key : PublishedKeys()) {
    Note note = *ParseNote(kPublished);
    EXPECT_TRUE(VerifyNote(note, {key}).ok()) << key.name;
    for (NoteSignature& signature : note.signatures) ++signature.bytes[7];  // the last byte of a cosignature's time
    EXPECT_EQ(VerifyNote(note, {key}).status().code(), absl::StatusCode::kDataLoss) << key.name;
    note = *ParseNote(kPublished);
    note.text.replace(note.text.find("1432088532"), 10, "1432088533");
    EXPECT_EQ(VerifyNote(note, {key}).status().code(), absl::StatusCode::kDataLoss) << key.name;
  }
}

TEST(Checkpoint, ErrorsNameTheLine) {
  const std::string root = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
  ASSERT_TRUE(ParseCheckpoint("o\n3\n" + root).ok());
  const std::pair<std::string, const char*> cases[] = {
      {"", "ends with a newline"},
      {"o\n3\n" + root + "x", "ends with a newline"},
      {"\n3\n" + root, "line 1: a checkpoint begins with its origin"},
      {"o\n", "line 2: a checkpoint has its tree size"},
      {"o\n\n" + root, "line 2: the tree size"},
      {"o\n03\n" + root, "line 2: the tree size"},
      {"o\n+3\n" + root, "line 2: the tree size"},
      {"o\n-3\n" + root, "line 2: the tree size"},
      {"o\n3 \n" + root, "line 2: the tree size"},
      {"o\n18446744073709551616\n" + root, "line 2: the tree size"},
      {"o\n3\n", "line 3: a checkpoint has its root hash"},
      {"o\n3\n\n", "line 3: the root hash is"},
      {"o\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n", "line 3: the root hash is"},
      {"o\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n", "line 3: the root hash is"},
      {"o\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n", "line 3: the root hash is"},
      {"o\n3\n" + root + "\n", "line 4: an extension line"},
      {"o\n3\n" + root + "x\n\ny\n", "line 5: an extension line"},
      {"o\n0\n" + root, "line 3: this is not the root hash of an empty tree"},
      {"o\r\n3\n" + root, "line 1: a note has no control character"},
  };
  for (const auto& [text, what] : cases) {
    const absl::Status status = ParseCheckpoint(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(MessageOf(status), HasSubstr(what)) << text;
  }
}

TEST(Checkpoint, TheEmptyTreeAndTheLargestReadAndWriteBack) {
  for (const std::string text : {"o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                                 "o\n18446744073709551615\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
                                 "two words\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nfirst\nsecond\n"}) {
    const auto checkpoint = ParseCheckpoint(text);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
    EXPECT_EQ(*FormatCheckpoint(*checkpoint), text);
  }
}

TEST(Checkpoint, WhatDoesNotReadBackIsNotWritten) {
  const Checkpoint good{"o", 3, {}, {}};
  EXPECT_TRUE(FormatCheckpoint(good).ok());
  Checkpoint bad = good;
  bad.origin = "";
  EXPECT_EQ(FormatCheckpoint(bad).status().code(), absl::StatusCode::kInvalidArgument);
  // Would read as the checkpoint of another size.
  bad.origin = "o\n4\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  EXPECT_EQ(FormatCheckpoint(bad).status().code(), absl::StatusCode::kInvalidArgument);
  for (const char* extension : {"", "a\nb", "a\n", "\t", "\xff"}) {
    bad = good;
    bad.extensions = {extension};
    EXPECT_EQ(FormatCheckpoint(bad).status().code(), absl::StatusCode::kInvalidArgument) << extension;
  }
  bad = good;
  bad.size = 0;
  EXPECT_EQ(FormatCheckpoint(bad).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Checkpoint, TheLogItselfMustHaveSignedWhereThatIsAskedFor) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  const SignerKey other = TestKey("ia-piar", KeyType::kNote, 'o');
  const SignerKey witness = TestKey("ia-nan", KeyType::kCosignature, 'w');
  Note note = *SignNote(TestCheckpointText("ia-nan"), {&log, &other});
  note.signatures.push_back(*CosignCheckpoint(note.text, witness, 1));
  const std::string bytes = FormatNote(note);
  EXPECT_TRUE(OpenCheckpoint(bytes, {log.verifier()}, OriginRule::kSignedByLog).ok());
  for (const VerifierKey& key : {other.verifier(), witness.verifier()}) {
    EXPECT_TRUE(OpenCheckpoint(bytes, {key}, OriginRule::kAny).ok()) << key.ToString();
    const absl::Status status = OpenCheckpoint(bytes, {key}, OriginRule::kSignedByLog).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << key.ToString();
    EXPECT_THAT(MessageOf(status), HasSubstr("line 1: no known key of the log ia-nan"));
  }
}

TEST(Checkpoint, WhoTrustsAWitnessAloneDoesNotAskForTheLogsSignature) {
  const VerifierKey log = TestKey("ia-nan", KeyType::kNote, 'l').verifier();
  const VerifierKey witness = TestKey("ia-nan", KeyType::kCosignature, 'w').verifier();
  EXPECT_EQ(OriginRuleFor({log}), OriginRule::kSignedByLog);
  EXPECT_EQ(OriginRuleFor({witness, log}), OriginRule::kSignedByLog);
  EXPECT_EQ(OriginRuleFor({witness}), OriginRule::kAny);
  EXPECT_EQ(OriginRuleFor({}), OriginRule::kAny);
}

TEST(Checkpoint, ANoteThatIsNoneIsRefusedAlthoughSigned) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  const std::string bytes = FormatNote(*SignNote("ia-nan\nthree\n", {&log}));
  EXPECT_EQ(OpenCheckpoint(bytes, {log.verifier()}, OriginRule::kAny).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Cosignature, SaysWhenItWasMade) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  const SignerKey witness = TestKey("witness", KeyType::kCosignature, 'w');
  for (const int64_t seconds : {int64_t{0}, int64_t{1764547200}, INT64_MAX}) {
    Note note = *SignNote(TestCheckpointText(), {&log});
    note.signatures.push_back(*CosignCheckpoint(note.text, witness, seconds));
    const auto opened =
        OpenCheckpoint(FormatNote(note), {witness.verifier(), log.verifier()}, OriginRule::kSignedByLog);
    ASSERT_TRUE(opened.ok()) << opened.status();
    ASSERT_THAT(opened->signers, SizeIs(2));
    EXPECT_EQ(opened->signers[1].key, witness.verifier());
    EXPECT_EQ(opened->signers[1].unix_seconds, seconds);
  }
}

TEST(Cosignature, TheNewestOfAWitnessCounts) {
  const SignerKey witness = TestKey("witness", KeyType::kCosignature, 'w');
  Note note{TestCheckpointText(), {}};
  for (const int64_t seconds : {20, 30, 10}) {
    note.signatures.push_back(*CosignCheckpoint(note.text, witness, seconds));
  }
  const auto signers = VerifyNote(note, {witness.verifier()});
  ASSERT_TRUE(signers.ok()) << signers.status();
  ASSERT_THAT(*signers, SizeIs(1));
  EXPECT_EQ(signers->front().unix_seconds, 30);
}

// c2sp.org/tlog-cosignature: a timestamp does not exceed 2^63 - 1.
TEST(Cosignature, ATimeBeyondAllTimesIsRefused) {
  const SignerKey witness = TestKey("witness", KeyType::kCosignature, 'w');
  const std::string text = TestCheckpointText();
  const std::string time = "\x80" + std::string(7, '\0');
  const std::string signature = *witness.private_key().Sign("cosignature/v1\ntime 9223372036854775808\n" + text);
  const Note note{text, {{"witness", witness.verifier().Id(), time + signature}}};
  EXPECT_EQ(VerifyNote(note, {witness.verifier()}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Cosignature, IsMadeOfCheckpointsOnlyAndWithItsOwnKeys) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  const SignerKey witness = TestKey("witness", KeyType::kCosignature, 'w');
  EXPECT_TRUE(CosignCheckpoint(TestCheckpointText(), witness, 1).ok());
  EXPECT_EQ(CosignCheckpoint("any text\n", witness, 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CosignCheckpoint(TestCheckpointText(), log, 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CosignCheckpoint(TestCheckpointText(), witness, -1).status().code(), absl::StatusCode::kInvalidArgument);
}

// A plain signature of the same key pair says nothing about consistency, and must not pass for a cosignature.
TEST(Cosignature, APlainSignatureIsNone) {
  const SignerKey log = TestKey("one", KeyType::kNote, 'k');
  const SignerKey witness = TestKey("one", KeyType::kCosignature, 'k');
  Note note = *SignNote(TestCheckpointText(), {&log});
  note.signatures[0].id = witness.verifier().Id();
  EXPECT_EQ(VerifyNote(note, {witness.verifier()}).status().code(), absl::StatusCode::kDataLoss);
  note.signatures[0].bytes = std::string(8, '\0') + note.signatures[0].bytes;
  EXPECT_EQ(VerifyNote(note, {witness.verifier()}).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sothon::note
