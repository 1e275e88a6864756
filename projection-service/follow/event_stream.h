// A ReadEvents call whose answers are received ahead of the one who uses them.
//
// Operation
//   A thread of its own receives messages into a bounded queue, so that receiving and applying overlap.
// Concurrency
//   Thread-compatible: owned by the thread that calls Next().
#pragma once

#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/ids.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::projection {

class EventStream {
 public:
  // `stub` is borrowed for the stream's life.
  EventStream(v1::IngestService::StubInterface* stub, v1::ReadEventsRequest request);
  // Cancels the call.
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Takes what has been received, waiting up to `timeout` for something, and about `events_max` events at most. Nothing
  // and OK: the time has passed, or see finished(). An error: the call has ended with it, and everything was taken.
  absl::Status Next(absl::Duration timeout, size_t events_max, std::vector<v1::ReadEventsResponse>* messages);
  // True when the server has ended the call as it should and everything was taken.
  bool finished() const;
  // True when there are messages that Next() would take without waiting.
  bool has_more() const;

 private:
  void Receive();

  v1::IngestService::StubInterface* const stub_;
  const v1::ReadEventsRequest request_;
  grpc::ClientContext context_;

  mutable absl::Mutex mutex_;
  std::deque<v1::ReadEventsResponse> queue_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::thread receiving_;
};

}  // namespace sothon::projection
