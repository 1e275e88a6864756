// One ReadEventsResponse as it came over the wire. The events are views into its bytes: taking each into a string of
// its own costs more than folding half of it.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "grpcpp/support/byte_buffer.h"

namespace sothon::projection {

// Thread-compatible. Views stay valid when it is moved.
class ReceivedEvents {
 public:
  // DATA_LOSS: no ReadEventsResponse. Fields that a newer ingest may add are passed over.
  static absl::StatusOr<ReceivedEvents> Parse(const grpc::ByteBuffer& message);

  // The stored bytes of each event.
  const std::vector<std::string_view>& events() const { return events_; }
  // Of the log, when ingest made the message.
  Position head() const { return head_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::vector<std::string_view> events_;
  Position head_;
};

}  // namespace sothon::projection
