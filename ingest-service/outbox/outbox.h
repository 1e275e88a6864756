// The outbox: the log itself, tailed from a stored cursor and published on the bus.
//
// Operation
//   One thread reads the log from the cursor, publishes each event to JetStream with a bounded number outstanding, and
//   moves the cursor when the broker has acknowledged. Whatever goes wrong with the broker, the thread drops the
//   connection, opens another one and goes on from the cursor, for ever. An event may therefore be published twice,
//   never not at all; readers know it by its position. What the broker loses later, readers fetch from the log.
// Concurrency
//   Thread-safe. Reads the log beside everybody else.
// Limitations
//   The broker's acknowledgement is not taken as proof that the broker keeps the event. While the broker is away, the
//   service is healthy: trouble() tells operators, and must not turn the health check.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/ids.h"
#include "common/bus/connection.h"
#include "common/observability/metrics.h"
#include "ingest-service/log/event_log.h"

namespace sothon::ingest {

class Publisher;

struct OutboxOptions {
  // common/bus/bus_config.h binds these two to the service's configuration.
  BusOptions bus;
  StreamOptions stream;
  // 2 digits; the first token of every subject.
  std::string province_id;
  // Events published and not yet acknowledged.
  size_t window_events_max = 512;
  // Without an acknowledgement for so long, the connection is given up and the window published again.
  absl::Duration acknowledgement_wait = absl::Seconds(5);
  absl::Duration reconnect_wait = absl::Milliseconds(250);
  // How far the thread stands back for others when there is not enough processor for all (nice(2)): under load,
  // recording comes first, and readers that fall behind take the log in bulk.
  int niceness = 10;
  // How long the broker may be away before trouble() says so.
  absl::Duration trouble_after = absl::Seconds(10);
};

class Outbox {
 public:
  // `log` and `metrics` are borrowed and must outlive the outbox.
  Outbox(OutboxOptions options, EventLog* log, Metrics* metrics);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Loads the cursor and starts the thread. Does not wait for the broker.
  absl::Status Start();
  // Ends the thread within a few seconds, also when the broker does not answer, and stores the cursor. May be called
  // twice.
  void Stop();

  // Last position the bus has acknowledged.
  Position published() const { return Position{published_.load(std::memory_order_acquire)}; }
  // One sentence when events have not reached the bus for longer than `trouble_after`; otherwise empty.
  std::string trouble() const;

 private:
  void Run();
  absl::Status Pump(Publisher* publisher);
  absl::Status Send(Position* next, Position to, Publisher* publisher);
  // Waits for an event after `last`; false: nothing came for a while.
  bool AwaitEvent(Position last);
  void NoteAcknowledged(Position position);
  void StoreCursor(bool now);
  void NoteBroken(const absl::Status& why);
  void NoteWorking();
  void NoteLag();
  bool stopping() const { return stopping_.load(std::memory_order_acquire); }
  void Pause(absl::Duration duration);

  const OutboxOptions options_;
  EventLog* const log_;
  prometheus::Gauge& lag_events_;
  prometheus::Counter& published_total_;
  prometheus::Counter& errors_total_;
  prometheus::Counter& reconnects_total_;

  std::atomic<uint64_t> published_{0};
  std::atomic<bool> stopping_{false};
  // Only the thread (and Stop(), after it has ended) touches these two.
  Position stored_cursor_;
  absl::Time cursor_stored_at_ = absl::InfinitePast();

  mutable absl::Mutex mutex_;
  absl::CondVar stop_requested_;
  std::string why_broken_ ABSL_GUARDED_BY(mutex_);
  absl::Time broken_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::thread thread_;
};

}  // namespace sothon::ingest
