#include "ingest-service/service/ingest_service.h"

#include "ingest-service/service/record_call.h"
#include "ingest-service/service/record_stream_call.h"

namespace sothon::ingest {

grpc::ServerUnaryReactor* IngestService::Record(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return RecordCall::Start(recording_, context, *request, response);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* IngestService::RecordStream(
    grpc::CallbackServerContext* /*context*/) {
  return new RecordStreamCall(recording_);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* IngestService::ReadEvents(grpc::CallbackServerContext* /*context*/,
                                                                      const grpc::ByteBuffer* request) {
  return ReadEventsCall::Start(reading_, *request);
}

grpc::ServerUnaryReactor* IngestService::GetStatus(grpc::CallbackServerContext* context,
                                                   const v1::GetStatusRequest* /*request*/,
                                                   v1::GetStatusResponse* response) {
  response->set_log_id(status_.log->log_id());
  response->set_head_position(status_.log->Head().value);
  response->set_head_recorded_at_us(status_.log->HeadRecordedAtUs());
  response->set_published_position(status_.published().value);
  *response->mutable_limits() = status_.limits;
  response->set_version(status_.version);
  response->set_trouble(status_.trouble());
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace sothon::ingest
