// Which events a reader of the log wants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest-service/registry/registry.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::ingest {

// Thread-compatible.
class EventFilter {
 public:
  // INVALID_ARGUMENT with BadRequest: an unknown kind or place. `registry` is borrowed and must outlive the filter.
  static absl::StatusOr<EventFilter> Create(const v1::ReadEventsRequest& request, const Registry* registry);

  // True for every event.
  bool takes_all() const { return place_id_.empty() && kinds_.empty(); }
  // True when it takes only kinds that the log can list without being read (IsReferenceKind).
  bool reference_only() const { return reference_only_; }
  bool Takes(std::string_view stored) const;

 private:
  explicit EventFilter(const Registry* registry) : registry_(registry) {}

  const Registry* registry_;
  std::string place_id_;
  std::vector<bool> kinds_;  // by field number in Event; empty: all
  bool reference_only_ = false;
};

}  // namespace sothon::ingest
