#include "projection-service/store/store.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/store/database_options.h"
#include "rocksdb/db.h"

namespace sothon::projection {
namespace {

using ledger::AccountKey;
using ledger::Counter;
using ledger::Counters;
using ledger::Posting;
using sothon::testing::SubjectOf;
using sothon::testing::TempDir;
using ::testing::HasSubstr;

AccountKey Account(uint32_t ordinal, int32_t month = 202510, v1::Scheme scheme = v1::BHXH_TN) {
  return AccountKey(ledger::Dimension::kVillage, ledger::Ordinal{ordinal}, scheme, *CivilMonth::FromWire(month));
}

std::unique_ptr<Store> MustOpen(const StoreOptions& options) {
  auto store = Store::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

TEST(ProjectionStore, GivesBackAfterReopeningWhatWasCommitted) {
  TempDir dir;
  const StoreOptions options{.directory = dir.Path("view")};
  ledger::HistoryEntry entry;
  entry.position = 7;
  entry.paid_vnd = 264'000;
  entry.scheme = v1::BHXH_TN;
  entry.months = 3;
  ledger::Cell cell;
  cell.counters[Counter::kFirst] = 3;
  cell.last_change = {7};
  {
    const auto store = MustOpen(options);
    EXPECT_EQ(store->state_at_open().applied.position.value, 0u);
    ASSERT_TRUE(store->BindLog("log-51").ok());
    StoreBatch batch;
    batch.PutParticipant(SubjectOf(1), {entry});
    batch.PutCell(Account(2), cell);
    batch.PutReference({2}, "second");
    batch.PutReference({1}, "first");
    batch.PutApplied({{7}, 1'234'567}, LeafHash("the seventh"));
    batch.PutFirstSynthetic({3});
    ASSERT_TRUE(store->Commit({&batch, 1}).ok());
  }
  const auto store = MustOpen(options);
  EXPECT_EQ(store->state_at_open().log_id, "log-51");
  EXPECT_EQ(store->state_at_open().applied.position.value, 7u);
  EXPECT_EQ(store->state_at_open().applied.recorded_at_us, 1'234'567);
  EXPECT_EQ(store->state_at_open().leaf_hash, LeafHash("the seventh"));
  EXPECT_EQ(store->state_at_open().first_synthetic.value, 3u);
  int participants = 0;
  ASSERT_TRUE(store
                  ->LoadParticipants([&](const SubjectId& subject, ledger::History history) {
                    ++participants;
                    EXPECT_EQ(subject, SubjectOf(1));
                    EXPECT_EQ(history, ledger::History{entry});
                  })
                  .ok());
  EXPECT_EQ(participants, 1);
  int cells = 0;
  ASSERT_TRUE(store
                  ->LoadCells([&](AccountKey account, const ledger::Cell& read) {
                    ++cells;
                    EXPECT_EQ(account, Account(2));
                    EXPECT_EQ(read.counters, cell.counters);
                  })
                  .ok());
  EXPECT_EQ(cells, 1);
  std::vector<std::string> reference;
  ASSERT_TRUE(store
                  ->LoadReference([&](std::string_view stored) {
                    reference.emplace_back(stored);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(reference, ::testing::ElementsAre("first", "second"));
}

TEST(ProjectionStore, OtherCountingRulesAreRefusedWithTheRemedy) {
  TempDir dir;
  StoreOptions options{.directory = dir.Path("view")};
  MustOpen(options).reset();
  options.rules.grace_days[v1::BHXH_TN] = 30;
  const auto refused = Store::Open(options);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("--rebuild"));
}

TEST(ProjectionStore, AnotherFormatIsRefusedWithTheRemedy) {
  TempDir dir;
  const StoreOptions options{.directory = dir.Path("view")};
  MustOpen(options).reset();
  {
    const DatabaseOptions database = MakeDatabaseOptions(options);
    rocksdb::DB* opened = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    ASSERT_TRUE(rocksdb::DB::Open(database.options, options.directory, database.families, &families, &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    const std::string format_1("\x01", 1);
    EXPECT_TRUE(
        db->Put(rocksdb::WriteOptions(), families[1 + static_cast<size_t>(StoreFamily::kMeta)], kMetaFormat, format_1)
            .ok());
    for (rocksdb::ColumnFamilyHandle* family : families) EXPECT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  }
  const auto refused = Store::Open(options);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("has format version 1"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("--rebuild"));
}

TEST(ProjectionStore, ASecondProcessIsRefused) {
  TempDir dir;
  const StoreOptions options{.directory = dir.Path("view")};
  const auto store = MustOpen(options);
  EXPECT_EQ(Store::Open(options).status().code(), absl::StatusCode::kFailedPrecondition);
}

// Random postings in blocks of random size, against a list of all of them.
TEST(ProjectionStore, TotalsAsOfAPositionAreTheSumOfPostingsUpToIt) {
  std::mt19937 random(sothon::testing::SeedForThisRun());
  TempDir dir;
  const auto store = MustOpen({.directory = dir.Path("view")});
  std::vector<std::pair<uint64_t, Posting>> all;
  std::map<AccountKey, Counters> totals;
  uint64_t position = 0;
  for (int commit = 0; commit < 40; ++commit) {
    StoreBatch batch;
    std::map<AccountKey, PostingBlockWriter> blocks;
    for (size_t event = 0; event < 1 + random() % 20; ++event) {
      ++position;
      for (uint32_t ordinal = 0; ordinal < 4; ++ordinal) {
        if (random() % 2 == 0) continue;
        const Posting posting{Account(ordinal), static_cast<Counter>(random() % ledger::kCounterCount),
                              static_cast<int64_t>(random() % 2000) - 1000};
        PostingBlockWriter& block = blocks[posting.account];
        if (block.empty()) block.Begin({position}, totals[posting.account]);
        block.Append({position}, {posting});
        totals[posting.account][posting.counter] += posting.change;
        all.emplace_back(position, posting);
      }
    }
    for (const auto& [account, block] : blocks) batch.PutPostings(account, block);
    ASSERT_TRUE(store->Commit({&batch, 1}).ok());
  }
  for (uint64_t as_of = 0; as_of <= position + 1; as_of += 1 + random() % 5) {
    for (uint32_t ordinal = 0; ordinal < 5; ++ordinal) {
      Counters expected;
      std::vector<int64_t> listed;
      for (const auto& [at, posting] : all) {
        if (at > as_of || posting.account != Account(ordinal)) continue;
        expected[posting.counter] += posting.change;
        listed.push_back(posting.change);
      }
      const auto found = store->TotalsAsOf(Account(ordinal), {as_of});
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_EQ(*found, expected) << "as of " << as_of;
      Store::PostingsCursor cursor{Account(ordinal), {0}};
      Store::PostingsCursor* const cursors[] = {&cursor};
      std::vector<int64_t> read;
      for (size_t before = SIZE_MAX; before != read.size();) {
        before = read.size();
        ASSERT_TRUE(
            store->ReadPostings(cursors, {as_of}, [&](size_t, const PostedChange& c) { read.push_back(c.change); })
                .ok());
      }
      EXPECT_EQ(read, listed);
    }
  }
}

TEST(ProjectionStore, PositionsAndRecordedTimesFindEachOther) {
  std::mt19937 random(sothon::testing::SeedForThisRun());
  TempDir dir;
  const auto store = MustOpen({.directory = dir.Path("view")});
  EXPECT_EQ(store->PositionAt(5)->value, 0u);
  std::vector<int64_t> times{0};  // index: position
  int64_t now = 1'700'000'000'000'000;
  for (int commit = 0; commit < 60; ++commit) {
    TimesBlockWriter block;
    for (size_t event = 0; event < 1 + random() % 6; ++event) {
      // Often the same moment, also across commits.
      if (random() % 3 == 0) now += random() % 5000;
      block.Append({times.size()}, now);
      times.push_back(now);
    }
    StoreBatch batch;
    batch.PutTimes(block);
    ASSERT_TRUE(store->Commit({&batch, 1}).ok());
  }
  for (uint64_t position = 1; position < times.size(); ++position) {
    const auto at = store->RecordedAt({position});
    ASSERT_TRUE(at.ok()) << at.status();
    EXPECT_EQ(*at, times[position]) << position;
    for (const int64_t when : {times[position] - 1, times[position], times[position] + 1}) {
      uint64_t last = 0;
      while (last + 1 < times.size() && times[last + 1] <= when) ++last;
      EXPECT_EQ(store->PositionAt(when)->value, last) << when;
    }
  }
  EXPECT_FALSE(store->RecordedAt({times.size()}).ok());
}

}  // namespace
}  // namespace sothon::projection
