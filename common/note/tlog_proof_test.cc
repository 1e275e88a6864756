#include "common/note/tlog_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/note/signed_note.h"
#include "common/note/test_keys.h"

namespace sothon::note {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kHash[] = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";
constexpr char kOtherHash[] = "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n";

// A signed checkpoint of 3 entries.
std::string SignedCheckpointText() {
  const SignerKey log = TestKey("ia-nan", KeyType::kNote, 'l');
  return FormatNote(*SignNote(TestCheckpointText(), {&log}));
}

TEST(TlogProof, ReadsAndWritesBack) {
  const std::string checkpoint = SignedCheckpointText();
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  const std::string whole = header + "extra ZXh0cmE=\nindex 2\n" + kHash + kOtherHash + "\n" + checkpoint;
  const auto proof = ParseTlogProof(whole);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->extra, "extra");
  EXPECT_EQ(proof->index, 2u);
  ASSERT_THAT(proof->hashes, SizeIs(2));
  EXPECT_EQ(EncodeBase64(merkle::AsBytes(proof->hashes[1])) + "\n", kOtherHash);
  EXPECT_EQ(proof->checkpoint, checkpoint);
  EXPECT_EQ(*FormatTlogProof(*proof), whole);
  for (const std::string& text :
       {header + "index 0\n\n" + checkpoint, header + "extra AA==\nindex 1\n\n" + checkpoint}) {
    const auto small = ParseTlogProof(text);
    ASSERT_TRUE(small.ok()) << small.status();
    EXPECT_EQ(*FormatTlogProof(*small), text);
  }
}

TEST(TlogProof, ErrorsNameTheLine) {
  const std::string checkpoint = SignedCheckpointText();
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  const std::pair<std::string, const char*> cases[] = {
      {"", "line 1: a proof begins with"},
      {"c2sp.org/tlog-proof@v2\nindex 0\n\n" + checkpoint, "line 1: a proof begins with"},
      {header, "line 2: a proof has its index here"},
      {header + "extra \nindex 0\n\n" + checkpoint, "line 2: after 'extra'"},
      {header + "extra A\nindex 0\n\n" + checkpoint, "line 2: after 'extra'"},
      {header + "extra AA==\n", "line 3: a proof has its index here"},
      {header + "extra AA==\nextra AA==\nindex 0\n\n" + checkpoint, "line 3: here should be 'index'"},
      {header + "index 00\n\n" + checkpoint, "line 2: here should be 'index'"},
      {header + "index  0\n\n" + checkpoint, "line 2: here should be 'index'"},
      {header + "index\n\n" + checkpoint, "line 2: here should be 'index'"},
      {header + "index 0\nextra AA==\n\n" + checkpoint, "line 3: a hash of a proof"},
      {header + "index 0\nAAAA\n\n" + checkpoint, "line 3: a hash of a proof"},
      {header + "index 0\n" + kHash, "line 4: a proof has an empty line and a checkpoint"},
      {header + "index 0\n\n", "the checkpoint after the empty line: a note has"},
      {header + "index 0\n\n\n" + checkpoint, "the checkpoint after the empty line: line 1: "},
      {header + "index 0\n\nia-nan\n\n— k AAAAAAAA\n", "the checkpoint after the empty line: line 2: "},
      {header + "index 3\n\n" + checkpoint, "the index 3 is not below the 3 entries"},
      {header + "index 0\n\n" + checkpoint + "\n", "the checkpoint after the empty line: "},
  };
  for (const auto& [text, what] : cases) {
    const absl::Status status = ParseTlogProof(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(MessageOf(status), HasSubstr(what)) << text;
  }
}

TEST(TlogProof, IsBounded) {
  TlogProof proof;
  proof.checkpoint = SignedCheckpointText();
  proof.hashes.resize(kTlogProofHashesMax);
  EXPECT_TRUE(FormatTlogProof(proof).ok());
  proof.hashes.resize(kTlogProofHashesMax + 1);
  EXPECT_EQ(FormatTlogProof(proof).status().code(), absl::StatusCode::kInvalidArgument);
  proof.hashes.clear();
  proof.extra = std::string(kTlogProofBytesMax, 'x');
  EXPECT_EQ(FormatTlogProof(proof).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TlogProof, WhatDoesNotReadBackIsNotWritten) {
  TlogProof proof;
  EXPECT_EQ(FormatTlogProof(proof).status().code(), absl::StatusCode::kInvalidArgument);
  proof.checkpoint = SignedCheckpointText();
  EXPECT_TRUE(FormatTlogProof(proof).ok());
  proof.index = 3;
  EXPECT_EQ(FormatTlogProof(proof).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::note
