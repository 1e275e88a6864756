#include "cli/import/record_session.h"

#include "cli/app/connection.h"
#include "common/status/status.h"

namespace sothon::cli {

void RecordSession::BreakOff(absl::Status why) {
  if (broken_off_.ok()) broken_off_ = std::move(why);
  has_ended_ = true;
  context_.TryCancel();
}

// Sends on as far as it may: one write at a time is outstanding.
void RecordSession::Send() {
  if (is_writing_ || has_ended_writes_ || has_ended_) return;
  if (auto request = hooks_.next()) {
    request_ = *std::move(request);
    is_writing_ = true;
    stream_->Write(request_, Begin(Tag::kWrite));
  } else if (hooks_.is_done()) {
    has_ended_writes_ = true;
    stream_->WritesDone(Begin(Tag::kWritesDone));
  }
}

void RecordSession::Handle(Tag tag, bool ok) {
  --outstanding_;
  switch (tag) {
    case Tag::kStart:
      if (!ok) {
        has_ended_ = true;
        return;
      }
      stream_->Read(&answer_, Begin(Tag::kRead));
      break;
    case Tag::kWrite:
      is_writing_ = false;
      if (!ok) has_ended_ = true;
      break;
    case Tag::kRead:
      if (!ok) {
        has_ended_ = true;
        return;
      }
      if (absl::Status status = hooks_.answered(answer_); !status.ok()) {
        BreakOff(std::move(status));
        return;
      }
      stream_->Read(&answer_, Begin(Tag::kRead));
      break;
    case Tag::kWritesDone:
      break;
    case Tag::kFinish:
      has_finished_ = true;
      return;
  }
  Send();
}

absl::Status RecordSession::Run() {
  stream_ = ingest_->PrepareAsyncRecordStream(&context_, &queue_);
  stream_->StartCall(Begin(Tag::kStart));
  bool is_finishing = false;
  while (!has_finished_) {
    if (has_ended_ && !is_finishing) {
      // A write may still be waiting for a service that reads no more.
      if (is_writing_) context_.TryCancel();
      if (outstanding_ == 0) {
        is_finishing = true;
        stream_->Finish(&final_status_, Begin(Tag::kFinish));
      }
    }
    void* tag = nullptr;
    bool ok = false;
    const auto got = queue_.AsyncNext(&tag, &ok, DeadlineIn(stall_after_));
    if (got == grpc::CompletionQueue::SHUTDOWN) break;
    if (got == grpc::CompletionQueue::TIMEOUT) {
      BreakOff(absl::DeadlineExceededError("the service did not answer"));
      continue;
    }
    Handle(*static_cast<Tag*>(tag), ok);
  }
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
  if (!broken_off_.ok()) return broken_off_;
  // Nothing was cancelled here but the write to a stream that had broken already; which of the two is told is chance.
  if (final_status_.error_code() == grpc::StatusCode::CANCELLED) {
    return absl::UnavailableError("the service broke the stream off");
  }
  SOTHON_RETURN_IF_ERROR(FromGrpc(final_status_));
  if (!hooks_.is_done()) return absl::UnavailableError("the service ended the stream early");
  return absl::OkStatus();
}

}  // namespace sothon::cli
