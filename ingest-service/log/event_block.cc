#include "ingest-service/log/event_block.h"

#include "common/base/varint.h"
#include "common/event/stored_event.h"

namespace sothon::ingest {
namespace {

constexpr char kPositionTag = 0x08;

size_t VarintSize(uint64_t value) {
  size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

}  // namespace

std::string_view AppendToEventBlock(Position position, int64_t recorded_at_us, std::string_view body,
                                    std::string* block) {
  const size_t header = 2 + VarintSize(position.value) + VarintSize(static_cast<uint64_t>(recorded_at_us));
  AppendVarint(header + body.size(), block);
  const size_t begin = block->size();
  AppendStoredEvent(position, recorded_at_us, body, block);
  return std::string_view(*block).substr(begin);
}

absl::StatusOr<std::string_view> EventBlockReader::Next() {
  if (rest_.empty()) return std::string_view();
  uint64_t length = 0;
  if (!ConsumeVarint(&rest_, &length) || length == 0 || length > rest_.size()) {
    return absl::DataLossError("the event log has a block of events that is damaged");
  }
  const std::string_view stored = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return stored;
}

absl::StatusOr<std::string_view> LastOfBlock(std::string_view block) {
  EventBlockReader events(block);
  std::string_view last;
  while (true) {
    const absl::StatusOr<std::string_view> next = events.Next();
    if (!next.ok()) return next.status();
    if (next->empty()) break;
    last = *next;
  }
  if (last.empty()) return absl::DataLossError("the event log has a block without an event");
  return last;
}

Position PositionOfStored(std::string_view stored) {
  Position position;
  if (stored.empty() || stored.front() != kPositionTag) return {};
  stored.remove_prefix(1);
  return ConsumeVarint(&stored, &position.value) ? position : Position{};
}

}  // namespace sothon::ingest
