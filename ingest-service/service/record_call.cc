#include "ingest-service/service/record_call.h"

#include "common/status/status.h"
#include "ingest-service/service/wire.h"

namespace sothon::ingest {

RecordCall* RecordCall::Start(const RecordingParts& parts, const grpc::ByteBuffer& request,
                              grpc::ByteBuffer* response) {
  auto* const call = new RecordCall(parts, response);
  absl::Status status = call->Prepare(request);
  if (status.ok()) status = parts.committer->Submit(call);
  // Once submitted, the call may be over any time: only a refused one is still ours.
  if (!status.ok()) call->Done(status);
  return call;
}

absl::Status RecordCall::Prepare(const grpc::ByteBuffer& bytes) {
  google::protobuf::Arena arena;
  auto* const request = google::protobuf::Arena::CreateMessage<v1::RecordRequest>(&arena);
  SOTHON_RETURN_IF_ERROR(ParseRequest(parts_, bytes, request));
  return PrepareTask(parts_, request, this);
}

void RecordCall::Done(AppendOutcome outcome) {
  if (!outcome.ok()) {
    parts_.rejects->Count(outcome.status());
    Finish(ToGrpc(outcome.status()));
    return;
  }
  *response_ = SerializeMessage(ToResponse(parts_.log->log_id(), *outcome));
  Finish(grpc::Status::OK);
}

}  // namespace sothon::ingest
