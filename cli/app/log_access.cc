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
                                                          std::vector<uint64_t> positions,
                                                          std::map<uint64_t, uint64_t>* reversed_by) {
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  std::map<uint64_t, v1::Event> events;
  for (size_t begin = 0; begin < positions.size(); begin += kPositionsPerRequestMax) {
    v1::ReadEventsRequest request;
    for (size_t i = begin; i < std::min(positions.size(), begin + kPositionsPerRequestMax); ++i) {
      request.add_positions(positions[i]);
    }
    request.set_with_reversals(reversed_by != nullptr);
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(absl::Seconds(60)));
    const auto reader = ingest->ReadEvents(&context, request);
    v1::ReadEventsResponse response;
    while (reader->Read(&response)) {
      for (int i = 0; i < response.events_size(); ++i) {
        v1::Event event;
        if (!event.ParseFromString(response.events(i))) continue;
        const uint64_t reversal = i < response.reversed_by_size() ? response.reversed_by(i) : 0;
        if (reversed_by != nullptr && reversal > 0) reversed_by->emplace(event.position(), reversal);
        events[event.position()] = std::move(event);
      }
    }
    SOTHON_RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  }
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
