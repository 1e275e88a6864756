#include "ingest-service/audit/audit_service.h"

#include <string>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {

constexpr int kPositionsMax = 1'000;

std::string Bytes(const merkle::Hash& hash) { return std::string(merkle::AsBytes(hash)); }

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* AuditService::GetCheckpoint(grpc::CallbackServerContext* context,
                                                      const v1::GetCheckpointRequest* request,
                                                      v1::GetCheckpointResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const auto answer = [reactor, response](const absl::StatusOr<Checkpointer::Signed>& made) {
    if (made.ok()) {
      response->set_note(made->note);
      response->set_size(made->checkpoint.size);
      response->set_root(Bytes(made->checkpoint.root));
    }
    reactor->Finish(ToGrpc(made.status()));
  };
  const absl::StatusOr<Checkpointer::Signed> newest = checkpointer_->Newest();
  if (request->fresh() || absl::IsUnavailable(newest.status())) {
    checkpointer_->MakeSoon(answer);
  } else {
    answer(newest);
  }
  return reactor;
}

grpc::ServerUnaryReactor* AuditService::GetInclusionProof(grpc::CallbackServerContext* context,
                                                          const v1::GetInclusionProofRequest* request,
                                                          v1::GetInclusionProofResponse* response) {
  return Finish(context, Prove(*request, response));
}

grpc::ServerUnaryReactor* AuditService::GetConsistencyProof(grpc::CallbackServerContext* context,
                                                            const v1::GetConsistencyProofRequest* request,
                                                            v1::GetConsistencyProofResponse* response) {
  return Finish(context, Prove(*request, response));
}

absl::StatusOr<uint64_t> AuditService::SizeAsked(uint64_t size) const {
  if (size == 0) {
    SOTHON_ASSIGN_OR_RETURN(const Checkpointer::Signed newest, checkpointer_->Newest());
    return newest.checkpoint.size;
  }
  if (size > log_->Head().value) {
    return absl::OutOfRangeError(StrCat("the log has ", log_->Head().value, " events, not ", size));
  }
  return size;
}

absl::Status AuditService::Prove(const v1::GetInclusionProofRequest& request,
                                 v1::GetInclusionProofResponse* response) const {
  if (request.positions().empty() || request.positions_size() > kPositionsMax) {
    return BadRequest(
        {{"positions", StrCat("there are ", request.positions_size(), "; ask for 1 to ", kPositionsMax)}});
  }
  SOTHON_ASSIGN_OR_RETURN(const uint64_t size, SizeAsked(request.size()));
  const merkle::TileNodes nodes = NodesOf(*log_, size);
  response->set_size(size);
  for (const uint64_t position : request.positions()) {
    if (position == 0 || position > size) {
      return absl::OutOfRangeError(StrCat("position ", position, " is not among the first ", size, " events"));
    }
    SOTHON_ASSIGN_OR_RETURN(const merkle::Hash leaf, nodes.Node(0, position - 1));
    SOTHON_ASSIGN_OR_RETURN(const std::vector<merkle::Hash> hashes, merkle::InclusionProof(position - 1, size, nodes));
    v1::InclusionProof* proof = response->add_proofs();
    proof->set_position(position);
    proof->set_leaf_hash(Bytes(leaf));
    for (const merkle::Hash& hash : hashes) proof->add_hashes(Bytes(hash));
  }
  return absl::OkStatus();
}

absl::Status AuditService::Prove(const v1::GetConsistencyProofRequest& request,
                                 v1::GetConsistencyProofResponse* response) const {
  SOTHON_ASSIGN_OR_RETURN(const uint64_t second, SizeAsked(request.second_size()));
  SOTHON_ASSIGN_OR_RETURN(const std::vector<merkle::Hash> hashes,
                          merkle::ConsistencyProof(request.first_size(), second, NodesOf(*log_, second)));
  response->set_second_size(second);
  for (const merkle::Hash& hash : hashes) response->add_hashes(Bytes(hash));
  return absl::OkStatus();
}

}  // namespace sothon::ingest
