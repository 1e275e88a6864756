// A follower goes on with the history that it has followed so far, and with no other.
#include <atomic>

#include "projection-service/follow/follower_fixture.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::Eventually;
using ::testing::HasSubstr;

class FollowerHistoryTest : public FollowerTest {
 protected:
  // As a log restored from an older copy that has grown since: other events, and more of them.
  void ReplaceHistory() {
    ingest_.Stop();
    ingest_.CutTo(4);
    Record(20, "KHAC-");
    ingest_.Start();
  }
  void ExpectAnotherHistoryNoticedAt(uint64_t position) {
    ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
    EXPECT_THAT(follower_->trouble(), HasSubstr(StrCat("another event at position ", position)));
    EXPECT_THAT(follower_->trouble(), HasSubstr("--rebuild"));
    EXPECT_EQ(sink_.position(), Position{position}) << "nothing of the other history is applied";
  }
};

TEST_F(FollowerHistoryTest, AnotherLogStopsItVisibly) {
  Record(10);
  FollowerOptions options = Options();
  options.expected_log_id = "ours";
  std::atomic<bool> told_not_serving{false};
  options.on_serving_change = [&](bool serving) { told_not_serving = !serving; };
  StartFollower(options);
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_TRUE(Eventually([&] { return told_not_serving.load(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("\"test-log\""));
  EXPECT_THAT(follower_->trouble(), HasSubstr("\"ours\""));
  EXPECT_EQ(sink_.position(), Position{0});
}

TEST_F(FollowerHistoryTest, ALogThatTurnsIntoAnotherStopsItVisibly) {
  Record(10);
  StartFollower(Options());
  ASSERT_TRUE(AwaitHead());
  ingest_.SetLogId("another");
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("\"another\""));
}

TEST_F(FollowerHistoryTest, AShorterLogStopsItVisibly) {
  Record(10);
  StartFollower(Options());
  ASSERT_TRUE(AwaitHead());
  ingest_.CutTo(5);
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("older copy of the log"));
  EXPECT_EQ(sink_.position(), Position{10});
}

TEST_F(FollowerHistoryTest, AShorterLogAtStartStopsItVisibly) {
  Record(10);
  std::vector<std::string> stored;
  for (uint64_t i = 1; i <= 10; ++i) stored.push_back(ingest_.Get(i));
  sink_.Restore(stored);
  ingest_.CutTo(4);
  StartFollower(Options());
  ASSERT_TRUE(Eventually([&] { return !follower_->serving(); }));
  EXPECT_THAT(follower_->trouble(), HasSubstr("older copy of the log"));
}

// A log restored from an older copy, which has since got other events, and more of them than are projected.
TEST_F(FollowerHistoryTest, AnotherHistoryThatIsLongerAtStartStopsItVisibly) {
  Record(10);
  std::vector<std::string> stored;
  for (uint64_t i = 1; i <= 10; ++i) stored.push_back(ingest_.Get(i));
  sink_.Restore(stored);
  ingest_.CutTo(4);
  Record(20, "KHAC-");
  StartFollower(Options());
  ExpectAnotherHistoryNoticedAt(10);
}

TEST_F(FollowerHistoryTest, AnotherHistoryThatIsLongerStopsFollowingTheLogVisibly) {
  FollowerOptions options = Options();
  options.bus_enabled = false;
  Record(10);
  StartFollower(options);
  ASSERT_TRUE(AwaitHead());
  ReplaceHistory();
  ExpectAnotherHistoryNoticedAt(10);
}

TEST_F(FollowerHistoryTest, AnotherHistoryThatIsLongerStopsFollowingTheBusVisibly) {
  StartBroker();
  Record(5);
  StartFollower(Options());
  ASSERT_TRUE(AwaitBus());
  RecordAndPublish(5);
  ASSERT_TRUE(AwaitHead());
  ReplaceHistory();
  for (uint64_t position = 11; position <= ingest_.Head(); ++position) ASSERT_TRUE(Publish(position).ok());
  ExpectAnotherHistoryNoticedAt(10);
}

TEST_F(FollowerHistoryTest, AnotherHistoryIsNoticedBeforeAGapIsFilled) {
  StartBroker();
  StartFollower(Options());
  ASSERT_TRUE(AwaitBus());
  RecordAndPublish(10);
  ASSERT_TRUE(AwaitHead());
  // Behind a connection that stays, as of a proxy, and without ever telling a shorter log.
  ingest_.SetHanging(true);
  ingest_.CutTo(4);
  Record(20, "KHAC-");
  ingest_.SetHanging(false);
  ASSERT_TRUE(Publish(ingest_.Head()).ok());
  ExpectAnotherHistoryNoticedAt(10);
}

}  // namespace
}  // namespace sothon::projection
