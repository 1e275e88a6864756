// The Merkle tree of the log is that of its events, however the log came to be where it is.
#include "ingest-service/log/log_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include "common/testing/temp_dir.h"
#include "ingest-service/log/event_block.h"
#include "ingest-service/log/log_options.h"
#include "ingest-service/testing/bad_disk.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using merkle::Hash;
using merkle::Tile;
using testing::AppendOne;
using testing::BadDisk;
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
  EventLogOptions Options() {
    EventLogOptions options;
    options.directory = directory_.path();
    options.log_id = "test";
    options.env = &disk_;
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
  // A write that fails; what becomes of it shows when the log is brought back.
  void FailToAppend(size_t events, BadDisk::Failure failure) {
    std::vector<v1::Event> request;
    for (size_t i = 0; i < events; ++i) request.push_back(Paid(StrCat(++receipts_)));
    disk_.failure = failure;
    EXPECT_EQ(AppendOne(log_.get(), PrepareAll(request), 1'000 + receipts_).status().code(),
              absl::StatusCode::kUnavailable);
    disk_.failure = BadDisk::kNone;
  }
  // With plain RocksDB, behind the log's back.
  using Families = std::vector<rocksdb::ColumnFamilyHandle*>;
  void WithDb(const ReopenableDb::Options& options, absl::FunctionRef<void(rocksdb::DB*, const Families&)> use) {
    log_.reset();
    Families families;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status opened = rocksdb::DB::Open(options.db, options.directory, options.families, &families, &db);
    ASSERT_TRUE(opened.ok()) << opened.ToString();
    use(db, families);
    for (rocksdb::ColumnFamilyHandle* one : families) delete one;
    delete db;
  }
  void Change(LogFamily family, std::string_view key, std::string_view value) {
    WithDb(LogDbOptions(Options()), [&](rocksdb::DB* db, const Families& families) {
      rocksdb::ColumnFamilyHandle* const changed = families[static_cast<size_t>(family)];
      const rocksdb::Slice at(key.data(), key.size());
      ASSERT_TRUE((value.empty() ? db->Delete(rocksdb::WriteOptions(), changed, at)
                                 : db->Put(rocksdb::WriteOptions(), changed, at, {value.data(), value.size()}))
                      .ok());
    });
  }
  // Empty: it is not there.
  std::string Stored(LogFamily family, std::string_view key) {
    std::string value;
    WithDb(LogDbOptions(Options()), [&](rocksdb::DB* db, const Families& families) {
      db->Get(rocksdb::ReadOptions(), families[static_cast<size_t>(family)], {key.data(), key.size()}, &value)
          .PermitUncheckedError();
    });
    return value;
  }
  // As the version left it that knew of no tree: without its column family, and of format 1.
  void MakeLogWithoutTree(size_t events) {
    ReopenableDb::Options options = LogDbOptions(Options());
    ASSERT_EQ(options.families.back().name, "tree");
    options.families.pop_back();
    WithDb(options, [&](rocksdb::DB* db, const Families& families) {
      rocksdb::WriteBatch batch;
      batch.Put(rocksdb::Slice(kLogFormatKey.data(), kLogFormatKey.size()), "1");
      batch.Put(rocksdb::Slice(kLogIdKey.data(), kLogIdKey.size()), "test");
      std::string block;
      for (uint64_t position = 1; position <= events; ++position) {
        AppendToEventBlock({position}, 1'000, SerializeBody(Paid(StrCat(++receipts_))), &block);
        if (position < events && block.size() < kEventBlockBytes) continue;
        batch.Put(families[static_cast<size_t>(LogFamily::kEvents)], BigEndian64(position), block);
        block.clear();
      }
      ASSERT_TRUE(db->Write(rocksdb::WriteOptions(), &batch).ok());
      ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), families).ok());
    });
  }
  bool HasFamily(const std::string& name) const {
    std::vector<std::string> names;
    EXPECT_TRUE(rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), directory_.path(), &names).ok());
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  BadDisk disk_;
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

