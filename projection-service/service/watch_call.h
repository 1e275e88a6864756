// WatchProgress calls.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "projection-service/service/calls.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::projection {

// Counts the watchers there are, and takes no more than a limit. Thread-safe.
class WatcherCount {
 public:
  explicit WatcherCount(int64_t max) : max_(max) {}
  bool Enter();
  void Leave();

 private:
  const int64_t max_;
  absl::Mutex mutex_;
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The reactor lives until the call is over and the notifier has let go of it. `count` must outlive it.
grpc::ServerWriteReactor<v1::WatchProgressResponse>* StartWatchCall(const ServiceParts& parts, WatcherCount* count,
                                                                    const v1::WatchProgressRequest& request);

}  // namespace sothon::projection
