#include "cli/audit/proof_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/audit/export_fixture.h"
#include "common/merkle/proof.h"
#include "common/note/tlog_proof.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// The proof of the event at `position` of a log of 300.
note::TlogProof ProofOf(const FakeLog& log, uint64_t position) {
  merkle::TreeEdge edge;
  std::map<std::pair<uint32_t, uint64_t>, std::vector<Hash>> full;
  for (const std::string& entry : log.entries) {
    edge.Append(merkle::HashLeaf(entry), [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
      full[{level, index}].assign(hashes.begin(), hashes.end());
    });
  }
  const merkle::TileNodes nodes(log.entries.size(), [&](const merkle::Tile& tile) {
    const auto found = full.find({tile.level, tile.index});
    const absl::Span<const Hash> hashes =
        found == full.end() ? edge.Partial(tile.level) : absl::Span<const Hash>(found->second);
    return absl::StatusOr<std::vector<Hash>>(std::vector<Hash>(hashes.begin(), hashes.end()));
  });
  note::TlogProof proof;
  proof.extra = log.entries[position - 1];
  proof.index = position - 1;
  proof.hashes = merkle::InclusionProof(position - 1, log.entries.size(), nodes).value();
  proof.checkpoint = log.Checkpoint();
  return proof;
}

TEST(ProofFiles, ProveTheEventAndWhoSigned) {
  const FakeLog log(300);
  const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
  const auto proven = CheckProof(file, {LogKey().verifier()});
  ASSERT_TRUE(proven.ok()) << proven.status();
  EXPECT_EQ(proven->event.position(), 42u);
  EXPECT_EQ(proven->event.event_id(), "42");
  EXPECT_EQ(proven->checkpoint.size, 300u);
  EXPECT_THAT(proven->signers, SizeIs(1));
  EXPECT_TRUE(CheckProof(file, {}).ok()) << "without keys nobody's signature is asked for";
  const note::SignerKey other = note::TestKey("another-log", note::KeyType::kNote, 'o');
  EXPECT_EQ(CheckProof(file, {other.verifier()}).status().code(), absl::StatusCode::kNotFound);
}

TEST(ProofFiles, AnotherEventAnotherPlaceOrAnotherTreeIsNotProven) {
  const FakeLog log(300);
  const note::TlogProof good = ProofOf(log, 42);
  const auto refused = [](const note::TlogProof& proof) {
    const auto file = note::FormatTlogProof(proof);
    return !file.ok() || !CheckProof(*file, {LogKey().verifier()}).ok();
  };
  EXPECT_FALSE(refused(good));
  note::TlogProof bad = good;
  bad.extra = log.entries[42];
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.index = 42;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.hashes.pop_back();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.checkpoint = FakeLog(301).Checkpoint();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.extra.clear();
  const auto file = note::FormatTlogProof(bad);
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(std::string(CheckProof(*file, {}).status().message()), HasSubstr("no event is in it"));
}

// An entry that stands in the log elsewhere than it says: a log that lies about its order.
TEST(ProofFiles, AnEventThatSaysAnotherPositionIsNotProven) {
  FakeLog log(300);
  std::swap(log.entries[41], log.entries[42]);
  const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
  EXPECT_THAT(std::string(CheckProof(file, {LogKey().verifier()}).status().message()),
              HasSubstr("says that it stands at position 43"));
}

TEST(ProofFiles, EveryByteCounts) {
  const FakeLog log(300);
  const std::string file = note::FormatTlogProof(ProofOf(log, 42)).value();
  for (size_t i = 0; i < file.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string bad = file;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      EXPECT_FALSE(CheckProof(bad, {LogKey().verifier()}).ok()) << "byte " << i << " bit " << bit;
    }
  }
}

}  // namespace
}  // namespace sothon::cli
