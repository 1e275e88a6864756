#include "ingest-service/log/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "absl/synchronization/notification.h"
#include "common/status/status.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;
using testing::Paid;
using testing::PrepareAll;

class Hooks : public CommitHooks {
 public:
  absl::Status BeforeAppend() override {
    ++before;
    if (gate != nullptr) gate->WaitForNotification();
    return fail_before ? absl::UnavailableError("disk full") : absl::OkStatus();
  }
  absl::Status AfterAppend() override {
    ++after;
    return absl::OkStatus();
  }
  std::atomic<int> before{0};
  std::atomic<int> after{0};
  std::atomic<bool> fail_before{false};
  absl::Notification* gate = nullptr;
};

class Task : public CommitTask {
 public:
  explicit Task(const std::vector<v1::Event>& events) { prepared = PrepareAll(events); }
  void Done(AppendOutcome result) override {
    outcome = std::move(result);
    done.Notify();
  }
  const AppendOutcome& Await() {
    EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(60)));
    return outcome;
  }
  AppendOutcome outcome;
  absl::Notification done;
};

class CommitterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EventLogOptions options;
    options.directory = directory_.path();
    options.log_id = "test";
    auto log = EventLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  void Start() {
    committer_ = std::make_unique<Committer>(options_, log_.get(), &hooks_, &metrics_);
    committer_->Start();
  }

  // One event each.
  std::vector<std::unique_ptr<Task>> SubmitMany(int count) {
    std::vector<std::unique_ptr<Task>> tasks;
    for (int i = 0; i < count; ++i) {
      tasks.push_back(std::make_unique<Task>(std::vector{Paid(StrCat(i))}));
      EXPECT_TRUE(committer_->Submit(tasks.back().get()).ok());
    }
    return tasks;
  }

  const sothon::testing::TempDir directory_;
  CommitterOptions options_;
  Metrics metrics_;
  Hooks hooks_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Committer> committer_;
};

TEST_F(CommitterTest, ARequestIsRecordedAndAnswered) {
  Start();
  Task task({Paid("1"), Paid("2")});
  ASSERT_TRUE(committer_->Submit(&task).ok());
  ASSERT_TRUE(task.Await().ok());
  EXPECT_EQ(task.outcome->at(1).position, Position{2});
  EXPECT_EQ(hooks_.before, 1);
  EXPECT_EQ(hooks_.after, 1);
}

TEST_F(CommitterTest, WhatWaitsSharesOneWrite) {
  absl::Notification gate;
  hooks_.gate = &gate;
  Start();
  const std::vector<std::unique_ptr<Task>> tasks = SubmitMany(50);
  gate.Notify();
  for (size_t i = 0; i < tasks.size(); ++i) {
    ASSERT_TRUE(tasks[i]->Await().ok());
    EXPECT_EQ(tasks[i]->outcome->front().position.value, i + 1) << "in the order of submission";
  }
  EXPECT_LE(hooks_.before, 2) << "the first alone at most, then all others together";
}

// A request whose client takes its time to hear.
class SlowTask : public Task {
 public:
  using Task::Task;
  void Done(AppendOutcome result) override {
    hearing.Notify();
    go_on.WaitForNotification();
    Task::Done(std::move(result));
  }
  absl::Notification hearing;
  absl::Notification go_on;
};

TEST_F(CommitterTest, TheNextBatchIsWrittenWhileOneHearsItsAnswers) {
  absl::Notification gate;
  hooks_.gate = &gate;
  Start();
  SlowTask first({Paid("1")});
  ASSERT_TRUE(committer_->Submit(&first).ok());
  while (hooks_.before == 0) std::this_thread::yield();  // the first is in a batch of its own
  Task second({Paid("2")});
  ASSERT_TRUE(committer_->Submit(&second).ok());
  gate.Notify();
  ASSERT_TRUE(first.hearing.WaitForNotificationWithTimeout(absl::Seconds(60)));
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (hooks_.after < 2 && absl::Now() < end) std::this_thread::yield();
  EXPECT_EQ(hooks_.after, 2) << "the second is written although the first has not finished hearing";
  EXPECT_FALSE(second.done.HasBeenNotified()) << "requests hear in their order";
  first.go_on.Notify();
  EXPECT_EQ(first.Await()->front().position, Position{1});
  EXPECT_EQ(second.Await()->front().position, Position{2});
}

TEST_F(CommitterTest, StoppingTellsEverybody) {
  absl::Notification gate;
  hooks_.gate = &gate;
  Start();
  const std::vector<std::unique_ptr<Task>> tasks = SubmitMany(50);
  gate.Notify();
  committer_->Stop();
  for (const auto& task : tasks) EXPECT_TRUE(task->done.HasBeenNotified());
}

TEST_F(CommitterTest, QuestionsAreAnsweredInTurn) {
  absl::Notification gate;
  hooks_.gate = &gate;
  Start();
  Task first({Paid("1")});
  Task question({Paid("1"), Paid("2")});
  question.validate_only = true;
  Task second({Paid("2")});
  for (Task* task : {&first, &question, &second}) ASSERT_TRUE(committer_->Submit(task).ok());
  gate.Notify();
  ASSERT_TRUE(question.Await().ok());
  EXPECT_TRUE(question.outcome->at(0).duplicate);
  EXPECT_EQ(question.outcome->at(1).position, Position{0});
  EXPECT_EQ(second.Await()->front().position, Position{2});
}

