// The follower's watching thread, and what it and the applying thread tell each other.
#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/follow/follower.h"
#include "projection-service/follow/instruments.h"
#include "spdlog/spdlog.h"

namespace sothon::projection {
namespace {

// After a stall the log is followed for a while before the bus is trusted again; longer each time, until it holds.
constexpr absl::Duration kPenaltyMin = absl::Seconds(1);
constexpr absl::Duration kPenaltyMax = absl::Seconds(30);
constexpr absl::Duration kPenaltyForgottenAfter = absl::Minutes(1);
constexpr absl::Duration kStallWaitMax = absl::Seconds(10);

std::string Moment(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

}  // namespace

void Follower::Watch() {
  while (!ended()) {
    PollIngest();
    JudgeProgress();
    if (options_.bus_enabled) OpenFeed();
    TellState();
    const bool behind = applied() < head();
    Pause(behind ? options_.poll_interval / 4 : options_.poll_interval);
  }
}

void Follower::PollIngest() {
  const absl::Status status = AskIngest();
  absl::MutexLock lock(&mutex_);
  if (status.ok()) {
    if (ingest_away_since_ == absl::InfiniteFuture()) return;
    spdlog::info("ingest answers again");
    ingest_away_since_ = absl::InfiniteFuture();
    ++wakes_;
    changed_.SignalAll();
    return;
  }
  if (ingest_away_since_ == absl::InfiniteFuture() && !ended()) {
    ingest_away_since_ = absl::Now();
    // The first reason is kept: which of several errors a later try gives is no news.
    ingest_failure_ = std::string(status.message());
    spdlog::warn("ingest does not answer, will keep trying why=\"{}\"", ingest_failure_);
  }
}

absl::Status Follower::AskIngest() {
  // Read before asking: the log cannot be shorter than what came from it earlier.
  const Position applied_before = applied();
  // Said before this call connects again, so that nobody takes the new connection for the old one.
  if (channel_->GetState(false) != GRPC_CHANNEL_READY) losses_.fetch_add(1);
  // A connection makes progress only while somebody waits for it. Calls themselves fail at once, and say why.
  channel_->WaitForConnected(absl::ToChronoTime(absl::Now() + options_.rpc_timeout));
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + options_.rpc_timeout));
  v1::GetStatusResponse answer;
  SOTHON_RETURN_IF_ERROR(FromGrpc(ingest_->GetStatus(&context, v1::GetStatusRequest(), &answer)));

  std::string expected = options_.expected_log_id;
  {
    absl::MutexLock lock(&mutex_);
    if (!log_id_.empty()) expected = log_id_;
  }
  if (answer.log_id().empty()) return absl::InternalError("ingest does not tell the id of its log");
  if (!expected.empty() && answer.log_id() != expected) {
    Fail(absl::FailedPreconditionError(
        StrCat("ingest serves the log \"", answer.log_id(), "\", but this projection is of the log \"", expected,
               "\": point it at the right ingest service, or give it an empty data directory")));
    return absl::OkStatus();
  }
  if (answer.head_position() < applied_before.value) {
    Fail(absl::FailedPreconditionError(StrCat(
        "the log \"", answer.log_id(), "\" ends at position ", answer.head_position(), ", but ", applied_before.value,
        " is projected already: ingest serves an older copy of the log; restore the newer one, or give this projection "
        "an empty data directory")));
    return absl::OkStatus();
  }
  published_ = Position{answer.published_position()};
  NoteHead(Position{answer.head_position()}, answer.head_recorded_at_us());
  sink_->NoteHeard();
  absl::MutexLock lock(&mutex_);
  if (log_id_.empty()) {
    log_id_ = answer.log_id();
    spdlog::info("following log={} head={} position={}", log_id_, answer.head_position(), applied_before.value);
    changed_.SignalAll();
  }
  return absl::OkStatus();
}

void Follower::OpenFeed() {
  {
    absl::MutexLock lock(&mutex_);
    if (opened_feed_ != nullptr || log_id_.empty()) return;
  }
  // An outbox that is behind itself would only make us wait.
  const bool useful = want_bus_.load(std::memory_order_acquire) && !following_bus() && absl::Now() >= bus_not_before_ &&
                      published_.Plus(options_.near_events) >= head();
  if (!useful || ended()) return;
  absl::StatusOr<std::unique_ptr<BusFeed>> feed =
      BusFeed::Open(options_.bus, log_id(), options_.bus_pending_events_max);
  absl::Status status = feed.status();
  if (status.ok()) status = AskIngest();
  absl::MutexLock lock(&mutex_);
  if (status.ok()) {
    opened_feed_ = *std::move(feed);
    opened_feed_head_ = head();
    bus_away_since_ = absl::InfiniteFuture();
    return;
  }
  if (bus_away_since_ == absl::InfiniteFuture()) {
    bus_away_since_ = absl::Now();
    spdlog::warn("cannot follow the bus, following the log until it is back why=\"{}\"", std::string(status.message()));
  }
  bus_failure_ = std::string(status.message());
}

