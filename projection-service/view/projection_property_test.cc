// Any answer, now or of the past, against a fresh projection of that prefix; on random logs, with printed seeds.
#include <algorithm>
#include <map>
#include <random>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using testing::Ask;
using testing::FakeLog;
using testing::Get;
using testing::ListAll;
using testing::MustOpen;

v1::GetProgressResponse Comparable(v1::GetProgressResponse response) {
  response.clear_freshness();
  for (v1::ProgressRow& row : *response.mutable_rows()) row.clear_last_change_position();
  return response;
}

TEST(ProjectionProperty, AsOfEqualsAFreshProjectionOfThatPrefix) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::mt19937_64 random(seed);
  const FakeLog log = testing::MakeRandomLog(seed, 500);
  TempDir dir;
  const auto whole = MustOpen(dir);
  for (uint64_t at = 1; at <= log.size();) {
    const uint64_t to = std::min<uint64_t>(log.size(), at + random() % 40);
    ASSERT_TRUE(log.Feed(whole.get(), at, to, 50).ok());
    at = to + 1;
  }
  for (int round = 0; round < 12; ++round) {
    const uint64_t prefix = 3 + random() % (log.size() - 2);
    TempDir fresh_dir;
    const auto fresh = MustOpen(fresh_dir);
    ASSERT_TRUE(log.Feed(fresh.get(), 1, prefix, 1000).ok());
    for (const char* period : {"2025Q4", "2025", "2025-09..2025-11", "2026-01"}) {
      v1::GetProgressRequest request = Ask(round % 2 == 0 ? "51" : "23500-01", period);
      request.set_depth(static_cast<uint32_t>(random() % 3));
      const auto expected = Get(*fresh, request);
      request.mutable_as_of()->set_position(prefix);
      const auto actual = Get(*whole, request);
      ASSERT_EQ(expected.ok(), actual.ok()) << expected.status() << actual.status();
      if (!expected.ok()) continue;
      EXPECT_EQ(Comparable(*expected).DebugString(), Comparable(*actual).DebugString()) << prefix << " " << period;
      EXPECT_EQ(actual->freshness().recorded_at_us(), log.recorded_at_us(prefix));
    }
  }
}

TEST(ProjectionProperty, ExplainSumsToTheFigureAndListsByPosition) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::mt19937_64 random(seed);
  const FakeLog log = testing::MakeRandomLog(seed, 600);
  TempDir dir;
  const auto projection = MustOpen(dir);
  ASSERT_TRUE(log.Feed(projection.get(), 1, log.size(), 9).ok());
  const std::map<v1::Counter, int64_t (*)(const v1::Figures&)> counters = {
      {v1::COUNTER_FIRST, [](const v1::Figures& f) { return f.first(); }},
      {v1::COUNTER_RETURNED, [](const v1::Figures& f) { return f.returned(); }},
      {v1::COUNTER_RENEWED, [](const v1::Figures& f) { return f.renewed(); }},
      {v1::COUNTER_REPEAT, [](const v1::Figures& f) { return f.repeat(); }},
      {v1::COUNTER_COLLECTED, [](const v1::Figures& f) { return f.collected(); }},
      {v1::COUNTER_DEVELOPED, [](const v1::Figures& f) { return f.first() + f.returned(); }},
      {v1::COUNTER_ACTIVE, [](const v1::Figures& f) { return f.active(); }},
      {v1::COUNTER_PAID_VND, [](const v1::Figures& f) { return f.paid_vnd(); }},
      {v1::COUNTER_CENTRAL_SUPPORT_VND, [](const v1::Figures& f) { return f.central_support_vnd(); }},
      {v1::COUNTER_LOCAL_SUPPORT_VND, [](const v1::Figures& f) { return f.local_support_vnd(); }}};
  for (int round = 0; round < 40; ++round) {
    const auto counter = std::next(counters.begin(), static_cast<std::ptrdiff_t>(random() % counters.size()));
    v1::GetProgressRequest ask =
        Ask(random() % 2 == 0 ? "23500" : "23500-02", random() % 2 == 0 ? "2025Q4" : "2025-11");
    v1::ExplainRequest explain;
    explain.set_place_id(ask.place_id());
    explain.set_period(ask.period());
    explain.set_counter(counter->first);
    if (random() % 2 == 0) {
      ask.add_schemes(v1::BHYT_HGD);
      explain.set_scheme(v1::BHYT_HGD);
    } else {
      ask.add_scheme_group_ids("BHYT_TU_DONG");
      explain.set_scheme_group_id("BHYT_TU_DONG");
    }
    if (random() % 2 == 0) {
      ask.mutable_as_of()->set_position(10 + random() % (log.size() - 9));
      *explain.mutable_as_of() = ask.as_of();
    }
    const auto progress = Get(*projection, ask);
    ASSERT_TRUE(progress.ok()) << progress.status();
    const v1::ProgressRow& period = progress->rows(progress->rows_size() - 1);
    ASSERT_EQ(period.span(), v1::ProgressRow::PERIOD);
    int64_t sum = 0;
    int64_t listed = 0;
    uint64_t last = 0;
    for (const v1::Posting& posting : ListAll(*projection, explain, &sum)) {
      listed += posting.change();
      EXPECT_GE(posting.position(), last);
      last = posting.position();
    }
    EXPECT_EQ(sum, counter->second(period.figures())) << explain.DebugString();
    EXPECT_EQ(listed, sum);
    EXPECT_LE(last, progress->freshness().position());
  }
}

