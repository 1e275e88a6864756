#include "tests/harness/nats_server.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::testing {
namespace {

constexpr absl::Duration kStartMax = absl::Seconds(20);

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// Debian puts it where an ordinary user's PATH does not look.
std::string Program() {
  for (const char* path : {"/usr/sbin/nats-server", "/usr/local/bin/nats-server"}) {
    if (access(path, X_OK) == 0) return path;
  }
  return "nats-server";
}

}  // namespace

int FreePort() {
  static std::mt19937 random{std::random_device{}()};
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const int port = 10'000 + static_cast<int>(random() % 20'000);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(port);
    const bool is_free = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    if (is_free) return port;
  }
  return 0;
}

bool CanConnect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

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
