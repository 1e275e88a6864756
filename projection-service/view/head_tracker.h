// How far the projection is behind its log, when that was last known, and why it does not follow.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/ids.h"
#include "projection-service/store/formats.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

class HeadTracker {
 public:
  // `now_us`: the clock, microseconds since the Unix epoch. Until ingest is heard of, it counts as heard of now.
  explicit HeadTracker(std::function<int64_t()> now_us) : now_us_(std::move(now_us)), heard_at_us_(now_us_()) {}

  // `recorded_at_us`: 0 when it is not known.
  void NoteHead(Position head, int64_t recorded_at_us);
  void NoteApplied(Position applied);
  void NoteHeard() { heard_at_us_.store(now_us_(), std::memory_order_relaxed); }
  // True: it is another one than before.
  bool NoteTrouble(std::string_view trouble);

  // Empty: none.
  std::string trouble() const;
  // Changes with the trouble.
  uint64_t troubles() const { return troubles_.load(std::memory_order_acquire); }

  // For an answer that reflects `answer`; the live view is at `live`. All but the log's id.
  void FillFreshness(const Applied& answer, Position live, bool of_the_past, v1::Freshness* freshness) const;

 private:
  struct Head {
    Position position;
    int64_t recorded_at_us = 0;
  };

  const std::function<int64_t()> now_us_;
  std::atomic<int64_t> heard_at_us_;
  std::atomic<uint64_t> troubles_{0};
  mutable absl::Mutex mutex_;
  Position head_ ABSL_GUARDED_BY(mutex_);
  // Heads that are not applied yet, oldest first. The first of them is the closest we know to the oldest waiting event.
  std::deque<Head> waiting_ ABSL_GUARDED_BY(mutex_);
  Position applied_ ABSL_GUARDED_BY(mutex_);
  std::string trouble_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::projection
