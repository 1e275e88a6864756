// Reading single events and the status of the log, as several commands need them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

// Where events were taken back that were, by their positions; nullopt: it is not known.
using Reversals = std::optional<std::map<uint64_t, uint64_t>>;

// The events at `positions` (any number, any order), by position. Into `reversals`, when given: which of them were
// taken back, by the log as it is now; nullopt when the service is too old to tell.
absl::StatusOr<std::map<uint64_t, v1::Event>> FetchEvents(v1::IngestService::StubInterface* ingest,
                                                          std::vector<uint64_t> positions,
                                                          Reversals* reversals = nullptr);

absl::StatusOr<v1::GetStatusResponse> FetchStatus(v1::IngestService::StubInterface* ingest);

}  // namespace sothon::cli
