// Seeded synthetic collections as a client sends them: late receipts, reversals, moves, openings, repeats.
#pragma once

#include <cstdint>
#include <vector>

#include "sothon/v1/ingest.pb.h"

namespace sothon::testing {

struct WorkloadOptions {
  uint64_t seed = 1;
  int villages = 5;
  int people = 400;
  int requests = 100;
  int events_per_request_max = 40;
};

// The registry first, then `requests` of collections; the same for the same options. Valid in this order.
std::vector<v1::RecordRequest> MakeWorkload(const WorkloadOptions& options);

}  // namespace sothon::testing
