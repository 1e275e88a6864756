// AuditService over gRPC: checkpoints and proofs of one log.
#pragma once

#include "ingest-service/audit/checkpointer.h"
#include "sothon/v1/audit.grpc.pb.h"

namespace sothon::ingest {

// Thread-safe.
class AuditService final : public v1::AuditService::CallbackService {
 public:
  // Both are borrowed.
  AuditService(const EventLog* log, Checkpointer* checkpointer) : log_(log), checkpointer_(checkpointer) {}

  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context, const v1::GetCheckpointRequest* request,
                                          v1::GetCheckpointResponse* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override;
  grpc::ServerUnaryReactor* GetConsistencyProof(grpc::CallbackServerContext* context,
                                                const v1::GetConsistencyProofRequest* request,
                                                v1::GetConsistencyProofResponse* response) override;

 private:
  absl::Status Prove(const v1::GetInclusionProofRequest& request, v1::GetInclusionProofResponse* response) const;
  absl::Status Prove(const v1::GetConsistencyProofRequest& request, v1::GetConsistencyProofResponse* response) const;
  // OUT_OF_RANGE: the log does not reach so far.
  absl::StatusOr<uint64_t> SizeAsked(uint64_t size) const;

  const EventLog* const log_;
  Checkpointer* const checkpointer_;
};

}  // namespace sothon::ingest
