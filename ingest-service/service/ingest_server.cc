#include "ingest-service/service/ingest_server.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/observability/logging.h"
#include "common/status/status.h"
#include "ingest-service/service/vault_check.h"
#include "ingest-service/service/version.h"
#include "spdlog/spdlog.h"

namespace sothon::ingest {
namespace {
constexpr absl::Duration kWatchEvery = absl::Milliseconds(200);
// How long a client may take to read its last answers, or to send what it was about to.
constexpr absl::Duration kIdleGrace = absl::Milliseconds(300);
constexpr absl::Duration kAnswersWithin = absl::Milliseconds(500);
// Above the largest request, for what gRPC adds to it.
constexpr int kReceiveMessageBytesMax = 16 << 20;
}  // namespace

// What the committer touches beside the log.
class IngestServer::Hooks final : public CommitHooks {
 public:
  // `eraser` is there by the time of the first append.
  Hooks(Vault* vault, Registry* registry, const EventLog* log, const std::unique_ptr<Eraser>* eraser)
      : vault_(vault), registry_(registry), log_(log), eraser_(eraser) {}
  absl::Status BeforeAppend() override { return vault_->Persist(); }
  absl::Status AfterAppend() override {
    absl::Status folded = registry_->CatchUp(*log_);
    (*eraser_)->Notice();
    return folded;
  }

