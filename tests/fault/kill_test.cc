// Killing ingest, projection or broker with SIGKILL at any moment changes no figure, and loses no acknowledged event.
// SOTHON_SEED repeats a run's choices (what the kernel schedules in between differs).
#include <random>
#include <set>
#include <thread>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

constexpr size_t kKills = 60;

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    seed_ = SeedForThisRun();
    random_.seed(seed_);
    WorkloadOptions options;
    options.seed = seed_;
    options.requests = 1'500;
    options.people = 2'000;
    requests_ = MakeWorkload(options);
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }

  v1::GetDigestsResponse Undisturbed() {
    Stack stack;
    stack.StartAll();
    Recorder recorder(stack.ingest().channel());
    EXPECT_EQ(recorder.RecordAll(requests_), absl::OkStatus());
    const auto digests = stack.Digests();
    EXPECT_TRUE(digests.ok()) << digests.status();
    return digests.ok() ? *digests : v1::GetDigestsResponse();
  }

  // Ingest is killed as often as the others together: it is the one that could lose something.
  void KillOne(Stack* stack) {
    switch (Below(4)) {
      case 0:
        stack->broker().Kill();
        if (Below(3) == 0) stack->broker().Wipe();
        absl::SleepFor(absl::Milliseconds(Below(100)));
        ASSERT_EQ(stack->broker().Start(), absl::OkStatus());
        break;
      case 1:
        stack->projection().Kill();
        absl::SleepFor(absl::Milliseconds(Below(100)));
        // Sometimes the next kill meets it while it is starting.
        ASSERT_EQ(Below(3) == 0 ? stack->projection().Launch() : stack->projection().Start(), absl::OkStatus());
        break;
      default:
        stack->ingest().Kill();
        absl::SleepFor(absl::Milliseconds(Below(100)));
        ASSERT_EQ(Below(3) == 0 ? stack->ingest().Launch() : stack->ingest().Start(), absl::OkStatus());
    }
  }

  uint64_t seed_ = 0;
  std::mt19937_64 random_;
  std::vector<v1::RecordRequest> requests_;
};

TEST_F(KillTest, FiguresEqualThoseOfAnUndisturbedRunAndNoAcknowledgedEventIsLost) {
  const v1::GetDigestsResponse undisturbed = Undisturbed();
  ASSERT_FALSE(undisturbed.sha256().empty());

  Stack stack;
  ASSERT_NO_FATAL_FAILURE(stack.StartAll());
  Recorder recorder(stack.ingest().channel());
  recorder.Allow(0);
  absl::Status recorded;
  std::thread client([&] { recorded = recorder.RecordAll(requests_); });
  size_t kills = 0;
  for (; kills < kKills && !HasFatalFailure(); ++kills) {
    // A share of the workload for each kill, which comes when some part of the share is acknowledged.
    const size_t share = requests_.size() / kKills;
    recorder.Allow((kills + 1) * share);
    const size_t when = kills * share + Below(share);
    Eventually([&] { return recorder.acknowledged_requests() >= when; });
    absl::SleepFor(absl::Microseconds(Below(1'000)));
    KillOne(&stack);
  }
  recorder.Allow(SIZE_MAX);
  if (HasFatalFailure()) recorder.Abandon();
  const bool done = Eventually([&] { return recorder.acknowledged_requests() == requests_.size(); }, absl::Minutes(1));
  if (!done) recorder.Abandon();
  client.join();
  ASSERT_EQ(recorded, absl::OkStatus());
  ASSERT_TRUE(done);
  std::cout << kills << " kills, " << recorder.streams_broken() << " of them with requests under way, "
            << recorder.answers_lost() << " answers lost after recording\n";
  EXPECT_GE(recorder.streams_broken(), kKills / 10) << "the kills fell beside the recording";

  // The whole import again: every event is known, each where it was first said to be.
  const uint64_t head = stack.Head();
  ASSERT_EQ(recorder.RecordAll(requests_), absl::OkStatus());
  EXPECT_EQ(stack.Head(), head);

  const auto events = stack.ReadAll();
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->size(), head);
  EXPECT_EQ(recorder.acknowledged().size(), head) << "each event once";
  for (const auto& [event_id, position] : recorder.acknowledged()) {
    ASSERT_LE(position, events->size()) << event_id;
    EXPECT_EQ((*events)[position - 1].event_id(), event_id) << "at " << position;
  }

  const auto digests = stack.Digests();
  ASSERT_TRUE(digests.ok()) << digests.status();
  ASSERT_EQ(digests->cells_size(), undisturbed.cells_size());
  for (int i = 0; i < digests->cells_size(); ++i) {
    EXPECT_EQ(digests->cells(i).SerializeAsString(), undisturbed.cells(i).SerializeAsString())
        << digests->cells(i).place_id() << " " << digests->cells(i).month();
  }
  EXPECT_EQ(digests->sha256(), undisturbed.sha256());
}

}  // namespace
}  // namespace sothon::testing
