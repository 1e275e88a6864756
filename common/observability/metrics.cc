#include "common/observability/metrics.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <map>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/strings.h"
#include "prometheus/exposer.h"

namespace sothon {
namespace {

constexpr absl::Duration kPokeEvery = absl::Milliseconds(5);

// Where a server that listens on `address` is reached from this machine.
std::string OwnHost(const std::string& address) {
  std::string host = address.substr(0, address.rfind(':'));
  if (host.size() == address.size() || host == "0.0.0.0") return "127.0.0.1";  // a port alone, or every interface
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host == "::" ? "::1" : host;
}

// Connects and hangs up, without waiting.
void Poke(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return;
  const int client = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client >= 0) {
    (void)connect(client, found->ai_addr, found->ai_addrlen);
    close(client);
  }
  freeaddrinfo(found);
}

}  // namespace

struct Metrics::Impl {
  const std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  absl::Mutex mutex;
  std::unique_ptr<prometheus::Exposer> exposer ABSL_GUARDED_BY(mutex);
  std::string address ABSL_GUARDED_BY(mutex);
  std::atomic<int> port{0};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}

// The exposer's server notices that it is to end only when a client connects, or after two seconds.
Metrics::~Metrics() {
  absl::MutexLock lock(&impl_->mutex);
  if (impl_->exposer == nullptr) return;
  std::atomic<bool> ended{false};
  std::thread poking([&ended, host = OwnHost(impl_->address), port = port()] {
    for (; !ended.load(std::memory_order_acquire); absl::SleepFor(kPokeEvery)) Poke(host, port);
  });
  impl_->exposer.reset();
  ended.store(true, std::memory_order_release);
  poking.join();
}

absl::Status Metrics::Serve(const std::string& address) {
  absl::MutexLock lock(&impl_->mutex);
  if (impl_->exposer != nullptr) return absl::FailedPreconditionError("metrics are served already");
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address, 1);
    exposer->RegisterCollectable(impl_->registry);
    const std::vector<int> ports = exposer->GetListeningPorts();
    impl_->port = ports.empty() ? 0 : ports.front();
    impl_->exposer = std::move(exposer);
    impl_->address = address;
  } catch (const std::exception& error) {
    return absl::UnavailableError(StrCat("cannot serve metrics on ", address,
                                         ": the port is taken or the address is malformed; stop the other ",
                                         "process or configure another address (", error.what(), ")"));
  }
  return absl::OkStatus();
}

int Metrics::port() const { return impl_->port; }

// Registering a name again returns the family that has it, and adding labels again returns the same metric.
prometheus::Counter& Metrics::Counter(const std::string& name, const std::string& help,
                                      const prometheus::Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*impl_->registry).Add(labels);
}

prometheus::Gauge& Metrics::Gauge(const std::string& name, const std::string& help, const prometheus::Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*impl_->registry).Add(labels);
}

prometheus::Histogram& Metrics::Histogram(const std::string& name, const std::string& help,
                                          const std::vector<double>& bounds, const prometheus::Labels& labels) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(*impl_->registry).Add(labels, bounds);
}

}  // namespace sothon
