// ProgressService over gRPC.
//
// Operation
//   Questions are answered on gRPC's threads: they take microseconds, from memory. Those that wait for a position wait
//   in the projection's notifier, not on a thread. A rebuild has a thread of its own.
// Concurrency
//   Thread-safe.
#pragma once

#include "projection-service/service/arena_messages.h"
#include "projection-service/service/calls.h"
#include "projection-service/service/rebuild_runner.h"
#include "projection-service/service/watch_call.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::projection {

class ProgressService final : public v1::ProgressService::CallbackService {
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

 private:
  // Answers with `answer()` once `min_position` is visible.
  template <typename Answer>
  grpc::ServerUnaryReactor* Once(grpc::CallbackServerContext* context, uint64_t min_position, Answer answer);

  const ServiceParts parts_;
  ArenaMessages<v1::GetProgressRequest, v1::GetProgressResponse> progress_messages_;
  WatcherCount watchers_;
  RebuildRunner rebuilds_;
};

}  // namespace sothon::projection
