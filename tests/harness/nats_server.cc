#include "tests/harness/nats_server.h"

#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "tests/harness/port.h"

namespace sothon::testing {
namespace {

constexpr absl::Duration kStartMax = absl::Seconds(20);

// Debian puts it where an ordinary user's PATH does not look.
std::string Program() {
  for (const char* path : {"/usr/sbin/nats-server", "/usr/local/bin/nats-server"}) {
    if (access(path, X_OK) == 0) return path;
  }
  return "nats-server";
}

}  // namespace

absl::Status NatsServer::ReservePort() {
  if (port_ == 0) port_ = FreePort();
  return port_ == 0 ? absl::UnavailableError("no free port") : absl::OkStatus();
}

absl::Status NatsServer::Start() {
  SOTHON_RETURN_IF_ERROR(ReservePort());
  ProcessOptions options;
  options.argv = {Program(), "-a", "127.0.0.1", "-p", StrCat(port_), "-js", "-sd", directory_ + "/jetstream"};
  options.output_file = directory_ + "/nats-server.log";
  options.error_file = options.output_file;
  const absl::Time deadline = absl::Now() + kStartMax;
  // A port that was free may be taken for a moment by somebody's outgoing connection: then the server ends, and is
  // started again.
  while (absl::Now() < deadline) {
    if (process_ == nullptr || !process_->Running()) {
      SOTHON_ASSIGN_OR_RETURN(process_, Process::Start(options));
    }
    if (CanConnect(port_)) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(10));
  }
  process_.reset();
  return absl::UnavailableError(StrCat("nats-server does not start: ", ReadWholeFile(options.output_file)));
}

void NatsServer::Freeze() { process_->Signal(SIGSTOP); }
void NatsServer::Thaw() { process_->Signal(SIGCONT); }

void NatsServer::Wipe() { std::filesystem::remove_all(directory_ + "/jetstream"); }

std::string NatsServer::url() const { return StrCat("nats://127.0.0.1:", port_); }

BusOptions NatsServer::options() const {
  BusOptions options;
  options.url = url();
  return options;
}

}  // namespace sothon::testing