// More than one write of the upgrade takes.
constexpr size_t kLongLog = 70'000;

TEST_F(LogTreeTest, ALogWrittenWithoutATreeGetsOne) {
  MakeLogWithoutTree(kLongLog);
  ASSERT_FALSE(HasFamily("tree"));
  Open();
  EXPECT_TRUE(HasFamily("tree"));
  EXPECT_EQ(log_->Head().value, kLongLog);
  ExpectTreeOfTheEvents();
  Append(100);
  Open();
  ExpectTreeOfTheEvents();
  EXPECT_EQ(Stored(LogFamily::kDefault, kLogFormatKey), kLogFormat);
}

TEST_F(LogTreeTest, AShortLogWrittenWithoutATree) {
  for (const size_t events : {1u, 255u, 256u}) {
    log_.reset();
    std::filesystem::remove_all(directory_.path());
    MakeLogWithoutTree(events);
    Open();
    ExpectTreeOfTheEvents();
    Append(300);
    Open();
    ExpectTreeOfTheEvents();
  }
}

TEST_F(LogTreeTest, AnUpgradeThatIsBrokenOffGoesOnAtTheNextStart) {
  MakeLogWithoutTree(kLongLog);
  disk_.room = 3 << 19;  // of a megabyte and a half: more than the first write of the tree takes, less than the second
  EXPECT_EQ(TryOpen().status().code(), absl::StatusCode::kUnavailable);
  disk_.room = INT64_MAX;
  EXPECT_EQ(Stored(LogFamily::kDefault, kLogFormatKey), kLogFormatWithoutTree);
  EXPECT_NE(Stored(LogFamily::kTree, TileKey(0, 0)), "") << "it was not broken off in the middle";
  EXPECT_EQ(Stored(LogFamily::kTree, TileKey(0, kLongLog / 256 - 1)), "") << "it was not broken off in the middle";
  Open();
  ExpectTreeOfTheEvents();
  EXPECT_EQ(Stored(LogFamily::kDefault, kLogFormatKey), kLogFormat);
}

TEST_F(LogTreeTest, AfterAFailedWriteItIsTheTreeOfWhatBecameOfIt) {
  Open();
  Append(200);
  std::set<uint64_t> became;
  for (const BadDisk::Failure failure : {BadDisk::kAtSync, BadDisk::kAtWriting, BadDisk::kAtSync}) {
    const uint64_t before = log_->Head().value;
    FailToAppend(300, failure);
    EXPECT_EQ(log_->Head().value, before);
    ExpectTreeOfTheEvents();
    ASSERT_TRUE(log_->Append({}, 1'000).ok());
    became.insert(log_->Head().value - before);
    ExpectTreeOfTheEvents();
    Append(100);
    ExpectTreeOfTheEvents();
    Open();
    ExpectTreeOfTheEvents();
  }
  EXPECT_EQ(became, (std::set<uint64_t>{0, 300})) << "a write that failed was never found, or always";
}

TEST_F(LogTreeTest, WhoeverSeesTheHeadFindsTheTreeOfItAlsoAfterAFailedWrite) {
  Open();
  Append(255);
  std::atomic<bool> stop{false};
  absl::Status missing;
  std::thread reader([&] {
    while (!stop && missing.ok()) {
      const uint64_t head = log_->Head().value;
      const Tile last{0, (head - 1) / merkle::kTileWidth, static_cast<uint32_t>((head - 1) % merkle::kTileWidth + 1)};
      const absl::Status found = log_->ReadTile(last).status();
      if (!absl::IsUnavailable(found)) missing.Update(found);
    }
  });
  for (int round = 0; round < 8; ++round) {
    FailToAppend(255, BadDisk::kAtSync);
    EXPECT_TRUE(log_->Append({}, 1'000).ok());
  }
  stop = true;
  reader.join();
  EXPECT_TRUE(missing.ok()) << missing;
}

}  // namespace
}  // namespace sothon::ingest
