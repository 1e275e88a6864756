// What readers are promised: their own writes, no event skipped, changes from where they left off, freshness, metrics.
#include <thread>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

class ReadingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    std::vector<v1::Submission> registry;
    for (v1::Event& event : MinimalRegistry(2)) registry.push_back(Submit(std::move(event)));
    ASSERT_TRUE(stack_.Record(std::move(registry)).ok());
    ASSERT_TRUE(stack_.AwaitProjected());
  }
  // Records one contribution of a new person in October; its position.
  uint64_t RecordOne() {
    ContributionSpec spec;
    spec.person = ++people_;
    spec.receipt = StrCat("RT-", people_);
    const auto recorded = stack_.Record({SubmitFor(spec.person, Contribution(spec))});
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    return recorded.ok() ? recorded->receipts(0).position() : 0;
  }
  static v1::GetProgressRequest October(uint64_t min_position) {
    v1::GetProgressRequest request;
    request.set_place_id(VillageId(1));
    request.set_period("2025-10");
    request.add_schemes(v1::BHXH_TN);
    request.set_min_position(min_position);
    return request;
  }
  static int64_t FirstOf(const v1::GetProgressResponse& progress) {
    for (const v1::ProgressRow& row : progress.rows()) {
      if (row.span() == v1::ProgressRow::MONTH) return row.figures().first();
    }
    return 0;
  }

  Stack stack_;
  uint64_t people_ = 0;
};

TEST_F(ReadingTest, AReaderSeesItsOwnWrites) {
  for (int i = 1; i <= 50; ++i) {
    const uint64_t position = RecordOne();
    const auto progress = stack_.Progress(October(position));
    ASSERT_TRUE(progress.ok()) << progress.status();
    EXPECT_GE(progress->freshness().position(), position);
    ASSERT_EQ(FirstOf(*progress), i);
  }
}

TEST_F(ReadingTest, APositionThatIsNotReachedInTimeIsSaid) {
  v1::GetProgressResponse response;
  const grpc::Status status = stack_.ProgressStub()->GetProgress(WithDeadline(absl::Milliseconds(500)).get(),
                                                                 October(stack_.Head() + 1'000), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << status.error_message();
}

TEST_F(ReadingTest, FreshnessTellsLogHeadAndLag) {
  RecordOne();
  ASSERT_TRUE(stack_.AwaitProjected());
  ASSERT_TRUE(Eventually([&] {
    const auto progress = stack_.Progress(October(0));
    return progress.ok() && progress->freshness().lag_events() == 0 &&
           progress->freshness().head_position() == stack_.Head();
  }));
  const auto progress = stack_.Progress(October(0));
  EXPECT_EQ(progress->freshness().log_id(), kLogId);
  EXPECT_EQ(progress->freshness().position(), stack_.Head());
  EXPECT_GT(progress->freshness().recorded_at_us(), 0);
}

TEST_F(ReadingTest, FollowingTheLogSkipsNothingAcrossARestartOfIngest) {
  std::vector<uint64_t> seen;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) RecordOne();
    const uint64_t head = stack_.Head();
    v1::ReadEventsRequest request;
    request.set_from_position(seen.size() + 1);
    request.set_follow(true);
    auto context = WithDeadline(absl::Seconds(60));
    const auto stub = stack_.IngestStub();
    const auto reader = stub->ReadEvents(context.get(), request);
    v1::ReadEventsResponse message;
    while (seen.size() < head + 5 && reader->Read(&message)) {
      for (const std::string& stored : message.events()) {
        v1::Event event;
        ASSERT_TRUE(event.ParseFromString(stored));
        seen.push_back(event.position());
      }
      EXPECT_GE(message.head_position(), seen.empty() ? 0 : seen.back());
      // Live from here on: recorded while the stream is open.
      if (seen.size() >= head && seen.size() < head + 5) RecordOne();
    }
    EXPECT_GE(seen.size(), head + 5);
    stack_.ingest().Kill();
    EXPECT_FALSE(reader->Read(&message)) << "the stream ends with the service";
    reader->Finish();
    ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  }
  for (size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], i + 1);
}

