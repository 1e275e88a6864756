// sothon-projection: who reached what, by village and month. Parts, in the order in which an event meets them:
//   follow/   from the bus and the log    ledger/   events to postings (pure)
//   store/    RocksDB                     view/     what readers see      service/  gRPC calls
#include <malloc.h>

#include <csignal>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/synchronization/mutex.h"
#include "common/rpc/server.h"
#include "projection-service/service/projection_config.h"
#include "projection-service/service/projection_server.h"
#include "projection-service/service/version.h"
#include "spdlog/spdlog.h"

namespace {

// Memory that is large and short-lived, as a commit while catching up needs it, goes straight back; and a thread does
// not keep a heap of its own for what another one freed.
constexpr int kArenasMax = 2;
constexpr int kMmapThresholdBytes = 1 << 20;

int Fail(const absl::Status& status) {
  std::cerr << "sothon-projection: " << status.message() << std::endl;
  return 1;
}

int Run(const std::string& config_path, bool print_config, bool afresh) {
  sothon::projection::ProjectionConfig config;
  sothon::ConfigSchema schema;
  DeclareKeys(&config, &schema);
  if (print_config) {
    std::cout << schema.Template();
    return 0;
  }
  if (const absl::Status status = schema.LoadFile(config_path); !status.ok()) return Fail(status);
  const auto server = sothon::projection::ProjectionServer::Start(config, afresh);
  if (!server.ok()) return Fail(server.status());
  spdlog::info("configuration in force {}", schema.Effective());
  sothon::AwaitTerminationSignal();
  spdlog::info("going down");
  (*server)->Stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sothon::BlockTerminationSignals();
  std::signal(SIGXFSZ, SIG_IGN);  // a file over its limit shows as an error of the write
  // Debian's Abseil looks for lock cycles at every lock. The tests do that; here it would only take time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  mallopt(M_ARENA_MAX, kArenasMax);
  mallopt(M_MMAP_THRESHOLD, kMmapThresholdBytes);
  CLI::App app("Answers who reached what, by village and month, from the events of a sothon log.", "sothon-projection");
  std::string config_path;
  bool print_config = false;
  bool afresh = false;
  app.add_option("--config", config_path, "Configuration file (TOML)");
  app.add_flag("--print-config", print_config, "Print a commented configuration with all defaults, and exit");
  app.add_flag("--rebuild", afresh, "Leave what is stored aside and build it again from the log");
  app.set_version_flag("--version", std::string("sothon-projection ") + sothon::projection::kVersion);
  try {
    app.parse(argc, argv);
    if (config_path.empty() && !print_config) throw CLI::RequiredError("--config");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return Run(config_path, print_config, afresh);
}
