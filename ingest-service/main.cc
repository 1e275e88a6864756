// sothon-ingest: the only way into the log. Parts, in the order in which a request meets them:
//   service/   gRPC calls            intake/    rules and identities     vault/   people to subject ids
//   log/       committer and log     registry/  what rules ask about     outbox/  from the log to the bus
#include <sys/stat.h>

#include <csignal>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/synchronization/mutex.h"
#include "common/rpc/server.h"
#include "ingest-service/service/ingest_config.h"
#include "ingest-service/service/ingest_server.h"
#include "ingest-service/service/version.h"
#include "spdlog/spdlog.h"

namespace {

int Fail(const absl::Status& status) {
  std::cerr << "sothon-ingest: " << status.message() << std::endl;
  return 1;
}

int Run(const std::string& config_path, bool print_config) {
  sothon::ingest::IngestConfig config;
  sothon::ConfigSchema schema;
  DeclareKeys(&config, &schema);
  if (print_config) {
    std::cout << schema.Template();
    return 0;
  }
  if (const absl::Status status = schema.LoadFile(config_path); !status.ok()) return Fail(status);
  const auto server = sothon::ingest::IngestServer::Start(config);
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
  // The vault's files lead from numbers to people, the log's to what they paid: nobody else may read what is made here,
  // also where the data directory itself is open to all.
  ::umask(0077);
  // Debian builds Abseil with its debug checks: without this, every lock is entered in one global graph.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGXFSZ, SIG_IGN);  // a file over its limit shows as an error of the write
  CLI::App app("Records events of the sothon ledger.", "sothon-ingest");
  std::string config_path;
  bool print_config = false;
  app.add_option("--config", config_path, "Configuration file (TOML)");
  app.add_flag("--print-config", print_config, "Print a commented configuration with all defaults, and exit");
  app.set_version_flag("--version", std::string("sothon-ingest ") + sothon::ingest::kVersion);
  try {
    app.parse(argc, argv);
    if (config_path.empty() && !print_config) throw CLI::RequiredError("--config");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return Run(config_path, print_config);
}
