// Prometheus metrics of a service, served over HTTP on a loopback port.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace sothon {

// Owns the registry and the HTTP exposer. Thread-safe. Metrics live as long as it does.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  // Serves /metrics on `address` ("127.0.0.1:7411"); UNAVAILABLE when the port is taken. Port 0 is allowed: see port().
  absl::Status Serve(const std::string& address);
  int port() const;

  prometheus::Counter& Counter(const std::string& name, const std::string& help, const prometheus::Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const prometheus::Labels& labels = {});
  // Upper bounds in the metric's unit, ascending.
  prometheus::Histogram& Histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                                   const prometheus::Labels& labels = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sothon