 private:
  Vault* const vault_;
  Registry* const registry_;
  const EventLog* const log_;
  const std::unique_ptr<Eraser>* const eraser_;
};

absl::StatusOr<std::unique_ptr<IngestServer>> IngestServer::Start(const IngestConfig& config) {
  SOTHON_RETURN_IF_ERROR(Validate(config));
  SOTHON_RETURN_IF_ERROR(InitLogging("ingest", config.logging_level));
  std::unique_ptr<IngestServer> server(new IngestServer(config));
  SOTHON_RETURN_IF_ERROR(server->Open());
  server->StartThreads();
  SOTHON_RETURN_IF_ERROR(server->StartBus());
  SOTHON_RETURN_IF_ERROR(server->Serve());
  SOTHON_RETURN_IF_ERROR(server->WritePorts());
  spdlog::info("serving log={} head={} grpc_port={} metrics_port={}", config.log_id, server->log_->Head().value,
               server->port(), server->metrics_port());
  return server;
}

IngestServer::IngestServer(const IngestConfig& config) : config_(config) {}

IngestServer::~IngestServer() { Stop(); }

absl::Status IngestServer::Open() {
  EventLogOptions log;
  log.directory = config_.data_directory + "/log";
  log.log_id = config_.log_id;
  log.write_buffer_bytes = static_cast<size_t>(config_.log_write_buffer_bytes);
  log.block_cache_bytes = static_cast<size_t>(config_.log_block_cache_bytes);
  log.index_events_in_memory = static_cast<size_t>(config_.log_index_events_in_memory);
  SOTHON_ASSIGN_OR_RETURN(log_, EventLog::Open(log));
  std::error_code ignored;
  std::filesystem::remove(ports_path(), ignored);  // now that the directory is known to be ours

  CheckpointerOptions checkpoints;
  checkpoints.directory = config_.data_directory;
  checkpoints.key_files = config_.audit_key_files;
  checkpoints.every = absl::Seconds(config_.audit_checkpoint_seconds);
  SOTHON_ASSIGN_OR_RETURN(checkpointer_, Checkpointer::Open(std::move(checkpoints), log_.get()));

  VaultOptions vault;
  vault.directory = config_.data_directory + "/vault";
  vault.key_file = config_.data_directory + "/vault.key";
  vault.cache_entries_max = static_cast<size_t>(config_.vault_cache_entries_max);
  SOTHON_ASSIGN_OR_RETURN(vault_, Vault::Open(vault));
  SOTHON_RETURN_IF_ERROR(vault_->BindLog(log_->log_id(), log_->Head().value == 0));
  SOTHON_RETURN_IF_ERROR(registry_.CatchUp(*log_));
  // Before the check, for which who is fenced is known.
  SOTHON_RETURN_IF_ERROR(EraseAgain(registry_, vault_.get()));
  return CheckVaultKnowsTheLog(*log_, *vault_);
}

void IngestServer::StartThreads() {
  hooks_ = std::make_unique<Hooks>(vault_.get(), &registry_, log_.get(), &eraser_);
  CommitterOptions options;
  options.queue_bytes_max = static_cast<size_t>(config_.queue_bytes_max);
  options.batch_events_max = static_cast<size_t>(config_.batch_events_max);
  options.stuck_after = absl::Seconds(config_.stuck_after_seconds);
  options.retry_after = absl::Milliseconds(config_.retry_after_ms);
  committer_ = std::make_unique<Committer>(options, log_.get(), hooks_.get(), &metrics_);
  EraserOptions erasing;
  erasing.retry_after = options.retry_after;
  erasing.now_us = [] { return absl::ToUnixMicros(absl::Now()); };
  eraser_ =
      std::make_unique<Eraser>(std::move(erasing), log_.get(), &registry_, vault_.get(), committer_.get(), &metrics_);
  committer_->Start();
  intake_ = std::make_unique<Intake>(config_.intake, &registry_, vault_.get(), log_.get());
  rejects_ = std::make_unique<RejectCounters>(&metrics_);
  reads_ = std::make_unique<ReadScheduler>(log_.get(), static_cast<int>(config_.read_threads));
  reads_->Start();
  checkpointer_->Start();
  eraser_->Start();
}

absl::Status IngestServer::StartBus() {
  if (!config_.bus.enabled) return absl::OkStatus();
  OutboxOptions options;
  options.bus = config_.bus.Options();
  options.stream = config_.stream.Options();
  options.province_id = config_.province_id;
  options.window_events_max = static_cast<size_t>(config_.bus_window_events_max);
  outbox_ = std::make_unique<Outbox>(std::move(options), log_.get(), &metrics_);
  return outbox_->Start();
}

absl::Status IngestServer::Serve() {
  RecordingParts recording;
  recording.intake = intake_.get();
  recording.committer = committer_.get();
  recording.log = log_.get();
  recording.rejects = rejects_.get();
  recording.in_flight = &in_flight_;
  recording.request_bytes_max = static_cast<size_t>(config_.intake.request_bytes_max);
  recording.client_in_flight_bytes_max = static_cast<size_t>(config_.client_in_flight_bytes_max);
  recording.now_us = [] { return absl::ToUnixMicros(absl::Now()); };
  ReadingParts reading;
  reading.log = log_.get();
  reading.registry = &registry_;
  reading.scheduler = reads_.get();
  reading.heartbeat = absl::Milliseconds(config_.heartbeat_ms);
  StatusParts status;
  status.log = log_.get();
  status.limits = Limits();
  status.version = kVersion;
  status.published = [this] { return outbox_ == nullptr ? Position{} : outbox_->published(); };
  status.trouble = [this] { return Trouble(); };
  service_ = std::make_unique<IngestService>(std::move(recording), reading, std::move(status));

  audit_ = std::make_unique<AuditService>(log_.get(), checkpointer_.get());

  if (!config_.metrics_address.empty()) SOTHON_RETURN_IF_ERROR(metrics_.Serve(config_.metrics_address));
  RpcServerOptions options;
  options.address = config_.address;
  options.receive_message_bytes_max = kReceiveMessageBytesMax;
  SOTHON_ASSIGN_OR_RETURN(rpc_, RpcServer::Start(options, {service_.get(), audit_.get()}));
  watch_ = std::thread(&IngestServer::Watch, this);
  return absl::OkStatus();
}

v1::Limits IngestServer::Limits() const {
  v1::Limits limits;
  limits.set_events_per_request_max(static_cast<uint32_t>(config_.intake.events_per_request_max));
  limits.set_event_bytes_max(static_cast<uint32_t>(config_.intake.event_bytes_max));
  limits.set_request_bytes_max(static_cast<uint64_t>(config_.intake.request_bytes_max));
  limits.set_client_in_flight_bytes_max(static_cast<uint64_t>(config_.client_in_flight_bytes_max));
  limits.set_queue_bytes_max(static_cast<uint64_t>(config_.queue_bytes_max));
  return limits;
}

std::string IngestServer::Trouble() const {
  std::string trouble = committer_->trouble();
  if (trouble.empty() && outbox_ != nullptr) trouble = outbox_->trouble();
  if (trouble.empty()) trouble = checkpointer_->trouble();
  if (trouble.empty()) trouble = eraser_->trouble();
  return trouble;
}

absl::Status IngestServer::WritePorts() const {
  const std::string temporary = ports_path() + ".new";
  std::ofstream(temporary) << "grpc=" << port() << "\nmetrics=" << metrics_port() << "\n";
  if (std::rename(temporary.c_str(), ports_path().c_str()) != 0) {
    return absl::FailedPreconditionError(
        StrCat("cannot write ", ports_path(), "; check the directory's owner and space"));
  }
  return absl::OkStatus();
}

// The bus may be away for long without harm; only a log that does not take events makes the service useless.
void IngestServer::Watch() {
  bool serving = true;
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kWatchEvery)) {
    const bool healthy = committer_->trouble().empty();
    if (healthy != serving) rpc_->SetServing(healthy);
    serving = healthy;
  }
}

bool IngestServer::AwaitAnswers() const {
  const absl::Time deadline = absl::Now() + kAnswersWithin;
  while (in_flight_.load() > 0) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

void IngestServer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (watch_.joinable()) watch_.join();
  if (rpc_ != nullptr) rpc_->SetServing(false);
  if (reads_ != nullptr) reads_->Stop();  // ends the followers, who would keep the server up
  // Streams of clients that have nothing to send would keep it up, too: they need no long grace.
  if (rpc_ != nullptr) rpc_->Stop(AwaitAnswers() ? kIdleGrace : RpcServer::kStopGrace);
  if (eraser_ != nullptr) eraser_->Stop();
  if (committer_ != nullptr) committer_->Stop();
  if (checkpointer_ != nullptr) checkpointer_->Stop();
  if (outbox_ != nullptr) outbox_->Stop();
  if (log_ != nullptr) log_->Interrupt();
  std::error_code ignored;
  if (rpc_ != nullptr) std::filesystem::remove(ports_path(), ignored);
}

}  // namespace sothon::ingest
