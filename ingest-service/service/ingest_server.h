// The ingest service as it runs: all parts, started in order, watched, stopped in order.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/observability/metrics.h"
#include "common/rpc/server.h"
#include "ingest-service/audit/audit_service.h"
#include "ingest-service/erasure/eraser.h"
#include "ingest-service/intake/intake.h"
#include "ingest-service/log/committer.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/outbox/outbox.h"
#include "ingest-service/registry/registry.h"
#include "ingest-service/service/ingest_config.h"
#include "ingest-service/service/ingest_service.h"
#include "ingest-service/service/read_scheduler.h"
#include "ingest-service/vault/vault.h"

namespace sothon::ingest {

// Thread-compatible.
class IngestServer {
 public:
  // Serves when it returns. The error is one clear line for whoever starts the service.
  static absl::StatusOr<std::unique_ptr<IngestServer>> Start(const IngestConfig& config);
  ~IngestServer();
  // Graceful: what was taken is recorded and answered. May be called twice.
  void Stop();

  int port() const { return rpc_->port(); }
  int metrics_port() const { return metrics_.port(); }

 private:
  class Hooks;

  explicit IngestServer(const IngestConfig& config);
  absl::Status Open();
  void StartThreads();
  absl::Status StartBus();
  absl::Status Serve();
  v1::Limits Limits() const;
  std::string Trouble() const;
  // Tells tests and operators which ports were chosen.
  absl::Status WritePorts() const;
  std::string ports_path() const { return config_.data_directory + "/ports"; }
  void Watch();
  // True when nothing is being recorded, now or within a moment.
  bool AwaitAnswers() const;

  const IngestConfig config_;
  // In the order in which the ones need the others.
  Metrics metrics_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<Vault> vault_;
  Registry registry_;
  std::unique_ptr<CommitHooks> hooks_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Eraser> eraser_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<RejectCounters> rejects_;
  std::unique_ptr<ReadScheduler> reads_;
  std::unique_ptr<Outbox> outbox_;
  std::atomic<int64_t> in_flight_{0};  // requests to record, taken and not answered
  std::unique_ptr<IngestService> service_;
  std::unique_ptr<AuditService> audit_;
  std::unique_ptr<RpcServer> rpc_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watch_;  // turns the health check
};

}  // namespace sothon::ingest
