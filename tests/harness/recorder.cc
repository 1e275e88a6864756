#include "tests/harness/recorder.h"

#include <chrono>
#include <thread>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "tests/harness/eventually.h"

namespace sothon::testing {
namespace {

// Requests sent ahead of the answers.
constexpr size_t kPipelined = 16;

}  // namespace

absl::Status Recorder::RecordAll(const std::vector<v1::RecordRequest>& requests) {
  size_t next = 0;
  while (next < requests.size() && !abandoned()) {
    SOTHON_RETURN_IF_ERROR(OneStream(requests, &next));
    if (next < requests.size()) absl::SleepFor(absl::Milliseconds(10));
  }
  return absl::OkStatus();
}

absl::Status Recorder::OneStream(const std::vector<v1::RecordRequest>& requests, size_t* next) {
  grpc::ClientContext context;
  // Without it nobody would drive the connecting between one failed call and the next.
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  const auto stream = stub_->RecordStream(&context);
  std::atomic<size_t> answered{*next};
  std::atomic<size_t> sent{*next};
  std::atomic<bool> broken{false};
  std::thread sender([&, first = *next] {
    for (size_t index = first; index < requests.size() && !broken; ++index) {
      const bool may_send = Eventually(
          [&] {
            return broken || abandoned() ||
                   (index < answered + kPipelined && index < allowed_.load(std::memory_order_acquire));
          },
          absl::InfiniteDuration());
      if (!may_send || broken || abandoned() || !stream->Write(requests[index])) break;
      sent = index + 1;
    }
    stream->WritesDone();
    if (abandoned()) context.TryCancel();
  });
  absl::Status refusal;
  v1::RecordStreamResponse answer;
  while (refusal.ok() && *next < requests.size() && stream->Read(&answer)) {
    refusal = TakeAnswer(requests[*next], answer);
    ++*next;
    answered = *next;
    acknowledged_requests_.store(*next, std::memory_order_release);
  }
  if (sent > *next) ++streams_broken_;
  broken = true;
  context.TryCancel();
  sender.join();
  stream->Finish();
  return refusal;
}

absl::Status Recorder::TakeAnswer(const v1::RecordRequest& request, const v1::RecordStreamResponse& answer) {
  if (answer.request_id() != request.request_id()) {
    return absl::InternalError(StrCat("answer ", answer.request_id(), " where ", request.request_id(), " was due"));
  }
  if (answer.has_error()) {
    return Annotate(FromProto(answer.error()), StrCat("request ", request.request_id()));
  }
  bool is_known_to_us = true;
  for (int i = 0; i < request.submissions_size(); ++i) {
    const uint64_t position =
        answer.receipts_size() > 0 ? answer.receipts(i).position() : answer.first_position() + static_cast<uint64_t>(i);
    const std::string& id = request.submissions(i).event().event_id();
    const auto [known, is_new] = acknowledged_.try_emplace(id, position);
    is_known_to_us &= !is_new;
    if (!is_new && known->second != position) {
      return absl::InternalError(StrCat("event ", id, " was acknowledged at ", known->second, ", now at ", position));
    }
  }
  if (!is_known_to_us && answer.receipts_size() > 0 && answer.receipts(0).duplicate()) ++answers_lost_;
  return absl::OkStatus();
}

}  // namespace sothon::testing
