// One life of a RecordStream: requests out, answers in, over a completion queue on the calling thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

// Thread-compatible; for one call of Run().
class RecordSession {
 public:
  struct Hooks {
    // The next request to send; nullopt: none just now.
    std::function<std::optional<v1::RecordRequest>()> next;
    // OK: go on. Otherwise the stream is broken off and Run() returns the error.
    std::function<absl::Status(const v1::RecordStreamResponse&)> answered;
    // Whether nothing is left to send and nothing to wait for.
    std::function<bool()> is_done;
  };

  RecordSession(v1::IngestService::StubInterface* ingest, absl::Duration stall_after, Hooks hooks)
      : ingest_(ingest), stall_after_(stall_after), hooks_(std::move(hooks)) {}

  // OK: done, and the service ended the stream well. DEADLINE_EXCEEDED: no answer for `stall_after`.
  absl::Status Run();

 private:
  enum class Tag : uint8_t { kStart, kWrite, kRead, kWritesDone, kFinish };

  void Send();
  void Handle(Tag tag, bool ok);
  void BreakOff(absl::Status why);
  // What the completion queue gives back when the operation is over.
  void* Begin(Tag tag) {
    ++outstanding_;
    return &tags_[static_cast<size_t>(tag)];
  }

  v1::IngestService::StubInterface* ingest_;
  absl::Duration stall_after_;
  Hooks hooks_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderWriterInterface<v1::RecordRequest, v1::RecordStreamResponse>> stream_;
  v1::RecordRequest request_;
  v1::RecordStreamResponse answer_;
  grpc::Status final_status_;
  absl::Status broken_off_;
  Tag tags_[5] = {Tag::kStart, Tag::kWrite, Tag::kRead, Tag::kWritesDone, Tag::kFinish};
  int outstanding_ = 0;
  bool is_writing_ = false;
  bool has_ended_writes_ = false;
  bool has_ended_ = false;  // no more reads: the service closed the stream, or it broke
  bool has_finished_ = false;
};

}  // namespace sothon::cli
