#include "ingest-service/outbox/outbox.h"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/outbox/publisher.h"
#include "spdlog/spdlog.h"

namespace sothon::ingest {
namespace {

// How long the thread sleeps at most before it looks whether to stop and whether the broker is still there.
constexpr absl::Duration kTick = absl::Milliseconds(200);
// The cursor is only a hint where to go on, so a write of it is worth saving.
constexpr absl::Duration kCursorInterval = absl::Milliseconds(100);

}  // namespace

Outbox::Outbox(OutboxOptions options, EventLog* log, Metrics* metrics)
    : options_(std::move(options)),
      log_(log),
      lag_events_(
          metrics->Gauge("sothon_outbox_lag_events", "Events recorded and not yet acknowledged by the broker.")),
      published_total_(metrics->Counter("sothon_outbox_published_total", "Events acknowledged by the broker.")),
      errors_total_(metrics->Counter("sothon_outbox_publish_errors_total",
                                     "Sessions with the broker that ended in an error; each is published again.")),
      reconnects_total_(
          metrics->Counter("sothon_outbox_reconnects_total", "Sessions opened with the broker after the first one.")) {}

Outbox::~Outbox() { Stop(); }

absl::Status Outbox::Start() {
  SOTHON_ASSIGN_OR_RETURN(const Position cursor, log_->LoadOutboxCursor());
  // A cursor beyond the head belongs to a log that was longer once: go on from what there is.
  stored_cursor_ = std::min(cursor, log_->Head());
  published_.store(stored_cursor_.value, std::memory_order_release);
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void Outbox::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_.store(true, std::memory_order_release);
    stop_requested_.SignalAll();
  }
  if (thread_.joinable()) {
    thread_.join();
    StoreCursor(true);
  }
}

void Outbox::Run() {
  // On Linux this is of the calling thread and of those it starts, the client library's among them.
  if (setpriority(PRIO_PROCESS, 0, options_.niceness) != 0) spdlog::debug("the outbox keeps its priority");
  for (bool first = true; !stopping();) {
    absl::StatusOr<std::unique_ptr<Publisher>> publisher = Publisher::Open(options_, log_->log_id(), published());
    absl::Status status = publisher.status();
    if (status.ok()) {
      if (!std::exchange(first, false)) reconnects_total_.Increment();
      // With events waiting, only an acknowledgement shows that it works.
      if (published() >= log_->Head()) NoteWorking();
      status = Pump(publisher->get());
      StoreCursor(true);
      if (!status.ok()) errors_total_.Increment();
    }
    NoteLag();
    if (status.ok()) continue;
    NoteBroken(status);
    Pause(options_.reconnect_wait);
  }
}

absl::Status Outbox::Pump(Publisher* publisher) {
  Position next = publisher->acknowledged().Next();
  while (!stopping()) {
    if (publisher->in_flight() == 0 && next > log_->Head()) {
      StoreCursor(false);
      if (!AwaitEvent(publisher->acknowledged())) {
        if (!publisher->alive()) return absl::UnavailableError("the broker closed the connection");
        continue;
      }
    }
    const size_t room = options_.window_events_max - publisher->in_flight();
    if (room > 0) SOTHON_RETURN_IF_ERROR(Send(&next, next.Plus(room - 1), publisher));

    // With nothing more to send, an event must not wait for company; otherwise the window fills the wire by itself.
    const bool caught_up = next > log_->Head();
    if (caught_up) SOTHON_RETURN_IF_ERROR(publisher->Flush());
    const bool nothing_to_send = caught_up || publisher->in_flight() >= options_.window_events_max;
    SOTHON_RETURN_IF_ERROR(publisher->CollectAcknowledgements(nothing_to_send ? kTick : absl::ZeroDuration()));
    NoteAcknowledged(publisher->acknowledged());
  }
  return absl::OkStatus();
}

absl::Status Outbox::Send(Position* next, Position to, Publisher* publisher) {
  absl::Status sent;
  const absl::Status read =
      log_->Read(*next, std::min(to, log_->Head()), [&](Position position, std::string_view stored) {
        sent = publisher->Publish(position, stored);
        if (sent.ok()) *next = position.Next();
        return sent.ok();
      });
  return sent.ok() ? read : sent;
}

bool Outbox::AwaitEvent(Position last) {
  const absl::Time start = absl::Now();
  if (log_->AwaitBeyond(last, kTick) > last) return true;
  NoteLag();
  StoreCursor(false);
  // An interrupted log returns at once for ever; the service is going down and Stop() is on its way.
  if (absl::Now() - start < kTick / 2) Pause(kTick / 2);
  return false;
}

void Outbox::NoteAcknowledged(Position position) {
  const uint64_t before = published_.exchange(position.value, std::memory_order_acq_rel);
  if (position.value == before) return;
  published_total_.Increment(static_cast<double>(position.value - before));
  NoteWorking();
  NoteLag();
  StoreCursor(position.value - stored_cursor_.value >= options_.window_events_max);
}

void Outbox::StoreCursor(bool now) {
  const Position position = published();
  if (position == stored_cursor_) return;
  if (!now && absl::Now() - cursor_stored_at_ < kCursorInterval) return;
  cursor_stored_at_ = absl::Now();
  if (absl::Status status = log_->StoreOutboxCursor(position); !status.ok()) {
    // Harmless: after a restart some events are published again.
    spdlog::warn("the outbox cannot store its cursor position={} why=\"{}\"", position.value,
                 std::string(status.message()));
    return;
  }
  stored_cursor_ = position;
}

void Outbox::NoteBroken(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  if (broken_since_ == absl::InfiniteFuture()) {
    broken_since_ = absl::Now();
    spdlog::warn("the bus does not take events, they wait in the log cursor={} why=\"{}\"", published().value,
                 std::string(why.message()));
  }
  why_broken_ = std::string(why.message());
}

void Outbox::NoteWorking() {
  absl::MutexLock lock(&mutex_);
  if (broken_since_ == absl::InfiniteFuture()) return;
  broken_since_ = absl::InfiniteFuture();
  spdlog::info("the bus takes events again cursor={}", published().value);
}

std::string Outbox::trouble() const {
  absl::MutexLock lock(&mutex_);
  const absl::Duration broken_for = absl::Now() - broken_since_;
  if (broken_for < options_.trouble_after) return "";
  return StrCat("for ", absl::ToInt64Seconds(broken_for), " s no event has reached the bus (", why_broken_,
                "); they are recorded, and will be published when it is back");
}

void Outbox::NoteLag() {
  lag_events_.Set(static_cast<double>(log_->Head().value - std::min(log_->Head().value, published().value)));
}

void Outbox::Pause(absl::Duration duration) {
  const absl::Time until = absl::Now() + duration;
  absl::MutexLock lock(&mutex_);
  while (!stopping() && !stop_requested_.WaitWithDeadline(&mutex_, until)) {
  }
}

}  // namespace sothon::ingest
