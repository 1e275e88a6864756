#include "projection-service/follow/received_events.h"

#include <algorithm>

#include "common/base/wire_field.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::projection {

absl::StatusOr<ReceivedEvents> ReceivedEvents::Parse(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  if (!message.Dump(&slices).ok()) return absl::DataLossError("a message of ReadEvents cannot be read");
  ReceivedEvents received;
  const size_t size = message.Length();
  received.bytes_ = std::unique_ptr<char[]>(new char[size]);  // not zeroed
  char* end = received.bytes_.get();
  for (const grpc::Slice& slice : slices) end = std::copy(slice.begin(), slice.end(), end);

  std::string_view rest(received.bytes_.get(), size);
  WireField field;
  while (ConsumeWireField(&rest, &field)) {
    switch (field.tag) {
      case BytesTag(v1::ReadEventsResponse::kEventsFieldNumber):
        received.events_.push_back(field.bytes);
        break;
      case VarintTag(v1::ReadEventsResponse::kHeadPositionFieldNumber):
        received.head_ = Position{field.number};
        break;
      default:
        break;
    }
  }
  if (!rest.empty()) return absl::DataLossError("a message of ReadEvents is malformed");
  return received;
}

}  // namespace sothon::projection
