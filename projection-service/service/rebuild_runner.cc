#include "projection-service/service/rebuild_runner.h"

#include <utility>

#include "spdlog/spdlog.h"

namespace sothon::projection {

void RebuildRunner::Start(bool dry_run, std::function<bool()> is_cancelled, Done done) {
  {
    absl::MutexLock lock(&mutex_);
    if (!running_ && !stopping_) {
      running_ = true;
      if (thread_.joinable()) thread_.join();  // it has left its last lines only
      thread_ = std::thread([this, dry_run, is_cancelled = std::move(is_cancelled), done = std::move(done)] {
        spdlog::info("rebuild begins dry_run={}", dry_run);
        auto outcome = projection_->Rebuild(log_, dry_run, [&] { return stopping_ || is_cancelled(); });
        if (outcome.ok()) {
          spdlog::info("rebuild ended events={} cells={} seconds={:.1f}", outcome->events(), outcome->cells_compared(),
                       outcome->seconds());
        } else {
          spdlog::warn("rebuild refused reason=\"{}\"", std::string(outcome.status().message()));
        }
        {
          absl::MutexLock inner(&mutex_);
          running_ = false;
        }
        done(std::move(outcome));
      });
      return;
    }
  }
  done(absl::AbortedError("a rebuild runs already, or the service is going down; retry later"));
}

void RebuildRunner::Stop() {
  stopping_ = true;
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

}  // namespace sothon::projection
