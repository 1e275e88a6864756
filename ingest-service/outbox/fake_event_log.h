// An event log in memory, for tests of what reads the log. Thread-safe.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/event/stored_event.h"
#include "ingest-service/log/event_log.h"

namespace sothon::ingest {

class FakeEventLog final : public EventLog {
 public:
  explicit FakeEventLog(std::string log_id = "test-log") : log_id_(std::move(log_id)) {}

  void Add(const v1::Event& event) {
    const std::string body = SerializeBody(event);
    absl::MutexLock lock(&mutex_);
    std::string stored;
    AppendStoredEvent(Position{stored_.size() + 1}, static_cast<int64_t>(stored_.size() + 1), body, &stored);
    stored_.push_back(std::move(stored));
  }

  const std::string& log_id() const override { return log_id_; }
  absl::StatusOr<std::vector<AppendOutcome>> Append(absl::Span<const PreparedRequest* const>, int64_t) override {
    return absl::UnimplementedError("use Add()");
  }
  AppendOutcome Check(const PreparedRequest&) override { return absl::UnimplementedError("not in the fake"); }

  Position Head() const override {
    absl::MutexLock lock(&mutex_);
    return Position{stored_.size()};
  }
  int64_t HeadRecordedAtUs() const override { return static_cast<int64_t>(Head().value); }
  Position AwaitBeyond(Position position, absl::Duration timeout) const override {
    absl::MutexLock lock(&mutex_);
    const auto beyond = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return stored_.size() > position.value || interrupted_;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&beyond), timeout);
    return Position{stored_.size()};
  }
  void Interrupt() override {
    absl::MutexLock lock(&mutex_);
    interrupted_ = true;
  }

  absl::Status Read(Position from, Position to,
                    absl::FunctionRef<bool(Position, std::string_view)> visit) const override {
    std::vector<std::string> copy;
    {
      absl::MutexLock lock(&mutex_);
      const size_t last = std::min<size_t>(to.value, stored_.size());
      for (size_t i = from.value; i <= last; ++i) copy.push_back(stored_[i - 1]);
    }
    for (size_t i = 0; i < copy.size(); ++i) {
      if (!visit(from.Plus(i), copy[i])) break;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> Get(Position position) const override {
    absl::MutexLock lock(&mutex_);
    if (position.value == 0 || position.value > stored_.size()) return absl::NotFoundError("no such position");
    return stored_[position.value - 1];
  }
  absl::StatusOr<std::vector<merkle::Hash>> ReadTile(const merkle::Tile&) const override {
    return absl::UnimplementedError("not in the fake");
  }
  absl::StatusOr<std::vector<Position>> ReferencePositions(Position, Position) const override {
    return std::vector<Position>();
  }
  absl::StatusOr<std::optional<Position>> FindEventId(std::string_view) const override {
    return absl::UnimplementedError("not needed");
  }
  absl::StatusOr<std::optional<Position>> FindReceipt(std::string_view) const override {
    return std::optional<Position>();
  }
  absl::StatusOr<std::optional<Position>> FindReversal(Position) const override { return std::optional<Position>(); }

  absl::StatusOr<Position> LoadOutboxCursor() const override {
    absl::MutexLock lock(&mutex_);
    return cursor_;
  }
  absl::Status StoreOutboxCursor(Position position) override {
    absl::MutexLock lock(&mutex_);
    cursor_ = position;
    return absl::OkStatus();
  }

 private:
  const std::string log_id_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> stored_ ABSL_GUARDED_BY(mutex_);
  Position cursor_ ABSL_GUARDED_BY(mutex_);
  bool interrupted_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace sothon::ingest
