// Golden bytes of every format in docs/formats/projection.md. A change here needs a new kFormatVersion.
#include "projection-service/store/formats.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"

namespace sothon::projection {
namespace {

using ledger::AccountKey;
using ledger::Counter;
using ledger::Counters;
using ledger::Posting;

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

const AccountKey kAccount(ledger::Dimension::kVillage, ledger::Ordinal{2}, v1::BHXH_TN, *CivilMonth::FromWire(202510));

Posting Change(Counter counter, int64_t change) { return {kAccount, counter, change}; }

TEST(ProjectionFormats, AnAccountKeyIsDimensionOrdinalSchemeMonth) {
  EXPECT_EQ(Hex(AccountKeyBytes(kAccount)), "0100000002015ef5");
}

TEST(ProjectionFormats, ACellIsItsCountersAndItsLastChange) {
  ledger::Cell cell;
  cell.counters[Counter::kFirst] = 2;
  cell.counters[Counter::kReturned] = 1;
  cell.counters[Counter::kRenewed] = -1;
  cell.counters[Counter::kActiveChange] = 4;
  cell.counters[Counter::kPaidVnd] = 264'000;
  cell.counters[Counter::kCentralSupportVnd] = 66'000;
  cell.last_change = {10};
  const std::string bytes = EncodeCell(cell);
  EXPECT_EQ(Hex(bytes),
            "040201000880"
            "9d20"
            "a08708"
            "00"
            "0a");
  ledger::Cell read;
  ASSERT_TRUE(DecodeCell(bytes, &read));
  EXPECT_EQ(read.counters, cell.counters);
  EXPECT_EQ(read.last_change, cell.last_change);
  EXPECT_FALSE(DecodeCell(bytes.substr(1), &read));
  EXPECT_FALSE(DecodeCell(bytes + '\0', &read));
}

TEST(ProjectionFormats, ABlockOfPostingsIsTotalsBeforeAndChanges) {
  Counters before;
  before[Counter::kFirst] = 1;
  PostingBlockWriter block;
  block.Begin({6}, before);
  block.Append({6},
               {Change(Counter::kFirst, 1), Change(Counter::kActiveChange, 1), Change(Counter::kPaidVnd, 264'000)});
  block.Append({9}, {Change(Counter::kFirst, -1)});
  EXPECT_EQ(Hex(PostingBlockKey(kAccount, block.first())),
            "0100000002015ef5"
            "0000000000000006");
  EXPECT_EQ(Hex(block.value()),
            "0200000000000000"  // totals before
            "00"
            "31"
            "02"
            "02"
            "809d20"
            "03"
            "01"
            "01");
}

TEST(ProjectionFormats, ABlockOfTimesLeavesOutWhatRepeats) {
  TimesBlockWriter block;
  block.Append({6}, 1000);
  block.Append({7}, 1000);
  block.Append({8}, 1300);
  block.Append({9}, 1300);
  EXPECT_EQ(Hex(block.Key()),
            "00000000000003e8"
            "0000000000000006");
  EXPECT_EQ(Hex(block.Value()),
            "03"
            "02"
            "ac02");
}

TEST(ProjectionFormats, MetaValues) {
  // RFC 6962's hash of the leaf that is empty, and of one of a byte.
  EXPECT_EQ(Hex(LeafHash("")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(Hex(LeafHash(std::string(1, '\0'))), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  const std::string applied = EncodeApplied({{300}, 1000}, LeafHash(""));
  EXPECT_EQ(Hex(applied), "ac02e8076e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  Applied read;
  std::string leaf_hash;
  ASSERT_TRUE(DecodeApplied(applied, &read, &leaf_hash));
  EXPECT_EQ(read.position.value, 300u);
  EXPECT_EQ(read.recorded_at_us, 1000);
  EXPECT_EQ(leaf_hash, LeafHash(""));
  EXPECT_FALSE(DecodeApplied(applied.substr(0, applied.size() - 1), &read, &leaf_hash));
  EXPECT_FALSE(DecodeApplied(applied + "x", &read, &leaf_hash));
  EXPECT_EQ(Hex(EncodeNumber(300)), "ac02");
  std::string rules = "01";
  for (int i = 0; i < 16; ++i) rules += "b401";
  EXPECT_EQ(Hex(EncodeRules(ledger::CountingRules())), rules);
  ledger::CountingRules stricter;
  stricter.grace_days[v1::BHXH_TN] = 30;
  EXPECT_NE(EncodeRules(stricter), EncodeRules(ledger::CountingRules()));
}

TEST(ProjectionFormats, BlocksGiveBackWhatWasPut) {
  std::mt19937 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 200; ++round) {
    Counters before;
    for (int64_t& value : before.values) value = static_cast<int64_t>(random()) - (1LL << 31);
    PostingBlockWriter writer;
    uint64_t position = 1 + random() % 1'000'000;
    writer.Begin({position}, before);
    std::vector<PostedChange> expected;
    for (int event = 0; event < 40; ++event) {
      std::vector<Posting> postings;
      for (size_t i = 0; i < ledger::kCounterCount; ++i) {
        if (random() % 3 != 0) continue;
        const auto change = static_cast<int64_t>(random()) - (1LL << 31);
        postings.push_back(Change(static_cast<Counter>(i), change));
        expected.push_back({{position}, static_cast<Counter>(i), change});
      }
      if (!postings.empty()) writer.Append({position}, postings);
      position += 1 + random() % 1000;
    }
    PostingBlockReader reader(writer.first(), writer.value());
    EXPECT_EQ(reader.totals_before(), before);
    PostedChange change;
    for (const PostedChange& want : expected) {
      ASSERT_TRUE(reader.Next(&change));
      EXPECT_EQ(change.position, want.position);
      EXPECT_EQ(change.counter, want.counter);
      EXPECT_EQ(change.change, want.change);
    }
    EXPECT_FALSE(reader.Next(&change));
    EXPECT_FALSE(reader.damaged());
  }
}

TEST(ProjectionFormats, DamageIsNoticedNotFollowed) {
  PostingBlockWriter writer;
  writer.Begin({6}, Counters{});
  writer.Append({6}, {Change(Counter::kPaidVnd, 264'000)});
  for (size_t cut = 0; cut < writer.value().size(); ++cut) {
    const std::string bytes = writer.value().substr(0, cut);
    PostingBlockReader reader({6}, bytes);
    PostedChange change;
    EXPECT_FALSE(reader.Next(&change)) << cut;
    EXPECT_EQ(reader.damaged(), cut != ledger::kCounterCount) << cut;  // totals without a change are whole
  }
  const std::string unknown_counter = std::string(8, '\0') + std::string("\x00\x80\x02\x02", 4);
  PostingBlockReader reader({6}, unknown_counter);
  PostedChange change;
  EXPECT_FALSE(reader.Next(&change));
  EXPECT_TRUE(reader.damaged());
}

TEST(ProjectionFormats, TimesBlocksAnswerBothWays) {
  TimesBlockWriter writer;
  const std::vector<int64_t> times = {1000, 1000, 1300, 1300, 1301, 9000};
  for (size_t i = 0; i < times.size(); ++i) writer.Append({6 + i}, times[i]);
  const std::string value = writer.Value();
  const TimesBlock block{{6}, 1000, value};
  for (size_t i = 0; i < times.size(); ++i) {
    int64_t at = 0;
    ASSERT_TRUE(RecordedTimeInBlock(block, {6 + i}, &at));
    EXPECT_EQ(at, times[i]);
  }
  int64_t at = 0;
  EXPECT_FALSE(RecordedTimeInBlock(block, {12}, &at));
  const std::vector<std::pair<int64_t, uint64_t>> cases = {{1000, 7},  {1299, 7},  {1300, 9},   {1301, 10},
                                                           {8999, 10}, {9000, 11}, {99'999, 11}};
  for (const auto& [when, expected] : cases) {
    Position position;
    ASSERT_TRUE(LastPositionInBlock(block, when, &position));
    EXPECT_EQ(position.value, expected) << when;
  }
}

}  // namespace
}  // namespace sothon::projection
