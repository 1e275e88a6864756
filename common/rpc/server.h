// A gRPC server as both services run it: bounded messages, health, reflection, a port that may be 0.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"

namespace sothon {

struct RpcServerOptions {
  std::string address;  // "127.0.0.1:7401"; port 0 picks one
  int receive_message_bytes_max = 16 << 20;
};

// Thread-safe. Stop() may be called twice.
class RpcServer {
 public:
  // Starts serving `services` (borrowed; must outlive the server). UNAVAILABLE: the address is taken or malformed.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(const RpcServerOptions& options,
                                                          const std::vector<grpc::Service*>& services);
  ~RpcServer();

  int port() const;
  // grpc.health.v1: the empty service name and each of the services. Serving from the start on.
  void SetServing(bool serving);
  // Takes no more calls, ends those that are not over within `grace`, and waits for their end.
  void Stop(absl::Duration grace = kStopGrace);
  static constexpr absl::Duration kStopGrace = absl::Seconds(2);

 private:
  struct Impl;
  explicit RpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Blocks until SIGTERM or SIGINT. Call BlockTerminationSignals() first thing in main, before any thread exists.
void BlockTerminationSignals();
void AwaitTerminationSignal();

}  // namespace sothon
