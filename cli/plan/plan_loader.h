// Sends a plan's events to the log.
#pragma once

#include "absl/status/statusor.h"
#include "cli/plan/plan.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

struct PlanLoadSummary {
  std::string log_id;
  size_t recorded = 0;
  size_t already_known = 0;
  uint64_t first_position = 0;  // of what was recorded; 0: nothing was
  uint64_t last_position = 0;
  uint64_t min_position = 0;  // what a reader asks for to see all of the plan
};

// All of the plan in one request where the service's limits allow it, so that all or nothing of it is recorded. Event
// ids are the plan's own: loading twice records nothing twice. Errors: as Record's, with the places in the plan's files
// instead of indexes. ALREADY_EXISTS: something of the plan was recorded with other content before; the message says
// what to do.
absl::StatusOr<PlanLoadSummary> LoadPlan(v1::IngestService::StubInterface* ingest, const Plan& plan,
                                         bool validate_only);

}  // namespace sothon::cli
