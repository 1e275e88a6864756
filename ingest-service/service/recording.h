// What both ways of recording share: from a request's bytes to a task of the committer, and from its outcome to an
// answer.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "ingest-service/intake/intake.h"
#include "ingest-service/log/committer.h"
#include "ingest-service/service/reject_counters.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::ingest {

// Borrowed by every call; outlives them all.
struct RecordingParts {
  const Intake* intake = nullptr;
  Committer* committer = nullptr;
  const EventLog* log = nullptr;
  RejectCounters* rejects = nullptr;
  std::atomic<int64_t>* in_flight = nullptr;  // requests that were taken and are not answered yet
  size_t request_bytes_max = 8 << 20;
  size_t client_in_flight_bytes_max = 8 << 20;
  std::function<int64_t()> now_us;
};

// Counts a request while it lives.
class InFlight {
 public:
  explicit InFlight(const RecordingParts& parts) : count_(parts.in_flight) { ++*count_; }
  ~InFlight() { --*count_; }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  std::atomic<int64_t>* const count_;
};

// Parses `bytes` into `*request`. RESOURCE_EXHAUSTED: too long.
absl::Status ParseRequest(const RecordingParts& parts, const grpc::ByteBuffer& bytes, v1::RecordRequest* request);
// Checks `*request` and fills in `task`; it may be prepared again afterwards.
absl::Status PrepareTask(const RecordingParts& parts, v1::RecordRequest* request, CommitTask* task);

v1::RecordResponse ToResponse(std::string_view log_id, const std::vector<AppendedEvent>& events);
v1::RecordStreamResponse ToStreamResponse(uint64_t request_id, const AppendOutcome& outcome);

}  // namespace sothon::ingest
