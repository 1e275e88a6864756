// A projection that only remembers what it was given, and checks the rules of EventSink. Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/event/stored_event.h"
#include "projection-service/view/event_sink.h"

namespace sothon::projection {

class FakeSink final : public EventSink {
 public:
  Position position() const override {
    absl::MutexLock lock(&mutex_);
    return Last();
  }

  bool IsLast(std::string_view stored) const override {
    absl::MutexLock lock(&mutex_);
    const std::vector<std::string>& last_of = pending_.empty() ? applied_ : pending_;
    return !last_of.empty() && last_of.back() == stored;
  }
  absl::Status Apply(absl::Span<const std::string_view> stored, bool catching_up) override {
    absl::MutexLock lock(&mutex_);
    for (const std::string_view each : stored) {
      const absl::StatusOr<StoredEventView> event = SplitStoredEvent(each);
      if (!event.ok()) return event.status();
      if (event->position <= Last()) continue;
      if (event->position != Last().Next()) return absl::FailedPreconditionError("gap");
      if (poison_ == event->position.value) return absl::UnimplementedError("an event of an unknown kind");
      pending_.emplace_back(each);
    }
    return catching_up ? absl::OkStatus() : Commit();
  }
  absl::Status Flush() override {
    absl::MutexLock lock(&mutex_);
    return Commit();
  }
  void NoteHead(Position head, int64_t) override {
    absl::MutexLock lock(&mutex_);
    head_ = head;
  }

  void NoteHeard() override {
    absl::MutexLock lock(&mutex_);
    ++heard_;
  }
  void NoteTrouble(std::string_view trouble) override {
    absl::MutexLock lock(&mutex_);
    troubles_.emplace_back(trouble);
  }

  // Each that was told, in order.
  std::vector<std::string> troubles() const {
    absl::MutexLock lock(&mutex_);
    return troubles_;
  }
  uint64_t heard() const {
    absl::MutexLock lock(&mutex_);
    return heard_;
  }
  // What is committed.
  std::vector<std::string> applied() const {
    absl::MutexLock lock(&mutex_);
    return applied_;
  }
  Position head() const {
    absl::MutexLock lock(&mutex_);
    return head_;
  }
  // Every commit fails with it until it is OK again.
  void SetFailure(absl::Status failure) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  // The event at `position` is of an unknown kind.
  void Poison(uint64_t position) {
    absl::MutexLock lock(&mutex_);
    poison_ = position;
  }
  void Restore(std::vector<std::string> stored) {
    absl::MutexLock lock(&mutex_);
    applied_ = std::move(stored);
  }

 private:
  Position Last() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return Position{applied_.size() + pending_.size()}; }
  absl::Status Commit() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!failure_.ok()) return failure_;
    for (std::string& each : pending_) applied_.push_back(std::move(each));
    pending_.clear();
    return absl::OkStatus();
  }

  mutable absl::Mutex mutex_;
  // Applied and not committed.
  std::vector<std::string> pending_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> applied_ ABSL_GUARDED_BY(mutex_);
  Position head_ ABSL_GUARDED_BY(mutex_);
  uint64_t heard_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> troubles_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  uint64_t poison_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace sothon::projection
