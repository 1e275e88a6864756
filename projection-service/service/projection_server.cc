#include "projection-service/service/projection_server.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "common/base/strings.h"
#include "common/observability/logging.h"
#include "common/status/status.h"
#include "projection-service/service/version.h"
#include "spdlog/spdlog.h"

namespace sothon::projection {
namespace {
constexpr absl::Duration kWatchEvery = absl::Milliseconds(500);
}  // namespace

struct ProjectionServer::Instruments {
  explicit Instruments(Metrics* metrics)
      : position(metrics->Gauge("sothon_projection_position", "Last position that readers see.")),
        lag_events(metrics->Gauge("sothon_projection_lag_events",
                                  "Events of the log that are not applied yet, as last heard of.")),
        lag_seconds(
            metrics->Gauge("sothon_projection_lag_seconds",
                           "How long the oldest event that is not applied has been waiting, as last heard of.")),
        heard_seconds(metrics->Gauge("sothon_projection_heard_seconds",
                                     "Seconds since ingest last answered: how old what is known of the lag is.")),
        in_trouble(metrics->Gauge("sothon_projection_in_trouble", "1 while figures do not follow the log.")),
        participants(metrics->Gauge("sothon_projection_participants", "People with a history.")),
        cells(metrics->Gauge("sothon_projection_cells", "Cells: village, scheme and month.")),
        commit_events(metrics->Histogram("sothon_projection_commit_events", "Events in one commit.",
                                         {1, 4, 16, 64, 256, 1'024, 4'096, 65'536, 1'048'576})),
        commit_seconds(
            metrics->Histogram("sothon_projection_commit_seconds", "How long a commit takes.",
                               {0.000'02, 0.000'05, 0.000'1, 0.000'2, 0.000'5, 0.001, 0.005, 0.02, 0.1, 1})) {}

  prometheus::Gauge& position;
  prometheus::Gauge& lag_events;
  prometheus::Gauge& lag_seconds;
  prometheus::Gauge& heard_seconds;
  prometheus::Gauge& in_trouble;
  prometheus::Gauge& participants;
  prometheus::Gauge& cells;
  prometheus::Histogram& commit_events;
  prometheus::Histogram& commit_seconds;
};

absl::StatusOr<std::unique_ptr<ProjectionServer>> ProjectionServer::Start(const ProjectionConfig& config, bool afresh) {
  SOTHON_RETURN_IF_ERROR(InitLogging("projection", config.logging_level));
  if (config.data_directory.empty()) {
    return absl::InvalidArgumentError("data.directory is not set: give a directory");
  }
  std::unique_ptr<ProjectionServer> server(new ProjectionServer(config));
  // First, so that an address that cannot be had leaves no directory behind.
  if (!config.metrics_address.empty()) SOTHON_RETURN_IF_ERROR(server->metrics_.Serve(config.metrics_address));
  SOTHON_RETURN_IF_ERROR(server->OpenProjection(afresh));
  SOTHON_RETURN_IF_ERROR(server->Serve());
  server->StartFollowing();
  SOTHON_RETURN_IF_ERROR(server->WritePorts());
  spdlog::info("serving log={} position={} grpc_port={} metrics_port={}", server->projection_->log_id(),
               server->projection_->position().value, server->port(), server->metrics_port());
  return server;
}

ProjectionServer::ProjectionServer(const ProjectionConfig& config)
    : config_(config), instruments_(std::make_unique<Instruments>(&metrics_)) {}

ProjectionServer::~ProjectionServer() { Stop(); }

absl::Status ProjectionServer::OpenProjection(bool afresh) {
  SOTHON_ASSIGN_OR_RETURN(ProjectionOptions options, OptionsOf(config_));
  options.afresh = afresh;
  options.on_commit = [this](const CommitReport& report) {
    instruments_->commit_events.Observe(static_cast<double>(report.events));
    instruments_->commit_seconds.Observe(absl::ToDoubleSeconds(report.took));
    instruments_->position.Set(static_cast<double>(report.position.value));
  };
  SOTHON_ASSIGN_OR_RETURN(projection_, Projection::Open(std::move(options)));
  std::error_code ignored;
  std::filesystem::remove(ports_path(), ignored);  // now that the directory is known to be ours
  ingest_ = MakeIngestChannel(config_.ingest_address);
  log_ = std::make_unique<GrpcLogReader>(ingest_);

  FollowerOptions following;
  following.bus_enabled = config_.bus.enabled;
  following.bus = config_.bus.Options();
  following.stuck_after = absl::Seconds(config_.stuck_after_seconds);
  following.trouble_after = std::min(following.trouble_after, following.stuck_after);
  following.expected_log_id = projection_->log_id();
  following.on_log_id = [this](const std::string& log_id) { return projection_->BindLog(log_id); };
  following.on_serving_change = [this](bool serving) { rpc_->SetServing(serving); };
  follower_ = std::make_unique<Follower>(std::move(following), ingest_, projection_.get(), &metrics_);
  return absl::OkStatus();
}

absl::Status ProjectionServer::Serve() {
  ServiceParts parts;
  parts.projection = projection_.get();
  parts.log = log_.get();
  parts.wait_max = absl::Seconds(config_.wait_seconds_max);
  parts.watchers_max = config_.watchers_max;
  parts.version = kVersion;
  parts.gaps_refetched = [this] { return follower_->gaps_refetched(); };
  parts.bus_trouble = [this] { return follower_->bus_trouble(); };
  service_ = std::make_unique<ProgressService>(std::move(parts));

  RpcServerOptions options;
  options.address = config_.address;
  SOTHON_ASSIGN_OR_RETURN(rpc_, RpcServer::Start(options, {service_.get()}));
  return absl::OkStatus();
}

void ProjectionServer::StartFollowing() {
  follower_->Start();
  watch_ = std::thread(&ProjectionServer::Watch, this);
}

absl::Status ProjectionServer::WritePorts() const {
  const std::string temporary = ports_path() + ".new";
  std::ofstream(temporary) << "grpc=" << port() << "\nmetrics=" << metrics_port() << "\n";
  if (std::rename(temporary.c_str(), ports_path().c_str()) != 0) {
    return absl::FailedPreconditionError(
        StrCat("cannot write ", ports_path(), "; check the directory's owner and space"));
  }
  return absl::OkStatus();
}

void ProjectionServer::Watch() {
  absl::MutexLock lock(&mutex_);
  do {
    UpdateInstruments();
  } while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kWatchEvery));
}

void ProjectionServer::UpdateInstruments() {
  const v1::GetProjectionStatusResponse status = projection_->GetStatus();
  instruments_->position.Set(static_cast<double>(status.freshness().position()));
  instruments_->lag_events.Set(static_cast<double>(status.freshness().lag_events()));
  instruments_->lag_seconds.Set(status.freshness().lag_seconds());
  instruments_->heard_seconds.Set(status.freshness().heard_seconds_ago());
  instruments_->in_trouble.Set(status.freshness().trouble().empty() ? 0 : 1);
  instruments_->participants.Set(static_cast<double>(status.participants()));
  instruments_->cells.Set(static_cast<double>(status.cells()));
}

void ProjectionServer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (watch_.joinable()) watch_.join();
  if (rpc_ != nullptr) rpc_->SetServing(false);
  if (log_ != nullptr) log_->Cancel();
  if (service_ != nullptr) service_->Stop();
  if (projection_ != nullptr) projection_->notifier().Stop();  // ends those who wait or watch
  if (follower_ != nullptr) follower_->Stop();  // stores what was applied; no more changes of health after it
  if (rpc_ != nullptr) rpc_->Stop();
  std::error_code ignored;
  if (rpc_ != nullptr) std::filesystem::remove(ports_path(), ignored);
}

}  // namespace sothon::projection
