// Every byte of a signed checkpoint, put to every other value.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/note/checkpoint.h"
#include "common/note/test_keys.h"
#include "common/note/tlog_proof.h"

namespace sothon::note {
namespace {

// Calls `check` with `bytes` after each change of one byte, and the place of that byte.
template <typename Check>
void ForEachChangedByte(const std::string& bytes, const Check& check) {
  std::string changed = bytes;
  for (size_t place = 0; place < bytes.size(); ++place) {
    for (int step = 1; step < 256; ++step) {
      changed[place] = static_cast<char>(static_cast<uint8_t>(bytes[place]) + step);
      check(changed, place);
    }
    changed[place] = bytes[place];
  }
}

TEST(Tamper, NoByteOfACheckpointThatItsLogAloneSignedCanBeChanged) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  const std::string bytes = FormatNote(*SignNote(TestCheckpointText(), {&log}));
  ASSERT_TRUE(OpenCheckpoint(bytes, {log.verifier()}, OriginRule::kAny).ok());
  size_t changes = 0;
  ForEachChangedByte(bytes, [&](const std::string& changed, size_t place) {
    ++changes;
    EXPECT_FALSE(OpenCheckpoint(changed, {log.verifier()}, OriginRule::kAny).ok())
        << "byte " << place << " as " << static_cast<int>(static_cast<uint8_t>(changed[place]));
  });
  EXPECT_EQ(changes, bytes.size() * 255);
}

// Of a note with more signatures, there are places that may be changed without anybody noticing, and what is said stays
// the same: all of a signature line by a key that is not known, but for its form; and of one by a known key the name
// and the key id, after which the line is by a key that is not known, and its signer not told any more.
TEST(Tamper, OnlySignaturesThatNobodyKnowsCanBeChanged) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  const SignerKey witness = TestKey("witness", KeyType::kCosignature, 'w');
  const SignerKey stranger = TestKey("stranger", KeyType::kNote, 's');
  Note note = *SignNote(TestCheckpointText(), {&log});
  const size_t witness_line = FormatNote(note).size();
  note.signatures.push_back(*CosignCheckpoint(note.text, witness, 1764547200));
  const size_t stranger_line = FormatNote(note).size();
  note.signatures.push_back(*SignText(note.text, stranger));
  const std::string bytes = FormatNote(note);
  // An em dash is 3 bytes; the id is the first 5.3 of the base64 digits.
  const size_t witness_name = witness_line + 4;
  const size_t witness_signature = witness_name + std::string("witness ").size() + 6;
  const std::vector<VerifierKey> keys = {log.verifier(), witness.verifier()};
  size_t taken = 0;
  ForEachChangedByte(bytes, [&](const std::string& changed, size_t place) {
    const auto opened = OpenCheckpoint(changed, keys, OriginRule::kSignedByLog);
    if (!opened.ok()) return;
    ++taken;
    EXPECT_EQ(opened->note.text, note.text) << place;
    const bool of_witness = place >= witness_name && place < witness_signature;
    EXPECT_TRUE(of_witness || place >= stranger_line + 4) << place;
    ASSERT_EQ(opened->signers.size(), of_witness ? 1u : 2u) << place;
    EXPECT_EQ(opened->signers[0].key, log.verifier());
    EXPECT_EQ(opened->signers.back().unix_seconds.has_value(), !of_witness) << place;
  });
  EXPECT_GT(taken, 1000u);  // or the places above are not what this test is about
}

TEST(Tamper, AProofReadsBackAsWhatItSaysOrNotAtAll) {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  TlogProof proof;
  proof.extra = "e";
  proof.index = 1;
  proof.hashes = {Hash{1}, Hash{2}};
  proof.checkpoint = FormatNote(*SignNote(TestCheckpointText(), {&log}));
  const std::string bytes = *FormatTlogProof(proof);
  ForEachChangedByte(bytes, [&](const std::string& changed, size_t place) {
    const auto parsed = ParseTlogProof(changed);
    if (!parsed.ok()) return;
    EXPECT_NE(*parsed, proof) << "byte " << place << " says nothing";
    EXPECT_EQ(*FormatTlogProof(*parsed), changed);
  });
}

}  // namespace
}  // namespace sothon::note
