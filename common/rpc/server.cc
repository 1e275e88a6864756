#include "common/rpc/server.h"

#include <signal.h>

#include <chrono>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/impl/server_builder_plugin.h"
#include "grpcpp/impl/server_initializer.h"
#include "spdlog/spdlog.h"

namespace sothon {
namespace {

constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
// How often a client may ping without being taken for an abuser.
constexpr int kMinPingIntervalMs = 10'000;

// A grpc::Service does not tell its name; only a plugin of the builder gets to see the list.
class ServiceNamesPlugin : public grpc::ServerBuilderPlugin {
 public:
  explicit ServiceNamesPlugin(std::vector<std::string>* names) : names_(names) {}
  std::string name() override { return "sothon_service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override {
    names_->clear();
    for (const std::string& service : *initializer->GetServiceList()) {
      if (!absl::StartsWith(service, "grpc.")) names_->push_back(service);
    }
  }
  void ChangeArguments(const std::string&, void*) override {}

 private:
  std::vector<std::string>* const names_;
};

class ServiceNamesOption : public grpc::ServerBuilderOption {
 public:
  explicit ServiceNamesOption(std::vector<std::string>* names) : names_(names) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->push_back(std::make_unique<ServiceNamesPlugin>(names_));
  }

 private:
  std::vector<std::string>* const names_;
};

// gRPC writes to standard error by itself; a failed start is told once, in our words.
void LogFromGrpc(gpr_log_func_args* args) { spdlog::debug("grpc message=\"{}\"", args->message); }

sigset_t TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

struct RpcServer::Impl {
  std::vector<std::string> service_names;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
  absl::Mutex mutex;
  bool stopped ABSL_GUARDED_BY(mutex) = false;
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RpcServer::~RpcServer() { Stop(); }

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(const RpcServerOptions& options,
                                                            const std::vector<grpc::Service*>& services) {
  gpr_set_log_function(&LogFromGrpc);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();

  auto impl = std::make_unique<Impl>();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(), &impl->port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  builder.SetMaxReceiveMessageSize(options.receive_message_bytes_max);
  builder.SetOption(std::make_unique<ServiceNamesOption>(&impl->service_names));
  // With port reuse a second process would take half of the calls instead of failing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingIntervalMs);
  impl->server = builder.BuildAndStart();
  if (impl->server == nullptr || impl->port == 0) {
    return absl::UnavailableError(StrCat("cannot listen on ", options.address,
                                         ": the port is taken or the address is malformed; stop the other ",
                                         "process or configure another address"));
  }
  std::unique_ptr<RpcServer> server(new RpcServer(std::move(impl)));
  server->SetServing(true);
  return server;
}

int RpcServer::port() const { return impl_->port; }

void RpcServer::SetServing(bool serving) {
  absl::MutexLock lock(&impl_->mutex);
  if (impl_->stopped) return;
  grpc::HealthCheckServiceInterface* health = impl_->server->GetHealthCheckService();
  if (health == nullptr) return;
  health->SetServingStatus("", serving);
  for (const std::string& name : impl_->service_names) health->SetServingStatus(name, serving);
}

void RpcServer::Stop(absl::Duration grace) {
  {
    absl::MutexLock lock(&impl_->mutex);
    if (impl_->server == nullptr) return;
    if (!impl_->stopped) {
      impl_->stopped = true;
      impl_->server->Shutdown(absl::ToChronoTime(absl::Now() + grace));
    }
  }
  impl_->server->Wait();
}

void BlockTerminationSignals() {
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A reader that goes away shows as an error of the write.
  signal(SIGPIPE, SIG_IGN);
}

void AwaitTerminationSignal() {
  const sigset_t signals = TerminationSignals();
  int caught = 0;
  while (sigwait(&signals, &caught) != 0) {
  }
}

}  // namespace sothon
