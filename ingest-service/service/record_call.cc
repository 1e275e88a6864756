#include "ingest-service/service/record_call.h"

#include "common/rpc/wire.h"
#include "common/status/status.h"

namespace sothon::ingest {

grpc::ServerUnaryReactor* RecordCall::Start(const RecordingParts& parts, grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer& request, grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  auto* const call = new RecordCall(parts, reactor, response);
  absl::Status status = call->Prepare(request);
  if (status.ok()) status = parts.committer->Submit(call);
  // Once submitted, the call may be over any time: only a refused one is still ours.
  if (!status.ok()) call->Done(status);
  return reactor;
}

absl::Status RecordCall::Prepare(const grpc::ByteBuffer& bytes) {
  google::protobuf::Arena arena;
  auto* const request = google::protobuf::Arena::CreateMessage<v1::RecordRequest>(&arena);
  SOTHON_RETURN_IF_ERROR(ParseRequest(parts_, bytes, request));
  return PrepareTask(parts_, request, this);
}

void RecordCall::Done(AppendOutcome outcome) {
  const std::unique_ptr<RecordCall> self(this);
  if (!outcome.ok()) {
    parts_.rejects->Count(outcome.status());
    reactor_->Finish(ToGrpc(outcome.status()));
    return;
  }
  *response_ = SerializeMessage(ToResponse(parts_.log->log_id(), *outcome));
  reactor_->Finish(grpc::Status::OK);
}

}  // namespace sothon::ingest
