// The synthetic population that the benchmarks record: contributions of `people` persons in the 29 villages of one
// commune.
#pragma once

#include <cstdint>
#include <string>

#include "sothon/v1/ingest.pb.h"

namespace sothon::benchmark {

// The place tree, the agency and the collector that the contributions name. Recording it twice is harmless.
v1::RecordRequest RegistryRequest();

// What the rules judge the commune by: duties and rates, targets of two products for each village and month from
// October 2025, resident collectors, and a drive a week from October to December 2025. Recording it twice is harmless.
v1::RecordRequest OversightRequest();

// Deterministic: event `index` of a run named `run`. Identity numbers begin with 000, which no office issues.
void FillContribution(const std::string& run, uint64_t index, uint64_t people, v1::Submission* submission);

}  // namespace sothon::benchmark
