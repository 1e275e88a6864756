#include <filesystem>
#include <fstream>

#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/fake_log.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {
namespace {

using sothon::testing::TempDir;
using testing::FakeLog;
using ::testing::HasSubstr;

std::unique_ptr<Projection> OpenIn(const TempDir& dir, bool afresh = false) {
  ProjectionOptions options;
  options.data_directory = dir.path();
  options.afresh = afresh;
  auto projection = Projection::Open(std::move(options));
  EXPECT_TRUE(projection.ok()) << projection.status();
  return projection.ok() ? *std::move(projection) : nullptr;
}

std::vector<std::string> ViewsIn(const TempDir& dir) {
  std::vector<std::string> views;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    if (entry.is_directory()) views.push_back(entry.path().filename().string());
  }
  return views;
}

std::string DigestOf(const Projection& projection) { return projection.GetDigests({})->sha256(); }

TEST(Rebuild, SwitchesToAnEqualViewWhileEventsGoOnComing) {
  const uint64_t seed = sothon::testing::SeedForThisRun();
  FakeLog log = testing::MakeRandomLog(seed, 3000);
  TempDir dir;
  auto projection = OpenIn(dir);
  ASSERT_TRUE(projection->BindLog("quang-ngai").ok());
  uint64_t applied = 2000;
  ASSERT_TRUE(log.Feed(projection.get(), 1, applied, 7).ok());
  // While the rebuild reads up to 2000, events go on being applied. It reads the rest while applying waits for it.
  log.before_visit = [&] {
    if (applied < 2200) {
      ASSERT_TRUE(log.Feed(projection.get(), applied + 1, applied + 10, 10).ok());
      applied += 10;
    }
  };
  const std::shared_ptr<const BuiltView> old_view = projection->view();
  const auto rebuilt = projection->Rebuild(&log, false, [] { return false; });
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.status();
  EXPECT_EQ(rebuilt->events(), applied);
  EXPECT_EQ(rebuilt->freshness().position(), applied);
  EXPECT_EQ(rebuilt->freshness().log_id(), "quang-ngai");
  EXPECT_GT(rebuilt->cells_compared(), 10u);
  EXPECT_NE(projection->view(), old_view);
  EXPECT_EQ(projection->view()->store().directory(), dir.Path("view-2"));

  log.before_visit = nullptr;
  ASSERT_TRUE(log.Feed(projection.get(), applied + 1, log.size(), 100).ok());
  const std::string digest = DigestOf(*projection);
  projection.reset();
  projection = OpenIn(dir);
  EXPECT_EQ(projection->position().value, log.size());
  EXPECT_EQ(DigestOf(*projection), digest);
  EXPECT_THAT(ViewsIn(dir), ::testing::ElementsAre("view-2"));
  TempDir fresh_dir;
  const auto fresh = OpenIn(fresh_dir);
  ASSERT_TRUE(log.FeedAll(fresh.get()).ok());
  EXPECT_EQ(DigestOf(*fresh), digest);
}

TEST(Rebuild, InTroubleItIsRefusedNamingTheTroubleAndTheRemedy) {
  FakeLog log = testing::MakeRandomLog(3, 200);
  const TempDir dir;
  const auto projection = OpenIn(dir);
  ASSERT_TRUE(log.FeedAll(projection.get()).ok());
  projection->NoteTrouble("the log has another event at position 7");
  const auto refused = projection->Rebuild(&log, false, [] { return false; });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorInfoOf(refused.status()).reason(), "PROJECTION_IN_TROUBLE");
  EXPECT_THAT(refused.status().ToString(), HasSubstr("another event at position 7"));
  EXPECT_THAT(refused.status().ToString(), HasSubstr("--rebuild"));
  // Trouble that comes while it reads explains what it led to.
  projection->NoteTrouble("");
  log.before_visit = [&] { projection->NoteTrouble("the log has another event at position 9"); };
  const auto cut_short = projection->Rebuild(&log, false, [&] { return !projection->trouble().empty(); });
  EXPECT_THAT(cut_short.status().ToString(), HasSubstr("another event at position 9"));
  log.before_visit = nullptr;
  projection->NoteTrouble("");
  EXPECT_TRUE(projection->Rebuild(&log, false, [] { return false; }).ok());
}

TEST(Rebuild, ADifferenceRefusesTheSwitchAndNamesTheCells) {
  testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  const auto projection = OpenIn(dir);
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  // The same log, had B's receipt of position 3 been for another month.
  FakeLog other;
  for (uint64_t position = 1; position <= example.log.size(); ++position) {
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(example.log.stored(position)));
    const int64_t recorded_at_us = event.recorded_at_us();
    event.clear_position();
    event.clear_recorded_at_us();
    if (position == example.before + 3) event.set_effective_date(20251120);
    other.Add(event, recorded_at_us);
  }
  const std::shared_ptr<const BuiltView> running = projection->view();
  const auto refused = projection->Rebuild(&other, false, [] { return false; });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  const auto info = ErrorInfoOf(refused.status());
  EXPECT_EQ(info.reason(), "REBUILD_DIFFERS");
  EXPECT_THAT(info.metadata().at("differences"), HasSubstr("23500-01 BHXH_TN 2025-10: counter 0 is 3, rebuilt 2"));
  EXPECT_EQ(projection->view(), running);
  EXPECT_THAT(ViewsIn(dir), ::testing::ElementsAre("view-1"));
}

TEST(Rebuild, DryRunAndCancellationChangeNothing) {
  testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  const auto projection = OpenIn(dir);
  ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  const auto dry = projection->Rebuild(&example.log, true, [] { return false; });
  ASSERT_TRUE(dry.ok()) << dry.status();
  EXPECT_EQ(projection->view()->store().directory(), dir.Path("view-1"));
  EXPECT_EQ(projection->Rebuild(&example.log, false, [] { return true; }).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_THAT(ViewsIn(dir), ::testing::ElementsAre("view-1"));
}

TEST(Rebuild, AfreshBeginsFromNothingWhateverIsStored) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  {
    const auto projection = OpenIn(dir);
    ASSERT_TRUE(example.log.FeedAll(projection.get()).ok());
  }
  std::ofstream(dir.Path("CURRENT")) << "nonsense";
  ProjectionOptions options;
  options.data_directory = dir.path();
  EXPECT_EQ(Projection::Open(std::move(options)).status().code(), absl::StatusCode::kDataLoss);
  const auto afresh = OpenIn(dir, true);
  EXPECT_EQ(afresh->position().value, 0u);
  EXPECT_EQ(ViewsIn(dir).size(), 1u);
}

TEST(DataDirectory, LeftoversOfABrokenRebuildGo) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  { ASSERT_TRUE(example.log.FeedAll(OpenIn(dir).get()).ok()); }
  std::filesystem::create_directory(dir.Path("view-7"));
  const auto projection = OpenIn(dir);
  EXPECT_EQ(projection->position().value, example.log.size());
  EXPECT_THAT(ViewsIn(dir), ::testing::ElementsAre("view-1"));
}

TEST(DataDirectory, ASecondProcessIsRefusedAndHarmsNothing) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  TempDir dir;
  const auto projection = OpenIn(dir);
  for (const bool afresh : {false, true}) {
    ProjectionOptions options;
    options.data_directory = dir.path();
    options.afresh = afresh;
    const auto second = Projection::Open(std::move(options));
    EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(second.status().message()), HasSubstr("another process uses the data directory"));
  }
  EXPECT_TRUE(example.log.FeedAll(projection.get()).ok());
}

}  // namespace
}  // namespace sothon::projection
