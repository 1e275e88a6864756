// How far the projection is behind its log.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/ids.h"
#include "projection-service/store/formats.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

class HeadTracker {
 public:
  // `now_us`: the clock, microseconds since the Unix epoch.
  explicit HeadTracker(std::function<int64_t()> now_us) : now_us_(std::move(now_us)) {}

  // `recorded_at_us`: 0 when it is not known.
  void NoteHead(Position head, int64_t recorded_at_us);
  void NoteApplied(Position applied);

  // For an answer that reflects `answer`; the live view is at `live`.
  v1::Freshness FreshnessOf(const Applied& answer, Position live, bool of_the_past) const;

 private:
  struct Head {
    Position position;
    int64_t recorded_at_us = 0;
  };

  const std::function<int64_t()> now_us_;
  mutable absl::Mutex mutex_;
  Position head_ ABSL_GUARDED_BY(mutex_);
  // Heads that are not applied yet, oldest first. The first of them is the closest we know to the oldest waiting event.
  std::deque<Head> waiting_ ABSL_GUARDED_BY(mutex_);
  Position applied_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::projection
