#include "cli/audit/service_log.h"

#include <algorithm>

#include "common/status/status.h"

namespace sothon::cli {
namespace {

// What one call asks for, and how long it may take: a service that hangs is noticed, and a slow one gets on.
constexpr uint64_t kEventsPerCall = 65'536;
constexpr absl::Duration kReadTimeout = absl::Minutes(2);

}  // namespace

ServiceLog::ServiceLog(const Endpoints& endpoints)
    : endpoints_(endpoints),
      channel_(ConnectTo(endpoints.ingest)),
      ingest_(v1::IngestService::NewStub(channel_)),
      audit_(v1::AuditService::NewStub(channel_)) {}

absl::StatusOr<std::string> ServiceLog::FreshCheckpoint() {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetCheckpointRequest request;
  request.set_fresh(true);
  v1::GetCheckpointResponse response;
  SOTHON_RETURN_IF_ERROR(FromIngest(audit_->GetCheckpoint(&context, request, &response), endpoints_));
  return response.note();
}

absl::Status ServiceLog::ReadEvents(uint64_t from, uint64_t to,
                                    absl::FunctionRef<absl::Status(std::string_view)> take) {
  for (; from <= to; from += kEventsPerCall) {
    SOTHON_RETURN_IF_ERROR(ReadSome(from, std::min(to, from + kEventsPerCall - 1), take));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Hash>> ServiceLog::ConsistencyProof(uint64_t first, uint64_t second) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetConsistencyProofRequest request;
  request.set_first_size(first);
  request.set_second_size(second);
  v1::GetConsistencyProofResponse response;
  SOTHON_RETURN_IF_ERROR(FromIngest(audit_->GetConsistencyProof(&context, request, &response), endpoints_));
  std::vector<Hash> hashes;
  for (const std::string& bytes : response.hashes()) {
    SOTHON_ASSIGN_OR_RETURN(const std::vector<Hash> hash, SplitTile(bytes, 1));
    hashes.push_back(hash.front());
  }
  return hashes;
}

absl::Status ServiceLog::ReadSome(uint64_t from, uint64_t to, absl::FunctionRef<absl::Status(std::string_view)> take) {
  v1::ReadEventsRequest request;
  request.set_from_position(from);
  request.set_to_position(to);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kReadTimeout));
  const auto reader = ingest_->ReadEvents(&context, request);
  v1::ReadEventsResponse response;
  absl::Status taken;
  while (taken.ok() && reader->Read(&response)) {
    for (const std::string& stored : response.events()) {
      if (taken.ok()) taken = take(stored);
    }
  }
  if (!taken.ok()) context.TryCancel();
  const grpc::Status end = reader->Finish();
  return taken.ok() ? FromIngest(end, endpoints_) : taken;
}

}  // namespace sothon::cli
