// The broker is disposable: absent, killed, wiped, frozen, figures are those of an undisturbed run.
#include <algorithm>
#include <thread>

#include "absl/types/span.h"
#include "common/status/status.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

std::vector<v1::RecordRequest> Workload() {
  WorkloadOptions options;
  options.seed = SeedForThisRun();
  return MakeWorkload(options);
}

size_t EventsOf(const std::vector<v1::RecordRequest>& requests) {
  size_t count = 0;
  for (const v1::RecordRequest& request : requests) count += static_cast<size_t>(request.submissions_size());
  return count;
}

// What the workload's figures are when nothing happens, without a broker.
std::string UndisturbedDigest(const std::vector<v1::RecordRequest>& requests) {
  Stack::Options options;
  options.bus_enabled = false;
  Stack stack(options);
  stack.StartAll();
  Recorder recorder(stack.ingest().channel());
  EXPECT_EQ(recorder.RecordAll(requests), absl::OkStatus());
  const auto digests = stack.Digests();
  EXPECT_TRUE(digests.ok()) << digests.status();
  return digests.ok() ? digests->sha256() : "";
}

class BrokerTest : public ::testing::Test {
 protected:
  // Everything is recorded once and projected, and figures are as if nothing had happened.
  void ExpectUndisturbed(const std::vector<v1::RecordRequest>& requests) {
    EXPECT_EQ(stack_.Head(), EventsOf(requests));
    const auto digests = stack_.Digests();
    ASSERT_TRUE(digests.ok()) << digests.status();
    EXPECT_EQ(digests->sha256(), UndisturbedDigest(requests));
    v1::RebuildResponse rebuilt;
    v1::RebuildRequest compare_only;
    compare_only.set_dry_run(true);
    const grpc::Status status =
        stack_.ProgressStub()->Rebuild(WithDeadline(absl::Minutes(1)).get(), compare_only, &rebuilt);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  bool AwaitFollowingBus() {
    return Eventually([this] { return stack_.projection().Metric("sothon_projection_following_bus") == 1; });
  }

  Stack stack_;
};

TEST_F(BrokerTest, WipedInMidRunNothingIsLostOrDoubled) {
  const std::vector<v1::RecordRequest> requests = Workload();
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  Recorder recorder(stack_.ingest().channel());
  recorder.Allow(0);
  absl::Status recorded;
  std::thread client([&] { recorded = recorder.RecordAll(requests); });
  for (size_t part = 1; part <= 4; ++part) {
    recorder.Allow(requests.size() * part / 5);
    Eventually([&] { return recorder.acknowledged_requests() >= requests.size() * (2 * part - 1) / 10; });
    stack_.broker().Kill();
    stack_.broker().Wipe();
    EXPECT_EQ(stack_.broker().Start(), absl::OkStatus());
  }
  recorder.Allow(SIZE_MAX);
  client.join();
  ASSERT_EQ(recorded, absl::OkStatus());
  ASSERT_TRUE(stack_.AwaitProjected());
  ExpectUndisturbed(requests);
  EXPECT_TRUE(AwaitFollowingBus());
  EXPECT_TRUE(Eventually([this] {
    const auto status = stack_.IngestStatus();
    return status.ok() && status->published_position() == status->head_position() && status->trouble().empty();
  }));
}

TEST_F(BrokerTest, AbsentAtStartThenThere) {
  const std::vector<v1::RecordRequest> requests = Workload();
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  ASSERT_TRUE(stack_.ingest().AwaitServing()) << "an absent broker is no reason not to serve";
  ASSERT_TRUE(stack_.projection().AwaitServing());
  Recorder recorder(stack_.ingest().channel());
  ASSERT_EQ(recorder.RecordAll(requests), absl::OkStatus());
  ASSERT_TRUE(stack_.AwaitProjected()) << "projected without a broker";
  EXPECT_EQ(stack_.IngestStatus()->published_position(), 0u);
  ASSERT_EQ(stack_.broker().Start(), absl::OkStatus());
  EXPECT_TRUE(Eventually([this] { return stack_.IngestStatus()->published_position() == stack_.Head(); }));
  EXPECT_TRUE(AwaitFollowingBus());
  ExpectUndisturbed(requests);
}

TEST_F(BrokerTest, GoneTheWholeTimeFiguresAreLiveAllTheSame) {
  const std::vector<v1::RecordRequest> requests = Workload();
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  Recorder recorder(stack_.ingest().channel());
  for (size_t first = 0; first < requests.size(); first += 20) {
    const size_t count = std::min<size_t>(20, requests.size() - first);
    const absl::Span<const v1::RecordRequest> some(&requests[first], count);
    ASSERT_EQ(recorder.RecordAll({some.begin(), some.end()}), absl::OkStatus());
    EXPECT_TRUE(stack_.AwaitProjected(absl::Seconds(5)));
  }
  EXPECT_TRUE(IsServing(stack_.ingest().channel()));
  EXPECT_TRUE(Eventually([this] { return !stack_.IngestStatus()->trouble().empty(); })) << "operators are told";
  EXPECT_TRUE(IsServing(stack_.ingest().channel())) << "and clients are not turned away";
  ExpectUndisturbed(requests);
}

TEST_F(BrokerTest, AFrozenBrokerDelaysNobodyForLong) {
  const std::vector<v1::RecordRequest> requests = Workload();
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  ASSERT_TRUE(AwaitFollowingBus());
  stack_.broker().Freeze();
  Recorder recorder(stack_.ingest().channel());
  ASSERT_EQ(recorder.RecordAll(requests), absl::OkStatus());
  EXPECT_TRUE(stack_.AwaitProjected(absl::Seconds(15)));
  stack_.broker().Thaw();
  EXPECT_TRUE(Eventually([this] { return stack_.IngestStatus()->published_position() == stack_.Head(); }));
  ExpectUndisturbed(requests);
}

}  // namespace
}  // namespace sothon::testing