TEST_F(CommitterTest, AFullQueueRefuses) {
  absl::Notification gate;
  hooks_.gate = &gate;
  options_.queue_bytes_max = 2'000;
  Start();
  std::vector<std::unique_ptr<Task>> accepted;
  absl::Status refused;
  for (int i = 0; i < 100 && refused.ok(); ++i) {
    auto task = std::make_unique<Task>(std::vector{Paid(StrCat(i), std::string(400, 'n'))});
    refused = committer_->Submit(task.get());
    if (refused.ok()) accepted.push_back(std::move(task));
  }
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(refused.ToString(), HasSubstr("limits.queue_bytes_max"));
  gate.Notify();
  for (const auto& task : accepted) EXPECT_TRUE(task->Await().ok());
}

TEST_F(CommitterTest, WhenWritesFailRequestsAreUnavailableAndItRecoversUnasked) {
  options_.retry_after = absl::Milliseconds(5);
  hooks_.fail_before = true;
  Start();
  Task task({Paid("1")});
  ASSERT_TRUE(committer_->Submit(&task).ok());
  EXPECT_EQ(task.Await().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(committer_->trouble(), HasSubstr("disk full"));
  EXPECT_EQ(log_->Head(), Position{0});
  hooks_.fail_before = false;
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (!committer_->trouble().empty() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_EQ(committer_->trouble(), "");
  Task again({Paid("1")});
  ASSERT_TRUE(committer_->Submit(&again).ok());
  EXPECT_TRUE(again.Await().ok());
}

// What it was told of its request.
class Witness : public Reservation {
 public:
  explicit Witness(std::optional<Fate>* told) : told_(told) {}
  void Settle(const AppendOutcome&, Fate fate) override { *told_ = fate; }

 private:
  std::optional<Fate>* const told_;
};

TEST_F(CommitterTest, ReservationsHearWhetherTheirRequestMayHaveBeenWritten) {
  using Fate = Reservation::Fate;
  options_.retry_after = absl::Hours(1);
  hooks_.fail_before = true;
  Start();
  for (const char* what : {"what it rests on was not stored", "while the disk is not tried again"}) {
    SCOPED_TRACE(what);
    std::optional<Fate> told;
    Task task({Paid("1")});
    task.prepared.reservation = std::make_unique<Witness>(&told);
    ASSERT_TRUE(committer_->Submit(&task).ok());
    EXPECT_EQ(task.Await().status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(told, Fate::kNotWritten);
  }
  EXPECT_EQ(hooks_.before, 1);
  hooks_.fail_before = false;
  committer_ = nullptr;
  Start();
  std::optional<Fate> told;
  Task task({Paid("1")});
  task.prepared.reservation = std::make_unique<Witness>(&told);
  ASSERT_TRUE(committer_->Submit(&task).ok());
  EXPECT_TRUE(task.Await().ok());
  EXPECT_EQ(told, Fate::kDecided);
}

TEST_F(CommitterTest, AWriteThatDoesNotEndIsTrouble) {
  absl::Notification gate;
  hooks_.gate = &gate;
  options_.stuck_after = absl::Milliseconds(20);
  Start();
  Task task({Paid("1")});
  ASSERT_TRUE(committer_->Submit(&task).ok());
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (committer_->trouble().empty() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_THAT(committer_->trouble(), HasSubstr("has not taken a batch"));
  gate.Notify();
  EXPECT_TRUE(task.Await().ok());
  while (!committer_->trouble().empty() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_EQ(committer_->trouble(), "");
}

TEST_F(CommitterTest, StoppingRecordsWhatIsQueuedAndTakesNoMore) {
  Start();
  std::vector<std::unique_ptr<Task>> tasks;
  for (int i = 0; i < 20; ++i) {
    tasks.push_back(std::make_unique<Task>(std::vector{Paid(StrCat(i))}));
    ASSERT_TRUE(committer_->Submit(tasks.back().get()).ok());
  }
  committer_->Stop();
  committer_->Stop();
  for (const auto& task : tasks) EXPECT_TRUE(task->outcome.ok());
  EXPECT_EQ(log_->Head(), Position{20});
  Task late({Paid("late")});
  EXPECT_EQ(committer_->Submit(&late).code(), absl::StatusCode::kUnavailable);
}

// Many clients that send each event several times: each counts once, and all agree on where it stands.
TEST_F(CommitterTest, EachEventIsRecordedOnceHoweverManySendItAtOnce) {
  const unsigned seed = sothon::testing::SeedForThisRun();
  constexpr unsigned kThreads = 8;
  constexpr unsigned kRequests = 150;
  constexpr unsigned kIds = 300;
  options_.batch_events_max = 20;
  Start();
  std::vector<std::thread> threads;
  std::vector<std::vector<std::pair<std::string, AppendedEvent>>> told(kThreads);
  for (unsigned t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(seed + t);
      for (unsigned i = 0; i < kRequests; ++i) {
        std::vector<v1::Event> events;
        const unsigned count = 1 + random() % 4;
        for (unsigned j = 0; j < count; ++j) events.push_back(Paid(StrCat(random() % kIds)));
        Task task(events);
        ASSERT_TRUE(committer_->Submit(&task).ok());
        ASSERT_TRUE(task.Await().ok()) << task.outcome.status();
        for (size_t j = 0; j < events.size(); ++j) told[t].emplace_back(events[j].event_id(), task.outcome->at(j));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<std::string, uint64_t> position_of;
  std::set<uint64_t> positions;
  size_t first_receipts = 0;
  for (const auto& receipts : told) {
    for (const auto& [id, receipt] : receipts) {
      const auto [known, is_new] = position_of.emplace(id, receipt.position.value);
      EXPECT_EQ(known->second, receipt.position.value);
      if (is_new) positions.insert(receipt.position.value);
      first_receipts += receipt.duplicate ? 0 : 1;
    }
  }
  EXPECT_EQ(positions.size(), position_of.size());
  EXPECT_EQ(first_receipts, position_of.size());
  EXPECT_EQ(log_->Head().value, position_of.size());
}

}  // namespace
}  // namespace sothon::ingest
