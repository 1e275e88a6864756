// Requests to erase somebody, carried out over a real log and a real vault: once each, through crashes and bad disks.
#include "ingest-service/erasure/eraser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <set>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/bad_disk.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using testing::BadDisk;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr auto kMint = Vault::WhenUnknown::kMint;
constexpr auto kLeave = Vault::WhenUnknown::kLeave;
constexpr int64_t kNowUs = 1'763'600'000'000'000;  // 2025-11-20

template <typename Condition>
bool Eventually(const Condition& condition) {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

std::string Citizen(int person) { return sothon::testing::CitizenNumberOf(static_cast<uint64_t>(person)); }

v1::Event Request(const std::string& event_id, const SubjectId& subject) {
  v1::Event event;
  event.set_event_id(event_id);
  event.set_effective_date(20251115);
  event.set_place_id("23500-01");
  event.set_correlation_id("case-7");
  event.set_synthetic(true);
  event.mutable_erasure_requested()->set_subject_id(std::string(subject.AsBytes()));
  event.mutable_erasure_requested()->set_legal_basis("luật");
  return event;
}

// As the ingest service joins them.
class EraserTest : public ::testing::Test, public CommitHooks {
 protected:
  void SetUp() override { Open(); }
  void TearDown() override { Close(); }

  VaultOptions VaultFiles() {
    VaultOptions options;
    options.directory = directory_.Path("vault");
    options.key_file = directory_.Path("vault.key");
    options.env = &disk_;
    return options;
  }
  void Open() {
    EventLogOptions log_options;
    log_options.directory = directory_.Path("log");
    log_options.log_id = "test";
    auto log = EventLog::Open(log_options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    auto vault = Vault::Open(VaultFiles());
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
    registry_ = std::make_unique<Registry>();
    ASSERT_TRUE(registry_->CatchUp(*log_).ok());
  }
  void StartErasing() {
    metrics_ = std::make_unique<Metrics>();
    committer_ = std::make_unique<Committer>(CommitterOptions(), log_.get(), this, metrics_.get());
    EraserOptions options;
    options.retry_after = absl::Milliseconds(5);
    options.now_us = [] { return kNowUs; };
    eraser_ =
        std::make_unique<Eraser>(options, log_.get(), registry_.get(), vault_.get(), committer_.get(), metrics_.get());
    committer_->Start();
    eraser_->Start();
  }
  void Close() {
    if (eraser_ != nullptr) eraser_->Stop();
    if (committer_ != nullptr) committer_->Stop();
    eraser_.reset();
    committer_.reset();
    metrics_.reset();
    registry_.reset();
    vault_.reset();
    log_.reset();
  }
  // The process dies here, and is started again.
  void Restart() {
    Close();
    ASSERT_NO_FATAL_FAILURE(Open());
  }

  SubjectId Meet(int person) {
    const SubjectId subject = *vault_->Resolve({Citizen(person), ""}, kMint);
    EXPECT_TRUE(vault_->Persist().ok());
    return subject;
  }
  bool Knows(int person) { return !vault_->Resolve({Citizen(person), ""}, kLeave)->IsZero(); }
  // Without committer and eraser.
  Position Append(const v1::Event& event) {
    const AppendOutcome outcome = testing::AppendOne(log_.get(), testing::PrepareAll({event}), kNowUs);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.ok() ? outcome->front().position : Position{};
  }
  // Through the committer.
  void Record(const v1::Event& event) {
    class Task final : public CommitTask {
     public:
      void Done(AppendOutcome outcome) override {
        EXPECT_TRUE(outcome.ok()) << outcome.status();
        done.Notify();
      }
      absl::Notification done;
    } task;
    task.prepared = testing::PrepareAll({event});
    ASSERT_TRUE(committer_->Submit(&task).ok());
    task.done.WaitForNotification();
  }
  std::vector<v1::Event> Completed() {
    std::vector<v1::Event> completed;
    for (const std::string& stored : testing::ReadAll(*log_)) {
      v1::Event event;
      EXPECT_TRUE(event.ParseFromString(stored));
      if (event.has_erasure_completed()) completed.push_back(event);
    }
    return completed;
  }
  bool AwaitCompleted(size_t count) {
    return Eventually([&] { return Completed().size() >= count; });
  }

  const sothon::testing::TempDir directory_;
  BadDisk disk_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Eraser> eraser_;

 private:
  absl::Status BeforeAppend() override { return vault_->Persist(); }
  absl::Status AfterAppend() override {
    absl::Status folded = registry_->CatchUp(*log_);
    eraser_->Notice();
    return folded;
  }
};

TEST_F(EraserTest, WhoAsksIsErasedAndTheLogIsTold) {
  const SubjectId subject = Meet(1);
  Meet(2);
  StartErasing();
  Record(Request("erase-1", subject));
  ASSERT_TRUE(AwaitCompleted(1));
  EXPECT_FALSE(Knows(1));
  EXPECT_TRUE(Knows(2));
  const v1::Event completed = Completed()[0];
  EXPECT_EQ(completed.erasure_completed().subject_id(), subject.AsBytes());
  EXPECT_EQ(completed.erasure_completed().request_position(), 1u);
  EXPECT_EQ(completed.position(), 2u);
  EXPECT_EQ(completed.effective_date(), 20251120);
  EXPECT_EQ(completed.place_id(), "23500-01");
  EXPECT_EQ(completed.causation_id(), "erase-1");
  EXPECT_EQ(completed.correlation_id(), "case-7");
  EXPECT_TRUE(completed.synthetic());
  EXPECT_EQ(completed.event_id(), ErasureCompletedId("test", {1}, 0));
  // Another wish about the same person is answered, too.
  Record(Request("erase-2", subject));
  ASSERT_TRUE(AwaitCompleted(2));
  EXPECT_EQ(Completed()[1].erasure_completed().request_position(), 3u);
  EXPECT_EQ(eraser_->trouble(), "");
}

TEST_F(EraserTest, AnIdIsAUuidOfLogAndPosition) {
  const std::string id = ErasureCompletedId("test", {7}, 0);
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]+-[0-9a-f]+-8[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id, ErasureCompletedId("test", {7}, 0));
  EXPECT_NE(id, ErasureCompletedId("test2", {7}, 0));
  EXPECT_NE(id, ErasureCompletedId("test", {8}, 0));
  EXPECT_NE(id, ErasureCompletedId("test", {7}, 1));
}

TEST_F(EraserTest, WhereverTheProcessDiesThereIsOneCompletion) {
  const SubjectId asked_only = Meet(1), erased = Meet(2), done = Meet(3);
  Append(Request("erase-1", asked_only));
  Append(Request("erase-2", erased));
  ASSERT_EQ(vault_->Erase({{erased}}), absl::OkStatus());
  const Position third = Append(Request("erase-3", done));
  ASSERT_EQ(vault_->Erase({{done}}), absl::OkStatus());
  v1::Event completed;
  completed.set_event_id(ErasureCompletedId("test", third, 0));
  completed.set_effective_date(20251119);
  completed.mutable_erasure_completed()->set_subject_id(std::string(done.AsBytes()));
  completed.mutable_erasure_completed()->set_request_position(third.value);
  Append(completed);
  for (int started = 0; started < 3; ++started) {
    Restart();
    StartErasing();
    ASSERT_TRUE(AwaitCompleted(3));
  }
  Close();
  ASSERT_NO_FATAL_FAILURE(Open());
  std::set<uint64_t> requests;
  for (const v1::Event& event : Completed()) requests.insert(event.erasure_completed().request_position());
  EXPECT_EQ(requests, (std::set<uint64_t>{1, 2, 3}));
  EXPECT_EQ(log_->Head(), Position{6});
  for (int person = 1; person <= 3; ++person) EXPECT_FALSE(Knows(person));
}

// Written, and the answer lost: on another day it would be another event under the same id.
TEST_F(EraserTest, ACompletionThatWasRecordedWithoutAnAnswerIsNotRepeated) {
  const SubjectId subject = Meet(1);
  const Position request = Append(Request("erase-1", subject));
  ASSERT_TRUE(registry_->CatchUp(*log_).ok());
  v1::Event completed;
  completed.set_event_id(ErasureCompletedId("test", request, 0));
  completed.set_effective_date(20251101);
  completed.mutable_erasure_completed()->set_subject_id(std::string(subject.AsBytes()));
  completed.mutable_erasure_completed()->set_request_position(request.value);
  Append(completed);  // which the registry has not seen
  StartErasing();
  EXPECT_TRUE(Eventually([&] {
    const Registry::View view(*registry_);
    return view.facts().open_erasures().empty();
  }));
  EXPECT_EQ(Completed().size(), 1u);
  EXPECT_FALSE(Knows(1));
}

TEST_F(EraserTest, AnEventOfSomebodyElseUnderTheIdIsNoCompletion) {
  const Position request = Append(Request("erase-1", Meet(1)));
  v1::Event squatter = testing::Paid("BL-1");
  squatter.set_event_id(ErasureCompletedId("test", request, 0));
  Append(squatter);
  Restart();
  StartErasing();
  ASSERT_TRUE(AwaitCompleted(1));
  EXPECT_EQ(Completed()[0].event_id(), ErasureCompletedId("test", request, 1));
}

TEST_F(EraserTest, ABadDiskIsToldAndTriedAgain) {
  const Position request = Append(Request("erase-1", Meet(1)));
  Restart();
  disk_.failure = BadDisk::kAtSync;
  StartErasing();
  EXPECT_TRUE(Eventually([&] { return !eraser_->trouble().empty(); }));
  EXPECT_THAT(eraser_->trouble(), HasSubstr("not erased yet"));
  prometheus::Gauge& open = metrics_->Gauge("sothon_ingest_open_erasures", "");
  EXPECT_EQ(open.Value(), 1);
  EXPECT_TRUE(Completed().empty());
  EXPECT_FALSE(Knows(1)) << "nobody is found by a number whose deletion is under way";
  disk_.failure = BadDisk::kNone;
  ASSERT_TRUE(AwaitCompleted(1));
  EXPECT_TRUE(Eventually([&] { return eraser_->trouble().empty() && open.Value() == 0; }));
  EXPECT_EQ(Completed()[0].erasure_completed().request_position(), request.value);
}

TEST_F(EraserTest, AVaultFromAnOlderBackupForgetsThemAgain) {
  const SubjectId subject = Meet(1);
  const SubjectId other = Meet(2);
  Close();
  const std::string backup = directory_.Path("backup"), vault = VaultFiles().directory;
  std::filesystem::copy(vault, backup);
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(Request("erase-1", subject));
  Restart();
  StartErasing();
  ASSERT_TRUE(AwaitCompleted(1));
  Close();
  std::filesystem::remove_all(vault);
  std::filesystem::copy(backup, vault);
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Knows(1)) << "the backup is older";
  ASSERT_EQ(EraseAgain(*registry_, vault_.get()), absl::OkStatus());
  EXPECT_FALSE(Knows(1));
  EXPECT_TRUE(vault_->IsErased(subject));
  EXPECT_EQ(*vault_->Resolve({Citizen(2), ""}, kLeave), other);
  EXPECT_EQ(EraseAgain(*registry_, vault_.get()), absl::OkStatus());
  EXPECT_EQ(Completed().size(), 1u);
}

}  // namespace
}  // namespace sothon::ingest
