// A subscription to the bus that begins with what is published from now on.
//
// Operation
//   An ephemeral push consumer with its state in the broker's memory: the position that counts is the projection's own,
//   so a durable consumer would only be a second opinion. Acknowledging a message acknowledges all before it; the
//   broker stops pushing when too many are outstanding, which bounds memory on both sides.
// Concurrency
//   Thread-compatible: owned by the follower's applying thread (opened by the watching one).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/ids.h"
#include "common/bus/connection.h"

namespace sothon::projection {

class BusFeed {
 public:
  struct Message {
    Position position;
    std::string_view stored;  // valid until Acknowledge()
  };

  // NOT_FOUND: the stream does not exist yet; the outbox will create it. Only messages of `log_id` are handed out.
  static absl::StatusOr<std::unique_ptr<BusFeed>> Open(const BusOptions& options, std::string log_id,
                                                       int64_t pending_events_max);

  // Waits up to `timeout` for a message and takes it with all that are there, up to `events_max`, in the order of the
  // broker. OK and none: the time has passed. An error: the feed is dead.
  absl::Status Gather(absl::Duration timeout, size_t events_max, std::vector<Message>* messages);
  // Acknowledges all that Gather() took, and frees it.
  void Acknowledge();
  // Messages passed over because they are not of this log, or are no events at all.
  uint64_t foreign() const { return foreign_; }

 private:
  BusFeed() = default;
  absl::Status AddConsumer(const BusOptions& options, int64_t pending_events_max);
  bool IsOurs(natsMsg* message, Message* out) const;

  std::string message_id_prefix_;  // "<log id>:"
  std::unique_ptr<BusConnection> connection_;
  BusConnection::Inbox inbox_;
  std::vector<NatsMsgPtr> taken_;
  uint64_t foreign_ = 0;
};

}  // namespace sothon::projection
