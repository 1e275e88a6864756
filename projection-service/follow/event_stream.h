// A ReadEvents call whose answers are received ahead of the one who uses them.
//
// Operation
//   A thread of its own receives messages into a bounded queue, so that receiving and applying overlap. Messages are
//   received as bytes (grpc::GenericStub): see ReceivedEvents.
// Concurrency
//   Thread-compatible: owned by the thread that calls Next().
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "projection-service/follow/received_events.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::projection {

class EventStream {
 public:
  // `on_connected` is called once at most, by the receiving thread: when the call has a connection, and before ingest
  // is asked over it, so before anything can be received.
  EventStream(const std::shared_ptr<grpc::Channel>& ingest, const v1::ReadEventsRequest& request,
              std::function<void()> on_connected = nullptr);
  // Cancels the call.
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Takes what has been received, waiting up to `timeout` for something, and about `events_max` events at most. Nothing
  // and OK: the time has passed, or see finished(). An error: the call has ended with it, and everything was taken.
  absl::Status Next(absl::Duration timeout, size_t events_max, std::vector<ReceivedEvents>* messages);
  // True when the server has ended the call as it should and everything was taken.
  bool finished() const;
  // True when there are messages that Next() would take without waiting.
  bool has_more() const;

 private:
  // What the receiving thread does.
  void Run(const grpc::ByteBuffer& request);
  // Reads until the call, or this stream, ends; then how the call ended.
  absl::Status Receive(const grpc::ByteBuffer& request);
  // False: the stream has been cancelled.
  bool Push(ReceivedEvents message);

  const std::function<void()> on_connected_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;

  mutable absl::Mutex mutex_;
  std::deque<ReceivedEvents> queue_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::thread receiving_;
};

}  // namespace sothon::projection
