#include "projection-service/service/progress_service.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "projection-service/service/explain_call.h"

namespace sothon::projection {
namespace {

// Puts the answer in the response.
template <typename Response>
absl::Status Deliver(absl::StatusOr<Response> answer, Response* response) {
  if (answer.ok()) *response = *std::move(answer);
  return answer.status();
}

}  // namespace

absl::Time WaitDeadline(const grpc::CallbackServerContext& context, absl::Duration wait_max) {
  return std::min(absl::FromChrono(context.deadline()), absl::Now() + wait_max);
}

ProgressService::ProgressService(ServiceParts parts)
    : parts_(std::move(parts)), watchers_(parts_.watchers_max), rebuilds_(parts_.projection, parts_.log) {
  SetMessageAllocatorFor_GetProgress(&progress_messages_);
  SetMessageAllocatorFor_GetWeekLadder(&ladder_messages_);
  SetMessageAllocatorFor_ListRenewals(&renewals_messages_);
}

grpc::ServerUnaryReactor* ProgressService::GetProgress(grpc::CallbackServerContext* context,
                                                       const v1::GetProgressRequest* request,
                                                       v1::GetProgressResponse* response) {
  return Once(context, request->min_position(),
              [this, request, response] { return parts_.projection->GetProgress(*request, response); });
}

grpc::ServerUnaryReactor* ProgressService::GetPartyProgress(grpc::CallbackServerContext* context,
                                                            const v1::GetPartyProgressRequest* request,
                                                            v1::GetPartyProgressResponse* response) {
  return Once(context, request->min_position(),
              [this, request, response] { return parts_.projection->GetPartyProgress(*request, response); });
}

grpc::ServerWriteReactor<v1::WatchProgressResponse>* ProgressService::WatchProgress(
    grpc::CallbackServerContext*, const v1::WatchProgressRequest* request) {
  return StartWatchCall(parts_, &watchers_, *request);
}

grpc::ServerWriteReactor<v1::ExplainResponse>* ProgressService::Explain(grpc::CallbackServerContext* context,
                                                                        const v1::ExplainRequest* request) {
  return StartExplainCall(parts_, *context, *request);
}

grpc::ServerUnaryReactor* ProgressService::ListPlaces(grpc::CallbackServerContext* context,
                                                      const v1::ListPlacesRequest* request,
                                                      v1::ListPlacesResponse* response) {
  return Once(context, 0,
              [this, request, response] { return Deliver(parts_.projection->ListPlaces(*request), response); });
}

grpc::ServerUnaryReactor* ProgressService::ListLateChanges(grpc::CallbackServerContext* context,
                                                           const v1::ListLateChangesRequest* request,
                                                           v1::ListLateChangesResponse* response) {
  return Once(context, request->min_position(),
              [this, request, response] { return Deliver(parts_.projection->ListLateChanges(*request), response); });
}

grpc::ServerUnaryReactor* ProgressService::GetDigests(grpc::CallbackServerContext* context,
                                                      const v1::GetDigestsRequest* request,
                                                      v1::GetDigestsResponse* response) {
  return Once(context, request->min_position(),
              [this, request, response] { return Deliver(parts_.projection->GetDigests(*request), response); });
}

grpc::ServerUnaryReactor* ProgressService::Rebuild(grpc::CallbackServerContext* context,
                                                   const v1::RebuildRequest* request, v1::RebuildResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  rebuilds_.Start(
      request->dry_run(), [context] { return context->IsCancelled(); },
      [reactor, response](absl::StatusOr<v1::RebuildResponse> outcome) {
        reactor->Finish(ToGrpc(Deliver(std::move(outcome), response)));
      });
  return reactor;
}

grpc::ServerUnaryReactor* ProgressService::GetProjectionStatus(grpc::CallbackServerContext* context,
                                                               const v1::GetProjectionStatusRequest*,
                                                               v1::GetProjectionStatusResponse* response) {
  return Once(context, 0, [this, response] {
    *response = parts_.projection->GetStatus();
    response->set_gaps_refetched(parts_.gaps_refetched());
    response->set_version(parts_.version);
    // Operators want to hear of that, too; readers of figures need not.
    if (response->trouble().empty()) response->set_trouble(parts_.bus_trouble());
    return absl::OkStatus();
  });
}

}  // namespace sothon::projection