void Follower::JudgeProgress() {
  const Position position = applied();
  const absl::Time now = absl::Now();
  absl::MutexLock lock(&mutex_);
  if (position >= head()) {
    behind_since_ = absl::InfiniteFuture();
    stall_wait_ = options_.stalled_after;
  } else if (position != judged_position_ || behind_since_ == absl::InfiniteFuture()) {
    behind_since_ = now;
    stall_wait_ = options_.stalled_after;
  } else if (now - std::max(behind_since_, stalled_at_) >= stall_wait_ && !log_id_.empty() &&
             !in_apply_.load(std::memory_order_acquire) && ingest_away_since_ == absl::InfiniteFuture()) {
    if (following_bus()) {
      const bool forgotten = now - stalled_at_ > kPenaltyForgottenAfter;
      bus_penalty_ = forgotten ? kPenaltyMin : std::clamp(2 * bus_penalty_, kPenaltyMin, kPenaltyMax);
      bus_not_before_ = now + bus_penalty_;
    }
    stalled_at_ = now;
    // Beginning again must not be what keeps a busy ingest from answering.
    stall_wait_ = std::min(2 * stall_wait_, kStallWaitMax);
    stalled_.store(true, std::memory_order_release);
    instruments_->stalls.Increment();
  }
  judged_position_ = position;
}

void Follower::Fail(const absl::Status& why) {
  {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return;
    failure_ = why;
  }
  spdlog::error("following has ended for good position={} why=\"{}\"", applied().value, std::string(why.message()));
  TellState();
  ended_.store(true, std::memory_order_release);
  Wake();
}

void Follower::NoteApplied(const absl::Status& outcome) {
  if (!outcome.ok()) instruments_->apply_errors.Increment();
  // A gap is not the sink's trouble: following goes on from the sink's position.
  if (absl::IsFailedPrecondition(outcome)) return;
  if (absl::IsUnimplemented(outcome) || absl::IsDataLoss(outcome)) {
    Fail(Annotate(outcome, StrCat("cannot apply the event at position ", applied().Next().value)));
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (apply_failure_ == outcome) return;
    apply_failure_ = outcome;
  }
  TellState();
}

void Follower::NoteHead(Position head, int64_t recorded_at_us) {
  absl::MutexLock lock(&mutex_);
  if (head.value < head_.load(std::memory_order_relaxed)) return;
  head_.store(head.value, std::memory_order_release);
  head_recorded_at_us_ = std::max(head_recorded_at_us_, recorded_at_us);
}

void Follower::TellState() {
  // Held over the calls, so that the last change told is the last one that happened.
  absl::MutexLock telling(&telling_mutex_);
  const absl::Time now = absl::Now();
  std::string trouble;
  bool serving;
  bool serving_changed;
  {
    absl::MutexLock lock(&mutex_);
    trouble = TroubleAt(now);
    const bool stuck = now - behind_since_ > options_.stuck_after && ingest_away_since_ == absl::InfiniteFuture();
    serving = failure_.ok() && apply_failure_.ok() && !stuck;
    serving_changed = std::exchange(serving_, serving) != serving;
  }
  if (trouble != told_trouble_) {
    told_trouble_ = trouble;
    sink_->NoteTrouble(trouble);
  }
  if (!serving_changed) return;
  spdlog::info("the projection is {} position={} head={}", serving ? "well again" : "stuck", applied().value,
               head().value);
  if (options_.on_serving_change != nullptr) options_.on_serving_change(serving);
}

bool Follower::serving() const {
  absl::MutexLock lock(&mutex_);
  return serving_;
}

std::string Follower::log_id() const {
  absl::MutexLock lock(&mutex_);
  return log_id_;
}

std::string Follower::trouble() const {
  const absl::Time now = absl::Now();
  absl::MutexLock lock(&mutex_);
  return TroubleAt(now);
}

// Nothing in these sentences moves by itself: who is told of each change is not told of every second.
std::string Follower::TroubleAt(absl::Time now) const {
  if (!failure_.ok()) return std::string(failure_.message());
  if (!apply_failure_.ok()) {
    return StrCat("events cannot be applied (", apply_failure_.message(), "); trying again");
  }
  if (now - ingest_away_since_ >= options_.trouble_after) {
    return StrCat("ingest has not answered since ", Moment(ingest_away_since_), " (", ingest_failure_,
                  "); trying again, and figures stay as they are until it does");
  }
  if (now - behind_since_ > options_.stuck_after) {
    return StrCat("behind the log without moving since ", Moment(behind_since_), ", at position ", applied().value);
  }
  return "";
}

std::string Follower::bus_trouble() const {
  const absl::Time now = absl::Now();
  absl::MutexLock lock(&mutex_);
  if (now - bus_away_since_ < options_.trouble_after) return "";
  return StrCat("the bus has been out of reach since ", Moment(bus_away_since_), " (", bus_failure_,
                "); following the log directly, figures are up to date");
}

void Follower::Pause(absl::Duration duration) {
  const absl::Time until = absl::Now() + duration;
  absl::MutexLock lock(&mutex_);
  const uint64_t wakes = wakes_;
  while (!ended() && wakes == wakes_ && !changed_.WaitWithDeadline(&mutex_, until)) {
  }
}

void Follower::Wake() {
  absl::MutexLock lock(&mutex_);
  ++wakes_;
  changed_.SignalAll();
}

}  // namespace sothon::projection
