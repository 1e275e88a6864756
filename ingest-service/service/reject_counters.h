// How many requests were refused, by reason.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "common/observability/metrics.h"

namespace sothon::ingest {

// Thread-safe. Borrows `metrics`.
class RejectCounters {
 public:
  explicit RejectCounters(Metrics* metrics);
  // `status` is not OK.
  void Count(const absl::Status& status);

 private:
  std::map<std::string, prometheus::Counter*> by_reason_;
};

}  // namespace sothon::ingest
