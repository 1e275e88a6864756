// Wakes those who wait for the projection to move on.
//
// Operation
//   One thread of its own calls back, so that neither the applying thread nor the server's threads ever wait for a
//   reader.
// Concurrency
//   Thread-safe. Callbacks come from the notifier's thread, one at a time; they must be quick and must not call Stop().
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/ids.h"

namespace sothon::projection {

class ChangeNotifier {
 public:
  using Done = std::function<void(const absl::Status&)>;

  // Called after each advance and announcement; several may be one call.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnAdvance() = 0;
    // The last call: there will be no more.
    virtual void OnEnd() = 0;
  };

  // `position`: where the projection is already.
  ChangeNotifier(Position position, size_t waiters_max);
  ~ChangeNotifier();

  // Calls `done` once: OK when `position` is visible, on this thread if it is already; else later with OK,
  // DEADLINE_EXCEEDED, or UNAVAILABLE after Stop(). RESOURCE_EXHAUSTED at once when too many wait.
  void Await(Position position, absl::Time deadline, Done done);
  // Calls `listener` until it is gone. False after Stop(): it will not be called.
  bool Subscribe(std::weak_ptr<Listener> listener);

  // Readers see everything up to `position`. Cheap.
  void Advance(Position position);
  // Something else has changed that listeners tell. Cheap.
  void Announce();
  // Whether Await() would call back at once.
  bool IsVisible(Position position) const;
  // Ends all waiting. May be called twice.
  void Stop();

 private:
  struct Waiter {
    Position position;
    absl::Time deadline;
    Done done;
  };
  void Run();
  std::vector<std::pair<Done, absl::Status>> TakeReady(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<std::shared_ptr<Listener>> LiveListeners() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Time NextDeadline() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t waiters_max_;
  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  Position position_ ABSL_GUARDED_BY(mutex_);
  bool advanced_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<Listener>> listeners_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace sothon::projection
