#include "common/rpc/wire.h"

#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/base/varint.h"
#include "common/status/status.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/support/proto_buffer_reader.h"

namespace sothon {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr int kDepthMax = 16;

enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// Consumes a field's value; for kBytes `*value` becomes what it holds. False: these are no protobuf bytes.
bool ConsumeValue(uint64_t wire_type, std::string_view* bytes, std::string_view* value) {
  uint64_t number = 0;
  switch (wire_type) {
    case kVarint:
      return ConsumeVarint(bytes, &number);
    case kFixed64:
      number = 8;
      break;
    case kFixed32:
      number = 4;
      break;
    case kBytes:
      if (!ConsumeVarint(bytes, &number)) return false;
      break;
    default:
      return false;
  }
  if (number > bytes->size()) return false;
  *value = bytes->substr(0, number);
  bytes->remove_prefix(number);
  return true;
}

// The path of the first text field that is not UTF-8; empty: none is, or these are no protobuf bytes.
std::string FindBadText(std::string_view bytes, const Descriptor& type, int depth) {
  std::vector<int> seen(static_cast<size_t>(type.field_count()), 0);
  while (!bytes.empty() && depth < kDepthMax) {
    uint64_t tag = 0;
    std::string_view value;
    if (!ConsumeVarint(&bytes, &tag) || !ConsumeValue(tag & 7, &bytes, &value)) return {};
    const FieldDescriptor* const field = type.FindFieldByNumber(static_cast<int>(tag >> 3));
    if (field == nullptr || (tag & 7) != kBytes) continue;
    std::string path = field->name();
    if (field->is_repeated()) StrAppend(&path, "[", seen[static_cast<size_t>(field->index())]++, "]");
    if (field->type() == FieldDescriptor::TYPE_STRING && !IsValidUtf8(value)) return path;
    if (field->type() != FieldDescriptor::TYPE_MESSAGE) continue;
    const std::string inner = FindBadText(value, *field->message_type(), depth + 1);
    if (!inner.empty()) return StrCat(path, ".", inner);
  }
  return {};
}

std::string Flatten(const grpc::ByteBuffer& bytes) {
  std::string flat;
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return flat;
  for (const grpc::Slice& slice : slices) flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return flat;
}

grpc::Slice SliceOf(std::string bytes) {
  auto* const owned = new std::string(std::move(bytes));
  return grpc::Slice(
      owned->data(), owned->size(), [](void* string) { delete static_cast<std::string*>(string); }, owned);
}

}  // namespace

absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  // The reader wants it writable, and leaves it as it is.
  grpc::ByteBuffer borrowed(bytes);
  grpc::ProtoBufferReader reader(&borrowed);
  if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  std::string field = FindBadText(Flatten(bytes), *message->GetDescriptor(), 0);
  if (!field.empty()) {
    return BadRequest({{std::move(field), "is not valid UTF-8; convert the text from its old encoding first"}});
  }
  return absl::InvalidArgumentError(StrCat("the message is no ", message->GetDescriptor()->full_name(),
                                           "; it was cut short, or made for another service"));
}

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message) {
  return ToByteBuffer(message.SerializeAsString());
}

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  const grpc::Slice slice = SliceOf(std::move(bytes));
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer ToByteBuffer(std::string first, std::string second) {
  const grpc::Slice slices[] = {SliceOf(std::move(first)), SliceOf(std::move(second))};
  return grpc::ByteBuffer(slices, std::size(slices));
}

}  // namespace sothon
