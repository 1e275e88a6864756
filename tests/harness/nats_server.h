// A real nats-server with JetStream on a port of its own.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/bus/connection.h"
#include "tests/harness/process.h"

namespace sothon::testing {

// Owned by one thread. The port is chosen at the first start and kept from then on, as services know it by then.
class NatsServer {
 public:
  // Keeps its files in `directory`, which must exist.
  explicit NatsServer(std::string directory) : directory_(std::move(directory)) {}

  // Returns when it takes connections.
  absl::Status Start();
  void Kill() { process_.reset(); }
  // Stops answering without closing connections, and goes on.
  void Freeze();
  void Thaw();
  // Removes what JetStream has stored; only while it does not run.
  void Wipe();
  bool running() const { return process_ != nullptr; }

  // Known from the first start on, or from ReservePort().
  std::string url() const;
  // Picks a free port without starting.
  absl::Status ReservePort();
  BusOptions options() const;

 private:
  const std::string directory_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace sothon::testing
