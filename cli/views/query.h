// What the reading commands ask alike: place, period, scheme, as of when, in which format.
#pragma once

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/app/connection.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::cli {

struct Query {
  std::string place;
  std::string period;
  std::vector<std::string> schemes;
  std::vector<std::string> groups;
  std::string as_of;
  bool as_published = false;
  uint64_t min_position = 0;
  int64_t wait_seconds = 20;
  std::string format = "table";
};

void AddPlaceAndPeriod(CLI::App* command, Query* query);
void AddAsOf(CLI::App* command, Query* query);

// A position ("4711", "@2025") or a moment ("2025-12-05", "2025-12-05T09:30", "2025-12-05T09:30:00": the end of that
// day, minute or second); empty: now. Four digits that may be a year are refused.
absl::Status ParseAsOf(const std::string& text, v1::AsOf* as_of);
// "BHXH_TN" in any case; INVALID_ARGUMENT names the schemes.
absl::Status ParseScheme(const std::string& text, v1::Scheme* scheme);
// "first", "returned", "paid_vnd", ...; INVALID_ARGUMENT names the counters.
absl::Status ParseCounter(const std::string& text, v1::Counter* counter);
// "first" for COUNTER_FIRST.
std::string CounterName(v1::Counter counter);

// INVALID_ARGUMENT: the place or period has no such form, or as-published was asked for.
absl::Status CheckQuery(const Query& query);

// Waits until query.min_position is counted, for as long as the query says.
absl::Status AwaitMinPosition(v1::ProgressService::StubInterface* progress, const Query& query,
                              const Endpoints& endpoints);

// What ProgressService answered, in terms of the command line: an unknown place.
absl::Status InTermsOf(const Query& query, const absl::Status& status);

}  // namespace sothon::cli
