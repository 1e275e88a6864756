// ProgressService over gRPC.
//
// Operation
//   Questions are answered on gRPC's threads: they take microseconds, from memory. Those that wait for a position wait
//   in the projection's notifier, not on a thread. A rebuild has a thread of its own. Questions about the oversight
//   take some hundreds of microseconds for a commune, and longer when people have to be looked at anew (Overseer).
// Concurrency
//   Thread-safe.
#pragma once

#include <utility>

#include "common/status/status.h"
#include "projection-service/service/arena_messages.h"
#include "projection-service/service/calls.h"
#include "projection-service/service/rebuild_runner.h"
#include "projection-service/service/watch_call.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::projection {

// ListFindings answers with bytes: its findings are kept as they stand on the wire.
using ProgressCalls = v1::ProgressService::WithRawCallbackMethod_ListFindings<v1::ProgressService::CallbackService>;

class ProgressService final : public ProgressCalls {
 public:
  explicit ProgressService(ServiceParts parts);

  // Cancels a rebuild that runs. May be called twice.
  void Stop() { rebuilds_.Stop(); }

  grpc::ServerUnaryReactor* GetProgress(grpc::CallbackServerContext* context, const v1::GetProgressRequest* request,
                                        v1::GetProgressResponse* response) override;
  grpc::ServerUnaryReactor* GetPartyProgress(grpc::CallbackServerContext* context,
                                             const v1::GetPartyProgressRequest* request,
                                             v1::GetPartyProgressResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchProgressResponse>* WatchProgress(grpc::CallbackServerContext* context,
                                                                     const v1::WatchProgressRequest* request) override;
  grpc::ServerWriteReactor<v1::ExplainResponse>* Explain(grpc::CallbackServerContext* context,
                                                         const v1::ExplainRequest* request) override;
  grpc::ServerUnaryReactor* ListPlaces(grpc::CallbackServerContext* context, const v1::ListPlacesRequest* request,
                                       v1::ListPlacesResponse* response) override;
  grpc::ServerUnaryReactor* ListLateChanges(grpc::CallbackServerContext* context,
                                            const v1::ListLateChangesRequest* request,
                                            v1::ListLateChangesResponse* response) override;
  grpc::ServerUnaryReactor* GetDigests(grpc::CallbackServerContext* context, const v1::GetDigestsRequest* request,
                                       v1::GetDigestsResponse* response) override;
  grpc::ServerUnaryReactor* Rebuild(grpc::CallbackServerContext* context, const v1::RebuildRequest* request,
                                    v1::RebuildResponse* response) override;
  grpc::ServerUnaryReactor* GetProjectionStatus(grpc::CallbackServerContext* context,
                                                const v1::GetProjectionStatusRequest* request,
                                                v1::GetProjectionStatusResponse* response) override;

  // The oversight (oversight_calls.cc).
  grpc::ServerUnaryReactor* ListFindings(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListRules(grpc::CallbackServerContext* context, const v1::ListRulesRequest* request,
                                      v1::ListRulesResponse* response) override;
  grpc::ServerUnaryReactor* GetWeekLadder(grpc::CallbackServerContext* context, const v1::GetWeekLadderRequest* request,
                                          v1::GetWeekLadderResponse* response) override;
  grpc::ServerUnaryReactor* ListDrives(grpc::CallbackServerContext* context, const v1::ListDrivesRequest* request,
                                       v1::ListDrivesResponse* response) override;
  grpc::ServerUnaryReactor* RankVillages(grpc::CallbackServerContext* context, const v1::RankVillagesRequest* request,
                                         v1::RankVillagesResponse* response) override;
  grpc::ServerUnaryReactor* ListRenewals(grpc::CallbackServerContext* context, const v1::ListRenewalsRequest* request,
                                         v1::ListRenewalsResponse* response) override;
  grpc::ServerUnaryReactor* GetRetention(grpc::CallbackServerContext* context, const v1::GetRetentionRequest* request,
                                         v1::GetRetentionResponse* response) override;
  grpc::ServerUnaryReactor* GetUncovered(grpc::CallbackServerContext* context, const v1::GetUncoveredRequest* request,
                                         v1::GetUncoveredResponse* response) override;
  grpc::ServerUnaryReactor* ListDocuments(grpc::CallbackServerContext* context, const v1::ListDocumentsRequest* request,
                                          v1::ListDocumentsResponse* response) override;
  grpc::ServerUnaryReactor* ListProvenance(grpc::CallbackServerContext* context,
                                           const v1::ListProvenanceRequest* request,
                                           v1::ListProvenanceResponse* response) override;
  grpc::ServerUnaryReactor* ListRoles(grpc::CallbackServerContext* context, const v1::ListRolesRequest* request,
                                      v1::ListRolesResponse* response) override;
  grpc::ServerUnaryReactor* ListDecisions(grpc::CallbackServerContext* context, const v1::ListDecisionsRequest* request,
                                          v1::ListDecisionsResponse* response) override;
  grpc::ServerUnaryReactor* CountActivities(grpc::CallbackServerContext* context,
                                            const v1::CountActivitiesRequest* request,
                                            v1::CountActivitiesResponse* response) override;

 private:
  // Answers with `answer()` once `min_position` is visible.
  template <typename Answer>
  grpc::ServerUnaryReactor* Once(grpc::CallbackServerContext* context, uint64_t min_position, Answer answer) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    ChangeNotifier& notifier = parts_.projection->notifier();
    if (notifier.IsVisible({min_position})) {
      reactor->Finish(ToGrpc(answer()));
      return reactor;
    }
    notifier.Await({min_position}, WaitDeadline(*context, parts_.wait_max),
                   [reactor, answer = std::move(answer)](const absl::Status& reached) {
                     reactor->Finish(ToGrpc(reached.ok() ? answer() : reached));
                   });
    return reactor;
  }

  // Answers with the situation that the request's inquiry is about, by `fill(situation, request, response)`.
  template <typename Request, typename Response, typename Fill>
  grpc::ServerUnaryReactor* Oversee(grpc::CallbackServerContext* context, const Request* request, Response* response,
                                    Fill fill);

  const ServiceParts parts_;
  ArenaMessages<v1::GetProgressRequest, v1::GetProgressResponse> progress_messages_;
  ArenaMessages<v1::GetWeekLadderRequest, v1::GetWeekLadderResponse> ladder_messages_;
  ArenaMessages<v1::ListRenewalsRequest, v1::ListRenewalsResponse> renewals_messages_;
  WatcherCount watchers_;
  RebuildRunner rebuilds_;
};

}  // namespace sothon::projection
