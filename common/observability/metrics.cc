#include "common/observability/metrics.h"

#include <atomic>
#include <exception>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/strings.h"
#include "prometheus/exposer.h"

namespace sothon {

struct Metrics::Impl {
  const std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  absl::Mutex mutex;
  std::unique_ptr<prometheus::Exposer> exposer ABSL_GUARDED_BY(mutex);
  std::atomic<int> port{0};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

absl::Status Metrics::Serve(const std::string& address) {
  absl::MutexLock lock(&impl_->mutex);
  if (impl_->exposer != nullptr) return absl::FailedPreconditionError("metrics are served already");
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address, 1);
    exposer->RegisterCollectable(impl_->registry);
    const std::vector<int> ports = exposer->GetListeningPorts();
    impl_->port = ports.empty() ? 0 : ports.front();
    impl_->exposer = std::move(exposer);
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
