// One ReadEvents call.
//
// Operation
//   The scheduler's threads read a bounded piece of the log into one message; when it has been written, the next piece
//   is scheduled. At the end of the log a following call waits in the scheduler, not in a thread.
// Concurrency
//   Step() runs on the scheduler's threads, reactions on gRPC's. Only Step() ends the call.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/service/event_filter.h"
#include "ingest-service/service/read_scheduler.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::ingest {

struct ReadingParts {
  const EventLog* log = nullptr;
  const Registry* registry = nullptr;
  ReadScheduler* scheduler = nullptr;
  // While following: an empty message at least so often.
  absl::Duration heartbeat = absl::Seconds(1);
};

// Owns itself from Start() until gRPC is done with it.
class ReadEventsCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public ReadScheduler::Reader {
 public:
  // `parts` is borrowed.
  static ReadEventsCall* Start(const ReadingParts& parts, const grpc::ByteBuffer& request);

  void Step() override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  explicit ReadEventsCall(const ReadingParts& parts) : parts_(parts) {}

  absl::Status Prepare(const grpc::ByteBuffer& bytes);
  absl::Status CheckRange() const;
  // Reads the next piece into message_.
  absl::Status Read(Position head);
  absl::Status ReadListed(Position head);
  absl::Status ReadRange(Position head);
  absl::Status ReadReference(Position head);
  bool Add(Position position, std::string_view stored);
  bool AtEnd(Position head) const;
  void Send(Position head);

  const ReadingParts& parts_;
  v1::ReadEventsRequest request_;
  std::optional<EventFilter> filter_;
  Position next_;        // the first position not looked at
  Position last_;        // the last one wanted; 0: no end
  int listed_ = 0;       // of request_.positions(): how many were sent
  std::string message_;  // a ReadEventsResponse being written
  absl::Time last_sent_ = absl::InfinitePast();
  grpc::ByteBuffer sending_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace sothon::ingest
