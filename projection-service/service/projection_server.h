// The projection service as it runs: all parts, started in order, watched, stopped in order.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/observability/metrics.h"
#include "common/rpc/server.h"
#include "projection-service/follow/follower.h"
#include "projection-service/follow/grpc_log_reader.h"
#include "projection-service/service/progress_service.h"
#include "projection-service/service/projection_config.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {

// Thread-compatible.
class ProjectionServer {
 public:
  // Serves when it returns, whether ingest and the broker are there or not. `afresh`: leaves what is stored aside and
  // builds it again. The error is one clear line for whoever starts the service.
  static absl::StatusOr<std::unique_ptr<ProjectionServer>> Start(const ProjectionConfig& config, bool afresh);
  ~ProjectionServer();
  // Graceful: what was applied is stored. May be called twice.
  void Stop();

  int port() const { return rpc_->port(); }
  int metrics_port() const { return metrics_.port(); }

 private:
  struct Instruments;

  explicit ProjectionServer(const ProjectionConfig& config);
  absl::Status OpenProjection(bool afresh);
  void StartFollowing();
  absl::Status Serve();
  // Tells tests and operators which ports were chosen.
  absl::Status WritePorts() const;
  std::string ports_path() const { return config_.data_directory + "/ports"; }
  void Watch();
  void UpdateInstruments();

  const ProjectionConfig config_;
  // In the order in which the ones need the others.
  Metrics metrics_;
  std::unique_ptr<Instruments> instruments_;
  std::unique_ptr<Projection> projection_;
  std::shared_ptr<grpc::Channel> ingest_;
  std::unique_ptr<GrpcLogReader> log_;
  std::unique_ptr<Follower> follower_;
  std::unique_ptr<ProgressService> service_;
  std::unique_ptr<RpcServer> rpc_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watch_;  // health and gauges
};

}  // namespace sothon::projection
