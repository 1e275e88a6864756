#include "projection-service/view/head_tracker.h"

#include <algorithm>

namespace sothon::projection {
namespace {

constexpr size_t kWaitingMax = 256;
constexpr double kMicrosPerSecond = 1e6;

}  // namespace

void HeadTracker::NoteHead(Position head, int64_t recorded_at_us) {
  absl::MutexLock lock(&mutex_);
  if (head <= head_) return;
  head_ = head;
  if (head <= applied_) return;
  // The oldest one is what counts; in between precision may go.
  if (waiting_.size() >= kWaitingMax) waiting_.pop_back();
  waiting_.push_back({head, recorded_at_us > 0 ? recorded_at_us : now_us_()});
}

void HeadTracker::NoteApplied(Position applied) {
  absl::MutexLock lock(&mutex_);
  applied_ = std::max(applied_, applied);
  while (!waiting_.empty() && waiting_.front().position <= applied_) waiting_.pop_front();
}

bool HeadTracker::NoteTrouble(std::string_view trouble) {
  absl::MutexLock lock(&mutex_);
  if (trouble_ == trouble) return false;
  trouble_ = trouble;
  troubles_.fetch_add(1, std::memory_order_release);
  return true;
}

std::string HeadTracker::trouble() const {
  absl::MutexLock lock(&mutex_);
  return trouble_;
}

void HeadTracker::FillFreshness(const Applied& answer, Position live, bool of_the_past,
                                v1::Freshness* freshness) const {
  const int64_t now_us = now_us_();
  freshness->set_position(answer.position.value);
  freshness->set_recorded_at_us(answer.recorded_at_us);
  const int64_t heard_us_ago = now_us - heard_at_us_.load(std::memory_order_relaxed);
  freshness->set_heard_seconds_ago(static_cast<double>(std::max<int64_t>(0, heard_us_ago)) / kMicrosPerSecond);
  absl::MutexLock lock(&mutex_);
  if (!trouble_.empty()) freshness->set_trouble(trouble_);
  freshness->set_head_position(std::max(head_, live).value);
  if (of_the_past || head_ <= live) return;
  freshness->set_lag_events(head_.value - live.value);
  for (const Head& head : waiting_) {
    if (head.position <= live) continue;
    const auto waited_us = static_cast<double>(now_us - head.recorded_at_us);
    freshness->set_lag_seconds(std::max(0.0, waited_us / kMicrosPerSecond));
    break;
  }
}

}  // namespace sothon::projection