TEST_F(ReadingTest, ReadingBeyondTheHeadIsRefused) {
  v1::ReadEventsRequest request;
  request.set_from_position(stack_.Head() + 2);
  request.set_follow(true);
  auto context = WithDeadline(absl::Seconds(30));
  const auto stub = stack_.IngestStub();
  const auto reader = stub->ReadEvents(context.get(), request);
  v1::ReadEventsResponse message;
  while (reader->Read(&message)) EXPECT_EQ(message.events_size(), 0);
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(ReadingTest, WatchingGoesOnFromWhereItLeftOff) {
  v1::WatchProgressRequest request;
  request.set_place_id(kCommuneId);
  request.set_period("2025-10");
  request.add_schemes(v1::BHXH_TN);
  int64_t first = 0;
  for (int round = 0; round < 3; ++round) {
    // Recorded while nobody watches.
    for (int i = 0; i < 3; ++i) RecordOne();
    const uint64_t target = RecordOne();
    auto context = WithDeadline(absl::Seconds(60));
    const auto stub = stack_.ProgressStub();
    const auto reader = stub->WatchProgress(context.get(), request);
    v1::WatchProgressResponse message;
    bool live = false;
    uint64_t until = target;
    while (request.from_position() < until && reader->Read(&message)) {
      for (const v1::ProgressRow& row : message.changes()) {
        EXPECT_EQ(row.place_id(), VillageId(1));
        EXPECT_GT(row.last_change_position(), request.from_position());
        first = row.figures().first();
      }
      EXPECT_GE(message.freshness().position(), request.from_position());
      request.set_from_position(message.freshness().position());
      if (request.from_position() >= target && !live) {
        live = true;
        until = RecordOne();
      }
    }
    context->TryCancel();
    const grpc::Status ended = reader->Finish();
    EXPECT_EQ(first, static_cast<int64_t>(people_)) << ended.error_message();
    // Across a restart, too.
    if (round == 0) {
      stack_.projection().Kill();
      ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
    }
  }
}

TEST_F(ReadingTest, ARestartedProjectionStandsNearTheHeadAtOnce) {
  WorkloadOptions options;
  options.seed = SeedForThisRun();
  options.villages = 2;
  std::vector<v1::RecordRequest> requests = MakeWorkload(options);
  requests.erase(requests.begin());
  Recorder recorder(stack_.ingest().channel());
  ASSERT_EQ(recorder.RecordAll(requests), absl::OkStatus());
  ASSERT_TRUE(stack_.AwaitProjected());
  const uint64_t head = stack_.Head();
  stack_.projection().Kill();
  // Without ingest nothing can be read again: what it knows, it has kept.
  stack_.ingest().Kill();
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  ASSERT_TRUE(stack_.projection().AwaitServing());
  EXPECT_EQ(stack_.Projected(), head);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  RecordOne();
  EXPECT_TRUE(stack_.AwaitProjected());
  EXPECT_LE(stack_.projection().Metric("sothon_projection_events_total", "{source=\"log\"}") +
                stack_.projection().Metric("sothon_projection_events_total", "{source=\"bus\"}"),
            10);
}

TEST_F(ReadingTest, MetricsHaveTheNamesThatOperatorsWatch) {
  RecordOne();
  // One refused, for the count of rejects.
  EXPECT_FALSE(stack_.Record({Submit(Village(9, "Thôn lạ", "99999"))}).ok());
  ASSERT_TRUE(stack_.AwaitProjected());
  const std::string ingest = stack_.ingest().MetricsPage();
  for (const char* name :
       {"sothon_ingest_append_seconds_bucket", "sothon_ingest_batch_events_bucket", "sothon_outbox_lag_events",
        "sothon_outbox_published_total", "sothon_outbox_publish_errors_total", "sothon_outbox_reconnects_total",
        "sothon_ingest_rejects_total{"}) {
    EXPECT_THAT(ingest, HasSubstr(name));
  }
  const std::string projection = stack_.projection().MetricsPage();
  for (const char* name : {"sothon_projection_lag_events", "sothon_projection_lag_seconds",
                           "sothon_projection_gaps_refetched_total", "sothon_projection_events_total{"}) {
    EXPECT_THAT(projection, HasSubstr(name));
  }
  EXPECT_TRUE(Eventually([&] {
    return stack_.ingest().Metric("sothon_outbox_published_total") == static_cast<double>(stack_.Head()) &&
           stack_.ingest().Metric("sothon_outbox_lag_events") == 0;
  }));
}

}  // namespace
}  // namespace sothon::testing
