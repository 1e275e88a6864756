// What the reading commands ask alike: about whom, period, scheme, as of when, in which format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/app/connection.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::cli {

struct Query {
  // Whom the figures are about: exactly one of these is named.
  std::string place;
  std::string office;  // that places are assigned to (plan#15)
  std::string party;
  std::string drive;
  std::string kind;  // every party of it: "agency", ...
  bool every_drive = false;

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
void AddPeriod(CLI::App* command, Query* query);
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

// INVALID_ARGUMENT: not exactly one of those `offered` is named, the place or period has no such form, or as-published
// goes with none of what was asked for.
absl::Status CheckQuery(const Query& query, std::string_view offered = "--place");
// "23500", "buu-dien-dak-ha", "d-01": whom the query is about, for headings.
std::string SubjectOf(const Query& query);
// Adds the schemes and groups asked for to a request.
template <typename Request>
absl::Status AddUnits(const Query& query, Request* request) {
  for (const std::string& name : query.schemes) {
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
    if (absl::Status status = ParseScheme(name, &scheme); !status.ok()) return status;
    request->add_schemes(scheme);
  }
  for (const std::string& group : query.groups) request->add_scheme_group_ids(group);
  return absl::OkStatus();
}

// Waits until query.min_position is counted, for as long as the query says.
absl::Status AwaitMinPosition(v1::ProgressService::StubInterface* progress, const Query& query,
                              const Endpoints& endpoints);

// What ProgressService answered, in terms of the command line: whom it does not know, what was never published.
absl::Status InTermsOf(const Query& query, const absl::Status& status);

// FAILED_PRECONDITION: the ingest service has another log than the one counted, so that its events, or what is recorded
// there, would be of the wrong one.
absl::Status CheckSameLog(const v1::Freshness& counted, const std::string& ingest_log_id, const Endpoints& endpoints);

}  // namespace sothon::cli
