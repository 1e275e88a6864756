// One Record call.
#pragma once

#include "google/protobuf/arena.h"
#include "grpcpp/support/server_callback.h"
#include "ingest-service/service/recording.h"

namespace sothon::ingest {

// Owns itself from Start() until gRPC is done with it.
class RecordCall final : public grpc::ServerUnaryReactor, public CommitTask {
 public:
  // `response` is gRPC's; `parts` is borrowed.
  static RecordCall* Start(const RecordingParts& parts, const grpc::ByteBuffer& request, grpc::ByteBuffer* response);

  void Done(AppendOutcome outcome) override;
  void OnDone() override { delete this; }

 private:
  RecordCall(const RecordingParts& parts, grpc::ByteBuffer* response) : parts_(parts), response_(response) {}
  absl::Status Prepare(const grpc::ByteBuffer& bytes);

  const RecordingParts& parts_;
  grpc::ByteBuffer* const response_;
};

}  // namespace sothon::ingest
