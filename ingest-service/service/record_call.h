// One Record call.
#pragma once

#include "google/protobuf/arena.h"
#include "grpcpp/support/server_callback.h"
#include "ingest-service/service/recording.h"

namespace sothon::ingest {

// Owns itself from Start() until Done(). The reactor is gRPC's own default one: with any other, gRPC moves the end of
// every call to another thread.
class RecordCall final : public CommitTask {
 public:
  // `response` is gRPC's; `parts` is borrowed.
  static grpc::ServerUnaryReactor* Start(const RecordingParts& parts, grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer& request, grpc::ByteBuffer* response);

  void Done(AppendOutcome outcome) override;

 private:
  RecordCall(const RecordingParts& parts, grpc::ServerUnaryReactor* reactor, grpc::ByteBuffer* response)
      : parts_(parts), reactor_(reactor), response_(response) {}
  absl::Status Prepare(const grpc::ByteBuffer& bytes);

  const RecordingParts& parts_;
  const InFlight in_flight_{parts_};
  grpc::ServerUnaryReactor* const reactor_;
  grpc::ByteBuffer* const response_;
};

}  // namespace sothon::ingest
