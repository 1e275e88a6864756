// The Merkle tree of the log is that of its events, however the log came to be where it is.
#include "ingest-service/log/log_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "common/testing/temp_dir.h"
#include "ingest-service/log/log_options.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using merkle::Hash;
using merkle::Tile;
using testing::AppendOne;
using ::testing::HasSubstr;
using testing::Paid;
using testing::PrepareAll;
using testing::ReadAll;

class LogTreeTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<EventLog>> TryOpen() { return EventLog::Open(Options()); }
  void Open() {
    log_.reset();
    auto log = TryOpen();
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  EventLogOptions Options() const {
    EventLogOptions options;
    options.directory = directory_.path();
    options.log_id = "test";
    return options;
  }
  void Append(size_t events) {
    std::vector<v1::Event> request;
    for (size_t i = 0; i < events; ++i) request.push_back(Paid(StrCat(++receipts_)));
    const AppendOutcome outcome = AppendOne(log_.get(), PrepareAll(request), 1'000 + receipts_);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
  }
  // Every tile of the log against a tree that is grown from its events.
  void ExpectTreeOfTheEvents() const {
    std::map<std::pair<uint32_t, uint64_t>, std::vector<Hash>> full;
    merkle::TreeEdge edge;
    for (const std::string& stored : ReadAll(*log_)) {
      edge.Append(merkle::HashLeaf(stored), [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
        full[{level, index}].assign(hashes.begin(), hashes.end());
      });
    }
    ASSERT_EQ(edge.size(), log_->Head().value);
    for (const Tile& tile : merkle::NewTiles(0, edge.size())) {
      const auto hashes = log_->ReadTile(tile);
      ASSERT_TRUE(hashes.ok()) << hashes.status();
      const absl::Span<const Hash> partial = edge.Partial(tile.level);
      const std::vector<Hash> expected =
          tile.IsFull() ? full.at({tile.level, tile.index}) : std::vector<Hash>(partial.begin(), partial.end());
      ASSERT_EQ(*hashes, expected) << merkle::TilePath(tile);
    }
    const merkle::TileNodes nodes(edge.size(), [this](const Tile& tile) { return log_->ReadTile(tile); });
    EXPECT_EQ(*merkle::Root(edge.size(), nodes), edge.Root());
  }
  // Behind the log's back.
  void Change(LogFamily family, std::string_view key, std::string_view value) {
    log_.reset();
    const ReopenableDb::Options options = LogDbOptions(Options());
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options.db, options.directory, options.families, &families, &db).ok());
    rocksdb::ColumnFamilyHandle* const changed = families[static_cast<size_t>(family)];
    const rocksdb::Slice at(key.data(), key.size());
    ASSERT_TRUE((value.empty() ? db->Delete(rocksdb::WriteOptions(), changed, at)
                               : db->Put(rocksdb::WriteOptions(), changed, at, {value.data(), value.size()}))
                    .ok());
    for (rocksdb::ColumnFamilyHandle* one : families) delete one;
    delete db;
  }

  sothon::testing::TempDir directory_;
  std::unique_ptr<EventLog> log_;
  int receipts_ = 0;
};

TEST_F(LogTreeTest, GrowsWithTheLogAndIsTakenUpAgain) {
  Open();
  ExpectTreeOfTheEvents();
  for (const size_t events : {1u, 1u, 253u, 1u, 1u, 300u, 1'000u}) {
    Append(events);
    ExpectTreeOfTheEvents();
    Open();
    ExpectTreeOfTheEvents();
  }
}

TEST_F(LogTreeTest, BeyondTheFirstTileOfTheSecondLevel) {
  Open();
  for (int i = 0; i < 17; ++i) Append(4'000);
  ExpectTreeOfTheEvents();
  Open();
  Append(2);
  ExpectTreeOfTheEvents();
}

TEST_F(LogTreeTest, PartialTilesOfThePastAreTheBeginningOfWhatTheyBecame) {
  Open();
  Append(100);
  const auto then = log_->ReadTile({0, 0, 100});
  ASSERT_TRUE(then.ok());
  Append(400);
  EXPECT_EQ(log_->ReadTile({0, 0, 100}).value(), *then);
  EXPECT_EQ(log_->ReadTile({0, 1, 10}).value().size(), 10u);
  EXPECT_EQ(log_->ReadTile({0, 1, 245}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(log_->ReadTile({0, 2, 1}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(LogTreeTest, ATileThatIsNotOfTheEventsIsRefusedAtTheStart) {
  Open();
  Append(300);
  const std::vector<Hash> tile = log_->ReadTile({0, 0, 256}).value();
  std::string bytes(reinterpret_cast<const char*>(tile.data()), tile.size() * sizeof(Hash));
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  Change(LogFamily::kTree, TileKey(0, 0), bytes);
  EXPECT_THAT(std::string(TryOpen().status().message()), HasSubstr("tile/0/000 is not that of its events"));
  Change(LogFamily::kTree, TileKey(0, 0), "");
  EXPECT_EQ(TryOpen().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(LogTreeTest, ALogWrittenWithoutATreeGetsOne) {
  Open();
  Append(700);
  Change(LogFamily::kTree, TileKey(0, 0), "");
  Change(LogFamily::kTree, TileKey(0, 1), "");
  Change(LogFamily::kDefault, kLogFormatKey, kLogFormatWithoutTree);
  Open();
  ExpectTreeOfTheEvents();
  Append(100);
  Open();
  ExpectTreeOfTheEvents();
}

}  // namespace
}  // namespace sothon::ingest
