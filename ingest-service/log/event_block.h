// Blocks of events: how the events column family holds them. One key for each event would cost more than the event.
//
//   block = (varint(length) stored)+      events at consecutive positions; the key is the last one's
//
// Pure. docs/formats/log.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/ids.h"

namespace sothon::ingest {

// A block is closed at this size; a single event may be longer.
inline constexpr size_t kEventBlockBytes = 8 << 10;

// Returns the stored bytes, which stand in the block until it changes.
std::string_view AppendToEventBlock(Position position, int64_t recorded_at_us, std::string_view body,
                                    std::string* block);

// Walks through a block. Thread-compatible; the bytes are borrowed.
class EventBlockReader {
 public:
  explicit EventBlockReader(std::string_view block) : rest_(block) {}
  // The next event's stored bytes; an empty view at the end. DATA_LOSS: this is no block.
  absl::StatusOr<std::string_view> Next();

 private:
  std::string_view rest_;
};

// The last event's stored bytes. DATA_LOSS: this is no block, or an empty one.
absl::StatusOr<std::string_view> LastOfBlock(std::string_view block);

// Position of a stored event, without a look at the rest of it; 0 when there is none.
Position PositionOfStored(std::string_view stored);

}  // namespace sothon::ingest
