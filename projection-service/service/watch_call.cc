#include "projection-service/service/watch_call.h"

#include <optional>
#include <utility>

#include "common/status/status.h"

namespace sothon::projection {
namespace {

constexpr size_t kRowsPerMessage = 1'000;

// Operation
//   At most one message is on its way. When it is written, or when the projection moves on and none is, the next one is
//   looked up; a client that does not read keeps one message and nothing else.
// Concurrency
//   Called by gRPC's threads and by the notifier's; mutex_ makes one of them.
class WatchCall final : public grpc::ServerWriteReactor<v1::WatchProgressResponse>, public ChangeNotifier::Listener {
 public:
  static grpc::ServerWriteReactor<v1::WatchProgressResponse>* Start(const ServiceParts& parts, WatcherCount* count,
                                                                    const v1::WatchProgressRequest& request) {
    auto call = std::make_shared<WatchCall>(parts.projection, count);
    call->self_ = call;
    // Looked once more after subscribing: for what came in between.
    if (call->Begin(request)) parts.projection->notifier().Subscribe(call) ? call->OnAdvance() : call->OnEnd();
    return call.get();
  }

  WatchCall(Projection* projection, WatcherCount* count) : projection_(projection), count_(count) {}

  void OnAdvance() override {
    absl::MutexLock lock(&mutex_);
    WriteIfAny();
  }

  void OnEnd() override {
    absl::MutexLock lock(&mutex_);
    EndWith(grpc::Status(grpc::StatusCode::UNAVAILABLE,
                         "the projection is going down; resume from the last position received"));
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) EndWith(grpc::Status::CANCELLED);
    if (ending_) return FinishOnce(*ending_);
    WriteIfAny();
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    EndWith(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    if (counted_) count_->Leave();
    // The notifier may be calling; then it is the last one to let go.
    const std::shared_ptr<WatchCall> keep = std::move(self_);
  }

 private:
  // False: the call is refused.
  bool Begin(const v1::WatchProgressRequest& request) {
    absl::MutexLock lock(&mutex_);
    counted_ = count_->Enter();
    if (!counted_) {
      FinishOnce(ToGrpc(absl::ResourceExhaustedError("too many watchers; retry later, or ask with GetProgress")));
      return false;
    }
    auto scan = projection_->StartWatch(request);
    if (!scan.ok()) {
      FinishOnce(ToGrpc(scan.status()));
      return false;
    }
    scan_ = *std::move(scan);
    WriteIfAny();
    return true;
  }

  void WriteIfAny() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || finished_ || ending_ || !scan_) return;
    if (!projection_->NextChanges(kRowsPerMessage, &*scan_, &response_)) return;
    writing_ = true;
    StartWrite(&response_);
  }

  // With a message on its way, OnWriteDone() follows and finishes.
  void EndWith(const grpc::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!ending_) ending_ = status;
    if (!writing_) FinishOnce(*ending_);
  }

  void FinishOnce(const grpc::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (std::exchange(finished_, true)) return;
    Finish(status);
  }

  Projection* const projection_;
  WatcherCount* const count_;
  std::shared_ptr<WatchCall> self_;  // until the call is over
  bool counted_ = false;

  absl::Mutex mutex_;
  std::optional<WatchScan> scan_ ABSL_GUARDED_BY(mutex_);
  v1::WatchProgressResponse response_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> ending_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

bool WatcherCount::Enter() {
  absl::MutexLock lock(&mutex_);
  if (count_ >= max_) return false;
  ++count_;
  return true;
}

void WatcherCount::Leave() {
  absl::MutexLock lock(&mutex_);
  --count_;
}

grpc::ServerWriteReactor<v1::WatchProgressResponse>* StartWatchCall(const ServiceParts& parts, WatcherCount* count,
                                                                    const v1::WatchProgressRequest& request) {
  return WatchCall::Start(parts, count, request);
}

}  // namespace sothon::projection
