// One session with the broker: publishes events and takes in their acknowledgements.
//
// Operation
//   Plain publishes whose reply subject ends in the position; the broker's acknowledgements come back on one inbox. The
//   client library's own asynchronous publishing is not used: it keeps messages and timers that outlive a lost session,
//   reports errors on a thread of its own, and hides which acknowledgement belongs to what.
// Concurrency
//   Thread-compatible: owned by the outbox's thread.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/ids.h"
#include "common/bus/connection.h"
#include "google/protobuf/arena.h"
#include "ingest-service/outbox/outbox.h"

namespace sothon::ingest {

class Publisher {
 public:
  // Connects, and creates the stream where it is missing. Everything up to `acknowledged` counts as published.
  static absl::StatusOr<std::unique_ptr<Publisher>> Open(const OutboxOptions& options, const std::string& log_id,
                                                         Position acknowledged);

  // Queues the event after the last one; Flush() puts it on the wire at once, otherwise that happens within a
  // millisecond.
  absl::Status Publish(Position position, std::string_view stored);
  absl::Status Flush();
  // Takes in the acknowledgements that are there; waits up to `wait` for the first one.
  // Any error ends the session: a refused message, one not acknowledged in time, a lost connection.
  absl::Status CollectAcknowledgements(absl::Duration wait);

  // Everything up to here is acknowledged.
  Position acknowledged() const { return acknowledged_; }
  size_t in_flight() const { return in_flight_.size(); }
  bool alive() const { return connection_->alive(); }

 private:
  struct Sent {
    absl::Time at;
    bool acknowledged = false;
  };

  Publisher(const OutboxOptions& options, const std::string& log_id, Position acknowledged)
      : options_(options), message_id_prefix_(log_id + ":"), acknowledged_(acknowledged) {}
  absl::Status TakeAcknowledgement(natsMsg* message);

  const OutboxOptions& options_;
  const std::string message_id_prefix_;
  Position acknowledged_;
  // What was published after acknowledged_, in order.
  std::deque<Sent> in_flight_;
  std::unique_ptr<BusConnection> connection_;
  BusConnection::Inbox inbox_;
  google::protobuf::Arena arena_;
  std::string reply_subject_;
  std::string message_id_;
};

}  // namespace sothon::ingest