// A row that sums targets is, figure by figure, the sum of those rows of villages that have one.
TEST(ProjectionProperty, SummedTargetsAreTheSumsOfTheVillagesThatHaveOne) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  const FakeLog log = testing::MakeRandomLog(seed, 600);
  TempDir dir;
  const auto projection = MustOpen(dir);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  v1::GetProgressRequest request = Ask("51", "2025-09..2025-12");
  request.set_depth(2);
  const auto progress = Get(*projection, request);
  ASSERT_TRUE(progress.ok()) << progress.status();
  struct Sum {
    int64_t target = 0, achieved = 0;
    bool operator==(const Sum&) const = default;
  };
  // By whatever tells one target of a row from another, but for the place.
  const auto key_of = [](const v1::ProgressRow& row, const v1::TargetProgress& target) {
    return StrCat(row.scheme(), row.scheme_group_id(), " ", row.span(), " ", row.from_month(), " ", row.month(), " ",
                  target.measure(), " ", target.document_id());
  };
  std::map<std::string, Sum> of_villages;
  for (const v1::ProgressRow& row : progress->rows()) {
    for (const v1::TargetProgress& target : row.targets()) {
      // The stock of several months is that of the last one with a target, which need not be the same for all.
      if (target.measure() == v1::ACTIVE && row.from_month() != row.month()) continue;
      if (row.place_id().size() < 8) continue;
      EXPECT_FALSE(target.summed());
      Sum& sum = of_villages[key_of(row, target)];
      sum.target += target.target();
      sum.achieved += target.achieved();
    }
  }
  size_t sums = 0;
  for (const v1::ProgressRow& row : progress->rows()) {
    for (const v1::TargetProgress& target : row.targets()) {
      const auto expected = of_villages.find(key_of(row, target));
      if (!target.summed() || expected == of_villages.end()) continue;
      ++sums;
      EXPECT_EQ(target.target(), expected->second.target) << row.DebugString();
      EXPECT_EQ(target.achieved(), expected->second.achieved) << row.DebugString();
      EXPECT_EQ(target.remaining(), std::max<int64_t>(0, target.target() - target.achieved()));
    }
  }
  EXPECT_GE(sums, of_villages.size());
  EXPECT_GT(sums, 10u);
}

TEST(ProjectionProperty, DigestsAreEqualHoweverTheStateWasReached) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  FakeLog log = testing::MakeRandomLog(seed, 300);
  TempDir live_dir, bulk_dir;
  const auto bulk = MustOpen(bulk_dir);
  ASSERT_TRUE(log.Feed(bulk.get(), 1, log.size(), 64, true).ok());
  ASSERT_TRUE(bulk->Flush().ok());
  {
    const auto live = MustOpen(live_dir);
    ASSERT_TRUE(log.Feed(live.get(), 1, log.size() / 2).ok());
  }
  const auto live = MustOpen(live_dir);
  ASSERT_TRUE(log.Feed(live.get(), 1, log.size()).ok());
  const auto a = live->GetDigests({});
  const auto b = bulk->GetDigests({});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_GT(a->cells_size(), 5);
  EXPECT_EQ(a->sha256().size(), 32u);
  EXPECT_EQ(a->DebugString(), b->DebugString());
  sothon::testing::ContributionSpec spec;
  spec.receipt = "one more";
  log.Add(sothon::testing::Contribution(spec));
  ASSERT_TRUE(log.FeedAll(live.get()).ok());
  EXPECT_NE(live->GetDigests({})->sha256(), a->sha256());
}

}  // namespace
}  // namespace sothon::projection
