#include "projection-service/view/change_notifier.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/strings.h"

namespace sothon::projection {

ChangeNotifier::ChangeNotifier(Position position, size_t waiters_max)
    : waiters_max_(waiters_max), position_(position), thread_([this] { Run(); }) {}

ChangeNotifier::~ChangeNotifier() { Stop(); }

void ChangeNotifier::Await(Position position, absl::Time deadline, Done done) {
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (position > position_) {
      if (stopped_) {
        status = absl::UnavailableError("the projection is going down; retry with back-off");
      } else if (waiters_.size() >= waiters_max_) {
        status =
            absl::ResourceExhaustedError(StrCat("already ", waiters_max_, " reads wait for a position; retry later"));
      } else {
        waiters_.push_back({position, deadline, std::move(done)});
        changed_.Signal();  // the deadline may be the next one
        return;
      }
    }
  }
  done(status);
}

bool ChangeNotifier::Subscribe(std::weak_ptr<Listener> listener) {
  absl::MutexLock lock(&mutex_);
  if (!stopped_) listeners_.push_back(std::move(listener));
  return !stopped_;
}

void ChangeNotifier::Advance(Position position) {
  absl::MutexLock lock(&mutex_);
  position_ = std::max(position_, position);
  if (waiters_.empty() && listeners_.empty()) return;
  advanced_ = true;
  changed_.Signal();
}

void ChangeNotifier::Announce() {
  absl::MutexLock lock(&mutex_);
  advanced_ = true;
  changed_.Signal();
}

bool ChangeNotifier::IsVisible(Position position) const {
  if (position.value == 0) return true;
  absl::MutexLock lock(&mutex_);
  return position <= position_;
}

void ChangeNotifier::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return;
    stopped_ = true;
    changed_.Signal();
  }
  thread_.join();
}

absl::Time ChangeNotifier::NextDeadline() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Waiter& waiter : waiters_) next = std::min(next, waiter.deadline);
  return next;
}

std::vector<std::pair<ChangeNotifier::Done, absl::Status>> ChangeNotifier::TakeReady(absl::Time now) {
  std::vector<std::pair<Done, absl::Status>> ready;
  size_t kept = 0;
  for (Waiter& waiter : waiters_) {
    if (waiter.position <= position_) {
      ready.emplace_back(std::move(waiter.done), absl::OkStatus());
    } else if (stopped_) {
      ready.emplace_back(std::move(waiter.done), absl::UnavailableError("the projection is going down; retry"));
    } else if (waiter.deadline <= now) {
      ready.emplace_back(std::move(waiter.done), absl::DeadlineExceededError(StrCat(
                                                     "position ", waiter.position.value, " was not applied in ",
                                                     "time; the projection is at ", position_.value, "; retry")));
    } else {
      if (&waiters_[kept] != &waiter) waiters_[kept] = std::move(waiter);
      ++kept;
    }
  }
  waiters_.resize(kept);
  return ready;
}

std::vector<std::shared_ptr<ChangeNotifier::Listener>> ChangeNotifier::LiveListeners() {
  std::vector<std::shared_ptr<Listener>> live;
  std::erase_if(listeners_, [&](const std::weak_ptr<Listener>& weak) {
    std::shared_ptr<Listener> listener = weak.lock();
    if (listener == nullptr) return true;
    live.push_back(std::move(listener));
    return false;
  });
  return live;
}

void ChangeNotifier::Run() {
  bool stopping = false;
  while (!stopping) {
    std::vector<std::pair<Done, absl::Status>> ready;
    std::vector<std::shared_ptr<Listener>> listeners;
    {
      absl::MutexLock lock(&mutex_);
      while (!advanced_ && !stopped_ && NextDeadline() > absl::Now()) {
        changed_.WaitWithDeadline(&mutex_, NextDeadline());
      }
      stopping = stopped_;
      ready = TakeReady(absl::Now());
      if (std::exchange(advanced_, false) || stopping) listeners = LiveListeners();
    }
    for (const auto& [done, status] : ready) done(status);
    for (const auto& listener : listeners) stopping ? listener->OnEnd() : listener->OnAdvance();
  }
}

}  // namespace sothon::projection
