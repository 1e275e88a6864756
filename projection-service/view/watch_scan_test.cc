#include "projection-service/view/watch_scan.h"

#include <map>
#include <random>

#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;

// What one who watches knows: figures by place, scheme and month.
using Known = std::map<std::tuple<std::string, int, int32_t>, std::string>;

void Learn(const v1::WatchProgressResponse& message, Known* known) {
  for (const v1::ProgressRow& row : message.changes()) {
    EXPECT_EQ(row.span(), v1::ProgressRow::MONTH);
    const std::string figures = row.figures().SerializeAsString();
    if (figures.empty()) {
      known->erase({row.place_id(), row.scheme(), row.month()});
    } else {
      (*known)[{row.place_id(), row.scheme(), row.month()}] = figures;
    }
  }
}

Known AskForAll(const Projection& projection, const std::string& period) {
  v1::GetProgressRequest request;
  request.set_place_id("51");
  request.set_depth(2);
  request.set_period(period);
  Known known;
  v1::GetProgressResponse progress;
  const absl::Status status = projection.GetProgress(request, &progress);
  EXPECT_TRUE(status.ok()) << status;
  for (const v1::ProgressRow& row : progress.rows()) {
    const bool is_cell = row.span() == v1::ProgressRow::MONTH && row.scheme_group_id().empty() &&
                         row.place_id().size() > 5 && row.figures().ByteSizeLong() > 0;
    if (is_cell) known[{row.place_id(), row.scheme(), row.month()}] = row.figures().SerializeAsString();
  }
  return known;
}

std::unique_ptr<Projection> OpenIn(const TempDir& dir) {
  ProjectionOptions options;
  options.data_directory = dir.path();
  return *Projection::Open(std::move(options));
}

// However the watcher lags, is cut off and resumes, it ends up knowing what a fresh question tells.
TEST(WatchScan, WhoWatchesKnowsTheFiguresHoweverOftenTheyAreCutOff) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  std::mt19937_64 random(seed);
  const testing::FakeLog log = testing::MakeRandomLog(seed, 400);
  TempDir dir;
  const auto projection = OpenIn(dir);
  ASSERT_TRUE(log.Feed(projection.get(), 1, 50).ok());
  v1::WatchProgressRequest request;
  request.set_place_id("51");
  request.set_period("2025-09..2026-02");
  Known known;
  auto scan = projection->StartWatch(request);
  ASSERT_TRUE(scan.ok()) << scan.status();
  uint64_t applied = 50;
  while (applied < log.size()) {
    const uint64_t to = std::min<uint64_t>(log.size(), applied + 1 + random() % 20);
    ASSERT_TRUE(log.Feed(projection.get(), applied + 1, to).ok());
    applied = to;
    for (uint64_t reads = random() % 4; reads > 0; --reads) {
      v1::WatchProgressResponse message;
      if (!projection->NextChanges(1 + random() % 10, &*scan, &message)) break;
      EXPECT_LE(message.freshness().position(), applied);
      Learn(message, &known);
      request.set_from_position(message.freshness().position());
    }
    if (random() % 3 == 0) {
      scan = projection->StartWatch(request);
      ASSERT_TRUE(scan.ok()) << scan.status();
    }
  }
  v1::WatchProgressResponse message;
  while (projection->NextChanges(5, &*scan, &message)) {
    Learn(message, &known);
  }
  EXPECT_EQ(known, AskForAll(*projection, "2025-09..2026-02"));
}

TEST(WatchScan, BeginsWithWhatIsNotZeroAndThenTellsChangesOnly) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  const auto projection = OpenIn(dir);
  ASSERT_TRUE(example.log.Feed(projection.get(), 1, example.before + 9, 100).ok());
  v1::WatchProgressRequest request;
  request.set_place_id("23500-01");
  request.set_period("2025Q4");
  auto scan = projection->StartWatch(request);
  ASSERT_TRUE(scan.ok());
  v1::WatchProgressResponse message;
  ASSERT_TRUE(projection->NextChanges(100, &*scan, &message));
  EXPECT_EQ(message.changes_size(), 3);
  EXPECT_EQ(message.freshness().position(), example.before + 9);
  EXPECT_FALSE(projection->NextChanges(100, &*scan, &message));
  // E's late receipt for October changes October and November, and nobody's cover in December.
  ASSERT_TRUE(example.log.Feed(projection.get(), example.before + 10, example.before + 10).ok());
  ASSERT_TRUE(projection->NextChanges(100, &*scan, &message));
  ASSERT_GE(message.changes_size(), 2);
  EXPECT_EQ(message.changes(0).month(), 202510);
  EXPECT_EQ(message.changes(0).figures().first(), 3);
  EXPECT_EQ(message.changes(1).figures().first(), 0);
  EXPECT_EQ(message.freshness().position(), example.log.size());
}

TEST(WatchScan, TheFirstMessageComesEvenWithoutRows) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  const auto projection = OpenIn(dir);
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  v1::WatchProgressRequest request;
  request.set_place_id("23500");
  request.set_period("2020-01");
  auto scan = projection->StartWatch(request);
  ASSERT_TRUE(scan.ok());
  v1::WatchProgressResponse message;
  EXPECT_TRUE(projection->NextChanges(100, &*scan, &message));
  EXPECT_EQ(message.changes_size(), 0);
  EXPECT_EQ(message.freshness().position(), example.log.size());

  request.set_from_position(example.log.size() + 1);
  EXPECT_EQ(projection->StartWatch(request).status().code(), absl::StatusCode::kOutOfRange);
  request.set_from_position(0);
  request.set_place_id("99999");
  EXPECT_EQ(projection->StartWatch(request).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sothon::projection
