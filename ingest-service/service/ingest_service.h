// The gRPC service: hands each call to the class that knows how to serve it.
#pragma once

#include <functional>
#include <string>

#include "ingest-service/service/read_events_call.h"
#include "ingest-service/service/recording.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::ingest {

struct StatusParts {
  const EventLog* log = nullptr;
  v1::Limits limits;
  std::string version;
  // Last position the bus has acknowledged.
  std::function<Position()> published;
  // One sentence on what is wrong, or empty.
  std::function<std::string()> trouble;
};

// Record, RecordStream and ReadEvents take raw bytes, see wire.h.
using IngestServiceBase = v1::IngestService::WithRawCallbackMethod_Record<
    v1::IngestService::WithRawCallbackMethod_RecordStream<v1::IngestService::WithRawCallbackMethod_ReadEvents<
        v1::IngestService::WithCallbackMethod_GetStatus<v1::IngestService::Service>>>>;

// Thread-safe.
class IngestService final : public IngestServiceBase {
 public:
  // What the parts borrow must outlive the service.
  IngestService(RecordingParts recording, ReadingParts reading, StatusParts status)
      : recording_(std::move(recording)), reading_(reading), status_(std::move(status)) {}

  grpc::ServerUnaryReactor* Record(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RecordStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ReadEvents(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context, const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;

 private:
  const RecordingParts recording_;
  const ReadingParts reading_;
  const StatusParts status_;
};

}  // namespace sothon::ingest
