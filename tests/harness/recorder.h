// A client that sends a workload over RecordStream, pipelined, through whatever happens to the service.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::testing {

// Thread-compatible; Allow() and Abandon() may be called from any thread.
class Recorder {
 public:
  explicit Recorder(std::shared_ptr<grpc::Channel> ingest) : stub_(v1::IngestService::NewStub(std::move(ingest))) {}

  // Sends all requests in their order and returns when each is acknowledged. What an ended stream left without an
  // answer is sent again, for ever, until Abandon(). An error: a request was refused.
  absl::Status RecordAll(const std::vector<v1::RecordRequest>& requests);

  // Requests with an index at or beyond this wait.
  void Allow(size_t requests) { allowed_.store(requests, std::memory_order_release); }
  void Abandon() { abandoned_.store(true, std::memory_order_release); }

  // Of every event id that was ever acknowledged, where the first acknowledgement said it stands. A later one that says
  // something else is an error of RecordAll().
  const absl::flat_hash_map<std::string, uint64_t>& acknowledged() const { return acknowledged_; }
  // Streams that ended with requests sent and not answered.
  size_t streams_broken() const { return streams_broken_; }
  // Requests whose answer was lost although they were recorded, and that were known when they were sent again.
  size_t answers_lost() const { return answers_lost_; }
  size_t acknowledged_requests() const { return acknowledged_requests_.load(std::memory_order_acquire); }

 private:
  // One stream, from request `*next` on; `*next` moves with the answers. OK also when the stream broke.
  absl::Status OneStream(const std::vector<v1::RecordRequest>& requests, size_t* next);
  absl::Status TakeAnswer(const v1::RecordRequest& request, const v1::RecordStreamResponse& answer);
  bool abandoned() const { return abandoned_.load(std::memory_order_acquire); }

  const std::unique_ptr<v1::IngestService::Stub> stub_;
  std::atomic<size_t> allowed_{SIZE_MAX};
  std::atomic<bool> abandoned_{false};
  std::atomic<size_t> acknowledged_requests_{0};
  absl::flat_hash_map<std::string, uint64_t> acknowledged_;
  size_t streams_broken_ = 0;
  size_t answers_lost_ = 0;
};

}  // namespace sothon::testing
