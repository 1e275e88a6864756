// What a Follower needs of a projection.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/base/ids.h"

namespace sothon::projection {

// IsLast(), Apply(), Flush() and NoteHead() are called by one thread only, the rest by any.
class EventSink {
 public:
  virtual ~EventSink() = default;

  // Last position applied.
  virtual Position position() const = 0;
  // Whether `stored` are the bytes of the event there, as it was applied. False when position() is 0.
  virtual bool IsLast(std::string_view stored) const = 0;

  // Applies stored events, ascending. Those at or before position() are skipped.
  // FAILED_PRECONDITION: the first one left is not position() + 1, or there is a gap further on: nothing was applied;
  // refetch.
  // UNIMPLEMENTED: an event kind or field this version does not know; everything before it was applied; stop visibly.
  // DATA_LOSS: bytes that are no event, or an event that ingest cannot have recorded; everything before it was applied.
  // Others: the disk did not take the batch. Nothing more is durable or seen by readers; position() may have moved on,
  // and the next Apply() or Flush() tries the same commit again.
  // `catching_up`: more is coming at once; commits may be postponed until Flush() or until enough has gathered, so
  // position() may run ahead of what is durable and of what readers see, which are always the same.
  virtual absl::Status Apply(absl::Span<const std::string_view> stored, bool catching_up) = 0;
  virtual absl::Status Flush() = 0;

  // The log's head as last heard of, and when (microseconds, Unix epoch): for lag.
  virtual void NoteHead(Position head, int64_t recorded_at_us) = 0;
  // Ingest has just answered: the head is what was told, or is about to be.
  virtual void NoteHeard() = 0;
  // Why what is applied does not follow the log, as one sentence that stays the same while nothing changes; empty: it
  // follows.
  virtual void NoteTrouble(std::string_view trouble) = 0;
};

}  // namespace sothon::projection
