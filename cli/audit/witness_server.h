// A witness over HTTP (c2sp.org/tlog-witness), for logs that ask for cosignatures themselves.
//
// Concurrency
//   A few threads, each with one connection at a time; a connection that says nothing for some seconds is closed. While
//   all are busy new connections wait in the kernel's queue. The library bounds each wait, not a whole request: whoever
//   sends a byte now and then holds a thread. So it is meant for a loopback address: towards the internet something
//   stands in front of it that has TLS, takes requests in whole, and has limits for each client.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "cli/audit/witness.h"

namespace httplib {
class Server;
}

namespace sothon::cli {

class WitnessServer {
 public:
  // Told what was answered to each checkpoint, on any thread, several at a time.
  using Observer = std::function<void(const absl::StatusOr<WitnessAnswer>&)>;

  // `address` is HOST:PORT; port 0: any free one. `witness` is borrowed. FAILED_PRECONDITION: it cannot listen there.
  static absl::StatusOr<std::unique_ptr<WitnessServer>> Start(const std::string& address, Witness* witness,
                                                              Observer observer);
  // Waits for answers that are under way.
  ~WitnessServer();

  int port() const { return port_; }

 private:
  WitnessServer(Witness* witness, Observer observer);
  void SetLimits();
  void SetHandlers();
  absl::Status Listen(const std::string& address);

  Witness* const witness_;
  const Observer observer_;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  int socket_ = -1;  // the server's
  std::thread thread_;
};

}  // namespace sothon::cli
