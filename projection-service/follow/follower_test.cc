#include "projection-service/follow/follower.h"

#include <random>

#include "common/testing/seed.h"
#include "projection-service/follow/follower_fixture.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::Eventually;
using ::sothon::testing::PublishRaw;
using ::testing::HasSubstr;

TEST_F(FollowerTest, CatchesUpFromTheLogThenFollowsTheBus) {
  StartBroker();
  Record(5'000);
  StartFollower(Options());
  ASSERT_TRUE(AwaitHead());
  ASSERT_TRUE(AwaitBus());
  const uint64_t reads = ingest_.reads();
  RecordAndPublish(200);
  ASSERT_TRUE(AwaitHead());
  EXPECT_EQ(ingest_.reads(), reads) << "these events were on the bus";
  ExpectEverythingOnceInOrder();
  EXPECT_EQ(follower_->log_id(), "test-log");
  EXPECT_EQ(follower_->trouble(), "");
  EXPECT_TRUE(Eventually([&] { return sink_.head() == Position{5'200}; }));
}

TEST_F(FollowerTest, AGapOnTheBusIsRefetchedAndNeverSkipped) {
  StartBroker();
  StartFollower(Options());
  ASSERT_TRUE(AwaitBus());
  for (int i = 0; i < 20; ++i) {
    Record(3);
    ASSERT_TRUE(Publish(ingest_.Head()).ok());
  }
  ASSERT_TRUE(AwaitHead());
  ExpectEverythingOnceInOrder();
  EXPECT_GT(follower_->gaps_refetched(), 0u);
}

TEST_F(FollowerTest, RepeatsStrangersAndGarbageAreSkipped) {
  StartBroker();
  StartFollower(Options());
  ASSERT_TRUE(AwaitBus());
  const std::string subject = "sothon.v1.51.23500.contribution_recorded";
  RecordAndPublish(10);
  // Beyond the window in which the broker drops repeats by itself.
  absl::SleepFor(absl::Milliseconds(300));
  for (uint64_t position : {3u, 10u, 1u}) ASSERT_TRUE(Publish(position).ok());
  ASSERT_TRUE(Publish(3, "other-log").ok());
  ASSERT_TRUE(PublishRaw(publisher_.get(), subject, "", "no event").ok());
  ASSERT_TRUE(PublishRaw(publisher_.get(), subject, "test-log:99", "no event").ok());
  ASSERT_TRUE(PublishRaw(publisher_.get(), subject, "test-log:12", ingest_.Get(4)).ok());
  ASSERT_TRUE(PublishRaw(publisher_.get(), subject, "test-log:x", ingest_.Get(4)).ok());
  RecordAndPublish(10);
  ASSERT_TRUE(AwaitHead());
  ExpectEverythingOnceInOrder();
  EXPECT_TRUE(follower_->serving());
  const prometheus::Labels none;
  EXPECT_EQ(metrics_->Counter("sothon_projection_bus_duplicates_total", "", none).Value(), 3);
  EXPECT_EQ(metrics_->Counter("sothon_projection_bus_foreign_total", "", none).Value(), 5);
}

TEST_F(FollowerTest, ABusThatGoesQuietIsNoticedAndTheLogReadInstead) {
  StartBroker();
  StartFollower(Options());
  ASSERT_TRUE(AwaitBus());
  Record(50);  // and never published
  ASSERT_TRUE(AwaitHead(absl::Seconds(5)));
  RecordAndPublish(5);
  ASSERT_TRUE(AwaitHead(absl::Seconds(5)));
  ExpectEverythingOnceInOrder();
}

TEST_F(FollowerTest, WithoutABrokerTheLogIsFollowedLive) {
  FollowerOptions options = Options();
  options.bus_enabled = false;
  StartFollower(options);
  for (int i = 0; i < 10; ++i) {
    Record(1);
    ASSERT_TRUE(AwaitHead(absl::Seconds(2)));
  }
  EXPECT_FALSE(follower_->following_bus());
  EXPECT_EQ(follower_->trouble(), "");
}

TEST_F(FollowerTest, ABrokerThatComesLateGoesAndIsWipedIsUsedWhenItIsThere) {
  StartFollower(Options());
  Record(10);
  ASSERT_TRUE(AwaitHead());
  EXPECT_TRUE(Eventually([&] { return !follower_->bus_trouble().empty(); }));
  EXPECT_THAT(follower_->bus_trouble(), HasSubstr("figures are up to date"));
  EXPECT_EQ(follower_->trouble(), "") << "they follow the log";
  EXPECT_THAT(sink_.troubles(), ::testing::IsEmpty());
  EXPECT_TRUE(follower_->serving());
  for (int round = 0; round < 2; ++round) {
    StartBroker();
    ASSERT_TRUE(AwaitBus());
    RecordAndPublish(10);
    ASSERT_TRUE(AwaitHead());
    broker_.Kill();
    Record(10);
    ASSERT_TRUE(AwaitHead(absl::Seconds(5)));
    broker_.Wipe();
  }
  ExpectEverythingOnceInOrder();
}

TEST_F(FollowerTest, IngestMayBeAbsentAtStartAndRestart) {
  Record(300);
  ingest_.Stop();
  FollowerOptions options = Options();
  options.bus_enabled = false;
  StartFollower(options);
  EXPECT_TRUE(Eventually([&] { return !follower_->trouble().empty(); }));
  EXPECT_TRUE(follower_->serving()) << "what is projected can be read meanwhile";
  for (int round = 0; round < 3; ++round) {
    ingest_.Start();
    ASSERT_TRUE(AwaitHead());
    ingest_.Stop();
    Record(100);
  }
  ingest_.Start();
  ASSERT_TRUE(AwaitHead());
  EXPECT_TRUE(Eventually([&] { return follower_->trouble().empty(); }));
  ExpectEverythingOnceInOrder();
}

TEST_F(FollowerTest, TheSinkHearsOfIngestAndOnceOfEachTrouble) {
  FollowerOptions options = Options();
  options.bus_enabled = false;
  Record(10);
  StartFollower(options);
  ASSERT_TRUE(AwaitHead());
  const uint64_t heard = sink_.heard();
  EXPECT_TRUE(Eventually([&] { return sink_.heard() > heard + 2; })) << "also while nothing happens";
  EXPECT_THAT(sink_.troubles(), ::testing::IsEmpty());
  ingest_.Stop();
  ASSERT_TRUE(Eventually([&] { return !sink_.troubles().empty(); }));
  EXPECT_THAT(sink_.troubles().front(), HasSubstr("ingest has not answered since"));
  const uint64_t heard_last = sink_.heard();
  absl::SleepFor(5 * options.poll_interval);
  EXPECT_EQ(sink_.heard(), heard_last);
  ingest_.Start();
  ASSERT_TRUE(Eventually([&] { return sink_.troubles().back().empty(); }));
  EXPECT_TRUE(Eventually([&] { return sink_.heard() > heard_last; }));
  EXPECT_LE(sink_.troubles().size(), 4u) << "not every second";
  ingest_.CutTo(5);
  ASSERT_TRUE(Eventually([&] { return !sink_.troubles().back().empty(); }));
  EXPECT_EQ(sink_.troubles().back(), follower_->trouble());
}

TEST_F(FollowerTest, AnEventOfAnUnknownKindStopsItVisiblyBeforeIt) {
  Record(10);
  sink_.Poison(7);
  StartFollower(Options());
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("position 7"));
  EXPECT_THAT(follower_->trouble(), HasSubstr("unknown kind"));
  EXPECT_TRUE(Eventually([&] { return sink_.applied().size() == 6; }));
}

TEST_F(FollowerTest, ADiskThatRecoversIsTriedUntilItDoes) {
  StartBroker();
  StartFollower(Options());
  ASSERT_TRUE(AwaitBus());
  sink_.SetFailure(absl::ResourceExhaustedError("no space left on device"));
  RecordAndPublish(20);
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("no space left"));
  sink_.SetFailure(absl::OkStatus());
  ASSERT_TRUE(AwaitHead());
  EXPECT_TRUE(Eventually([&] { return follower_->serving() && follower_->trouble().empty(); }));
  ExpectEverythingOnceInOrder();
}

TEST_F(FollowerTest, TellsTheLogIdBeforeApplyingAndHeedsARefusal) {
  Record(10);
  FollowerOptions options = Options();
  options.on_log_id = [&](const std::string& log_id) {
    EXPECT_EQ(log_id, "test-log");
    EXPECT_EQ(sink_.position(), Position{0});
    return absl::FailedPreconditionError("this directory is of another log");
  };
  StartFollower(options);
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("another log"));
  EXPECT_EQ(sink_.position(), Position{0});
}

TEST_F(FollowerTest, FarBehindTheBusItReadsTheLogInBulk) {
  StartBroker();
  FollowerOptions options = Options();
  options.far_events = 500;
  options.near_events = 100;
  StartFollower(options);
  ASSERT_TRUE(AwaitBus());
  const uint64_t reads = ingest_.reads();
  Record(5'000);
  ASSERT_TRUE(Publish(ingest_.Head()).ok());
  ASSERT_TRUE(AwaitHead());
  EXPECT_GT(ingest_.reads(), reads);
  EXPECT_EQ(follower_->gaps_refetched(), 0u);
  ASSERT_TRUE(AwaitBus());
  ExpectEverythingOnceInOrder();
}

TEST_F(FollowerTest, AnOutboxThatIsBehindIsNotWaitedFor) {
  StartBroker();
  FollowerOptions options = Options();
  options.near_events = 10;
  Record(100);
  ingest_.SetPublished(20);
  StartFollower(options);
  ASSERT_TRUE(AwaitHead());
  absl::SleepFor(absl::Milliseconds(600));
  EXPECT_FALSE(follower_->following_bus());
  ingest_.SetPublished(UINT64_MAX);
  EXPECT_TRUE(AwaitBus());
}

TEST_F(FollowerTest, StopIsBoundedWhileIngestHangs) {
  Record(10);
  StartFollower(Options());
  ASSERT_TRUE(AwaitHead());
  ingest_.SetHanging(true);
  Record(10);
  const absl::Time start = absl::Now();
  follower_->Stop();
  follower_->Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  ingest_.SetHanging(false);
}

// Whatever happens to broker, bus and ingest: every event is applied once, in order. SOTHON_SEED replays a run.
TEST_F(FollowerTest, RandomMisfortunesLoseAndDoubleNothing) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  FollowerOptions options = Options();
  options.near_events = 50;
  options.far_events = 400;
  options.batch_events_max = 64;
  StartBroker();
  StartFollower(options);
  bool ingest_up = true;
  for (int step = 0; step < 120; ++step) {
    const uint64_t before = ingest_.Head();
    switch (random() % 12) {
      case 0:
        if (broker_.running()) broker_.Kill();
        break;
      case 1:
        if (!broker_.running() && random() % 2 == 0) broker_.Wipe();
        if (!broker_.running()) StartBroker();
        break;
      case 2:
        if (ingest_up) ingest_.Stop();
        ingest_up = false;
        break;
      case 3:
      case 4:
        if (!ingest_up) ingest_.Start();
        ingest_up = true;
        break;
      case 5:
        absl::SleepFor(absl::Milliseconds(random() % 100));
        break;
      default:
        Record(static_cast<int>(random() % 200));
        // Some are lost on the way, some come late, some twice.
        for (uint64_t position = before + 1; position <= ingest_.Head() && broker_.running(); ++position) {
          if (random() % 8 != 0 && !Publish(position).ok()) break;
          if (random() % 16 == 0) (void)Publish(1 + random() % position, "test-log").ok();
        }
    }
  }
  if (!ingest_up) ingest_.Start();
  ASSERT_TRUE(AwaitHead(absl::Seconds(30))) << follower_->trouble();
  ExpectEverythingOnceInOrder();
  EXPECT_TRUE(Eventually([&] { return follower_->serving(); }));
}

}  // namespace
}  // namespace sothon::projection
