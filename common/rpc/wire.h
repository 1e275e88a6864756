// Messages to and from the bytes that gRPC hands us.
//
// Some calls take raw bytes and parse them themselves: gRPC ends a stream without a word when a message cannot be
// parsed, and a client would take that for the end of its input. Others answer with bytes that were made before.
#pragma once

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace sothon {

// INVALID_ARGUMENT names the field whose text is not UTF-8, where that is what is wrong.
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message);
// Takes over `bytes` without copying them.
grpc::ByteBuffer ToByteBuffer(std::string bytes);
// One after the other.
grpc::ByteBuffer ToByteBuffer(std::string first, std::string second);

}  // namespace sothon
