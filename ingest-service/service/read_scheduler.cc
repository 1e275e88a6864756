#include "ingest-service/service/read_scheduler.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace sothon::ingest {
namespace {
// A new wait may have an earlier deadline than the one that is being waited for.
constexpr absl::Duration kWatchAtMost = absl::Milliseconds(200);
}  // namespace

ReadScheduler::ReadScheduler(const EventLog* log, int threads) : log_(log), thread_count_(threads) {}

ReadScheduler::~ReadScheduler() { Stop(); }

void ReadScheduler::Start() {
  for (int i = 0; i < thread_count_; ++i) threads_.emplace_back(&ReadScheduler::Work, this);
  threads_.emplace_back(&ReadScheduler::Watch, this);
}

void ReadScheduler::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    QueueReady({UINT64_MAX}, absl::InfiniteFuture());
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  std::deque<Reader*> left;
  {
    absl::MutexLock lock(&mutex_);
    gone_ = true;
    left.swap(queue_);
  }
  for (Reader* reader : left) reader->Step();
}

bool ReadScheduler::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void ReadScheduler::Schedule(Reader* reader) {
  {
    absl::MutexLock lock(&mutex_);
    if (!gone_) {
      queue_.push_back(reader);
      return;
    }
  }
  reader->Step();
}

void ReadScheduler::Await(Reader* reader, Position position, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  // Entered first and compared afterwards, so that no event falls between.
  waiting_[reader] = {position, deadline};
  if (stopping_ || log_->Head() > position) {
    waiting_.erase(reader);
    queue_.push_back(reader);
  }
}

void ReadScheduler::Wake(Reader* reader) {
  absl::MutexLock lock(&mutex_);
  if (waiting_.erase(reader) > 0) queue_.push_back(reader);
}

void ReadScheduler::QueueReady(Position head, absl::Time now) {
  for (auto wait = waiting_.begin(); wait != waiting_.end();) {
    const auto next = std::next(wait);
    if (head > wait->second.position || now >= wait->second.deadline) {
      queue_.push_back(wait->first);
      waiting_.erase(wait);
    }
    wait = next;
  }
}

void ReadScheduler::Work() {
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !queue_.empty() || stopping_; };
  while (true) {
    Reader* reader = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (queue_.empty()) return;
      reader = queue_.front();
      queue_.pop_front();
    }
    reader->Step();
  }
}

void ReadScheduler::Watch() {
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !waiting_.empty() || stopping_; };
  while (true) {
    Position head;
    absl::Time until;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (stopping_) return;
      const absl::Time now = absl::Now();
      head = log_->Head();
      QueueReady(head, now);
      until = now + kWatchAtMost;
      for (const auto& [reader, wait] : waiting_) until = std::min(until, wait.deadline);
      if (waiting_.empty()) continue;
    }
    log_->AwaitBeyond(head, until - absl::Now());
  }
}

}  // namespace sothon::ingest
