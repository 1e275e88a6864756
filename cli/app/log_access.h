// Reading single events and the status of the log, as several commands need them.
#pragma once

#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

// The events at `positions` (any number, any order), by position. Into `reversed_by`, when given: where those of them
// were taken back that were, by the log as it is now.
absl::StatusOr<std::map<uint64_t, v1::Event>> FetchEvents(v1::IngestService::StubInterface* ingest,
                                                          std::vector<uint64_t> positions,
                                                          std::map<uint64_t, uint64_t>* reversed_by = nullptr);

absl::StatusOr<v1::GetStatusResponse> FetchStatus(v1::IngestService::StubInterface* ingest);

}  // namespace sothon::cli
