// Log, vault, registry, committer and eraser, joined as the ingest service joins them, over a disk that may be bad.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/erasure/eraser.h"
#include "ingest-service/testing/cramped_disk.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest::testing {

inline constexpr auto kMint = Vault::WhenUnknown::kMint;
inline constexpr auto kLeave = Vault::WhenUnknown::kLeave;
inline constexpr int64_t kNowUs = 1'763'600'000'000'000;  // 2025-11-20

template <typename Condition>
bool Eventually(const Condition& condition) {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

inline std::string Citizen(int person) { return sothon::testing::CitizenNumberOf(static_cast<uint64_t>(person)); }

inline v1::Event Request(const std::string& event_id, const SubjectId& subject) {
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
    eraser_options_.now_us = [] { return kNowUs; };
    eraser_ = std::make_unique<Eraser>(eraser_options_, log_.get(), registry_.get(), vault_.get(), committer_.get(),
                                       metrics_.get());
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
    const AppendOutcome outcome = AppendOne(log_.get(), PrepareAll({event}), kNowUs);
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
    task.prepared = PrepareAll({event});
    ASSERT_TRUE(committer_->Submit(&task).ok());
    task.done.WaitForNotification();
  }
  std::vector<v1::Event> Completed() {
    std::vector<v1::Event> completed;
    for (const std::string& stored : ReadAll(*log_)) {
      v1::Event event;
      EXPECT_TRUE(event.ParseFromString(stored));
      if (event.has_erasure_completed()) completed.push_back(event);
    }
    return completed;
  }
  bool AwaitCompleted(size_t count) {
    return Eventually([&] { return Completed().size() >= count; });
  }

  static EraserOptions Quick() {
    EraserOptions options;
    options.retry_after = absl::Milliseconds(5);
    options.rewrite_after_min = absl::Milliseconds(5);
    options.rewrite_after_max = absl::Milliseconds(20);
    return options;
  }

  const sothon::testing::TempDir directory_;
  EraserOptions eraser_options_ = Quick();
  CrampedDisk disk_;
  std::atomic<int> batches_{0};  // that the committer was about to write
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Eraser> eraser_;

 private:
  absl::Status BeforeAppend() override {
    ++batches_;
    return vault_->Persist();
  }
  absl::Status AfterAppend() override {
    absl::Status folded = registry_->CatchUp(*log_);
    eraser_->Notice();
    return folded;
  }
};

}  // namespace sothon::ingest::testing
