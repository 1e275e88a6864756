#include "tests/harness/port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>

#include "common/base/strings.h"

namespace sothon::testing {
namespace {

constexpr int kPortMin = 10'000;
constexpr int kPortMax = 30'000;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// True for one asker only, among all processes that share the ports: the name lives where they do (Linux's abstract
// namespace, no file), and goes with the process that holds it. The socket stays open on purpose.
bool Claim(int port) {
  const std::string name = StrCat("sothon-test-port-", port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path + 1);  // after the NUL that makes it abstract
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0) return true;
  close(fd);
  return false;
}

bool NobodyListens(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

}  // namespace

int FreePort() {
  std::random_device random;
  std::uniform_int_distribution<int> ports(kPortMin, kPortMax - 1);
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const int port = ports(random);
    if (Claim(port) && NobodyListens(port)) return port;
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

}  // namespace sothon::testing
