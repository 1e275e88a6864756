// Runs one rebuild at a time, on a thread of its own: it takes as long as reading the log takes.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "projection-service/service/calls.h"

namespace sothon::projection {

// Thread-safe.
class RebuildRunner {
 public:
  using Done = std::function<void(absl::StatusOr<v1::RebuildResponse>)>;

  RebuildRunner(Projection* projection, LogReader* log) : projection_(projection), log_(log) {}
  ~RebuildRunner() { Stop(); }

  // Calls `done` once, from another thread or, with ABORTED, at once when a rebuild runs already. `is_cancelled` is
  // asked while it runs.
  void Start(bool dry_run, std::function<bool()> is_cancelled, Done done);
  // Cancels and waits. May be called twice.
  void Stop();

 private:
  Projection* const projection_;
  LogReader* const log_;
  std::atomic<bool> stopping_{false};
  absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::projection
