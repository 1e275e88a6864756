#include "projection-service/follow/event_stream.h"

#include <utility>

#include "common/status/status.h"

namespace sothon::projection {
namespace {

// Enough to keep both sides busy; a message holds many events.
constexpr size_t kQueueMessagesMax = 8;
constexpr char kMethod[] = "/sothon.v1.IngestService/ReadEvents";

}  // namespace

EventStream::EventStream(const std::shared_ptr<grpc::Channel>& ingest, const v1::ReadEventsRequest& request,
                         std::function<void()> on_connected)
    : on_connected_(std::move(on_connected)), stub_(ingest) {
  const grpc::Slice bytes(request.SerializeAsString());
  receiving_ = std::thread([this, message = grpc::ByteBuffer(&bytes, 1)] { Run(message); });
}

EventStream::~EventStream() {
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  context_.TryCancel();
  receiving_.join();
}

void EventStream::Run(const grpc::ByteBuffer& request) {
  const absl::Status end = Receive(request);
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  end_ = Annotate(end, "read events from ingest");
}

absl::Status EventStream::Receive(const grpc::ByteBuffer& request) {
  grpc::CompletionQueue done;
  // One operation at a time; false: the call has ended.
  const auto await = [&done] {
    void* tag = nullptr;
    bool ok = false;
    return done.Next(&tag, &ok) && ok;
  };
  const auto call = stub_.PrepareCall(&context_, kMethod, &done);
  call->StartCall(nullptr);
  bool open = await();
  if (open) {
    if (on_connected_ != nullptr) on_connected_();
    call->WriteLast(request, grpc::WriteOptions(), nullptr);
    open = await();
  }
  absl::Status malformed;
  while (open) {
    grpc::ByteBuffer message;
    call->Read(&message, nullptr);
    if (!await()) break;
    absl::StatusOr<ReceivedEvents> received = ReceivedEvents::Parse(message);
    malformed = received.status();
    open = received.ok() && Push(*std::move(received));
    if (!open) context_.TryCancel();
  }
  grpc::Status end;
  call->Finish(&end, nullptr);
  await();
  return malformed.ok() ? FromGrpc(end) : malformed;
}

bool EventStream::Push(ReceivedEvents message) {
  absl::MutexLock lock(&mutex_);
  const auto has_room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return cancelled_ || queue_.size() < kQueueMessagesMax;
  };
  mutex_.Await(absl::Condition(&has_room));
  queue_.push_back(std::move(message));
  return !cancelled_;
}

absl::Status EventStream::Next(absl::Duration timeout, size_t events_max, std::vector<ReceivedEvents>* messages) {
  absl::MutexLock lock(&mutex_);
  const auto has_something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ended_ || !queue_.empty(); };
  mutex_.AwaitWithTimeout(absl::Condition(&has_something), timeout);
  if (queue_.empty()) return ended_ ? end_ : absl::OkStatus();
  size_t events = 0;
  while (!queue_.empty() && events < events_max) {
    events += queue_.front().events().size();
    messages->push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return absl::OkStatus();
}

bool EventStream::finished() const {
  absl::MutexLock lock(&mutex_);
  return ended_ && end_.ok() && queue_.empty();
}

bool EventStream::has_more() const {
  absl::MutexLock lock(&mutex_);
  return !queue_.empty();
}

}  // namespace sothon::projection
