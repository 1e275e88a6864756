// Messages to and from the bytes that gRPC hands us.
//
// The service takes raw bytes and parses them itself: gRPC ends a stream without a word when a message cannot be
// parsed, and a client would take that for the end of its input.
#pragma once

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace sothon::ingest {

// INVALID_ARGUMENT names the field whose text is not UTF-8, where that is what is wrong.
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message);
// Takes over `bytes` without copying them.
grpc::ByteBuffer ToByteBuffer(std::string bytes);

}  // namespace sothon::ingest
