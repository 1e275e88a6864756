#include "cli/app/log_access.h"

#include <algorithm>

#include "cli/app/connection.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {
// What one request may name (ingest.proto).
constexpr size_t kPositionsPerRequestMax = 10'000;
}  // namespace

absl::StatusOr<std::map<uint64_t, v1::Event>> FetchEvents(v1::IngestService::StubInterface* ingest,
                                                          std::vector<uint64_t> positions, Reversals* reversals) {
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  std::map<uint64_t, v1::Event> events;
  Reversals told = std::map<uint64_t, uint64_t>();
  for (size_t begin = 0; begin < positions.size(); begin += kPositionsPerRequestMax) {
    v1::ReadEventsRequest request;
    for (size_t i = begin; i < std::min(positions.size(), begin + kPositionsPerRequestMax); ++i) {
      request.add_positions(positions[i]);
    }
    request.set_with_reversals(reversals != nullptr);
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(absl::Seconds(60)));
    const auto reader = ingest->ReadEvents(&context, request);
    v1::ReadEventsResponse response;
    while (reader->Read(&response)) {
      if (response.reversed_by_size() != response.events_size()) told.reset();
      for (int i = 0; i < response.events_size(); ++i) {
        v1::Event event;
        if (!event.ParseFromString(response.events(i))) continue;
        if (told && response.reversed_by(i) > 0) told->emplace(event.position(), response.reversed_by(i));
        events[event.position()] = std::move(event);
      }
    }
    SOTHON_RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  }
  if (reversals != nullptr) *reversals = std::move(told);
  return events;
}

absl::StatusOr<v1::GetStatusResponse> FetchStatus(v1::IngestService::StubInterface* ingest) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetStatusResponse response;
  SOTHON_RETURN_IF_ERROR(FromGrpc(ingest->GetStatus(&context, {}, &response)));
  return response;
}

}  // namespace sothon::cli
