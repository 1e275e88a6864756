#include "projection-service/follow/event_stream.h"

#include <utility>

#include "common/status/status.h"

namespace sothon::projection {
namespace {

// Enough to keep both sides busy; a message holds many events.
constexpr size_t kQueueMessagesMax = 8;

}  // namespace

EventStream::EventStream(v1::IngestService::StubInterface* stub, v1::ReadEventsRequest request)
    : stub_(stub), request_(std::move(request)), receiving_([this] { Receive(); }) {}

EventStream::~EventStream() {
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  context_.TryCancel();
  receiving_.join();
}

void EventStream::Receive() {
  const auto reader = stub_->ReadEvents(&context_, request_);
  v1::ReadEventsResponse message;
  bool cancelled = false;
  while (!cancelled && reader->Read(&message)) {
    absl::MutexLock lock(&mutex_);
    const auto has_room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return cancelled_ || queue_.size() < kQueueMessagesMax;
    };
    mutex_.Await(absl::Condition(&has_room));
    cancelled = cancelled_;
    queue_.push_back(std::exchange(message, {}));
  }
  const grpc::Status status = reader->Finish();
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  end_ = Annotate(FromGrpc(status), "read events from ingest");
}

absl::Status EventStream::Next(absl::Duration timeout, size_t events_max,
                               std::vector<v1::ReadEventsResponse>* messages) {
  absl::MutexLock lock(&mutex_);
  const auto has_something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ended_ || !queue_.empty(); };
  mutex_.AwaitWithTimeout(absl::Condition(&has_something), timeout);
  if (queue_.empty()) return ended_ ? end_ : absl::OkStatus();
  size_t events = 0;
  while (!queue_.empty() && events < events_max) {
    events += static_cast<size_t>(queue_.front().events_size());
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
