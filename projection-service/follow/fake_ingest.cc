#include "projection-service/follow/fake_ingest.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace sothon::projection {
namespace {

constexpr int kEventsPerMessage = 100;
constexpr absl::Duration kTick = absl::Milliseconds(20);

}  // namespace

void FakeIngest::Start() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = false;
  }
  // The port of the server before may take a moment to be free again.
  while (server_ == nullptr) {
    grpc::ServerBuilder builder;
    int bound = 0;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials(), &bound);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    if (server_ != nullptr && bound > 0) port_ = bound;
  }
}

void FakeIngest::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  server_.reset();
}

std::string FakeIngest::Add(const v1::Event& event) {
  const std::string body = SerializeBody(event);
  absl::MutexLock lock(&mutex_);
  std::string stored;
  AppendStoredEvent(Position{stored_.size() + 1}, static_cast<int64_t>(stored_.size() + 1), body, &stored);
  stored_.push_back(stored);
  return stored;
}

std::string FakeIngest::Get(uint64_t position) const {
  absl::MutexLock lock(&mutex_);
  return stored_[position - 1];
}

uint64_t FakeIngest::Head() const {
  absl::MutexLock lock(&mutex_);
  return stored_.size();
}

void FakeIngest::SetLogId(std::string log_id) {
  absl::MutexLock lock(&mutex_);
  log_id_ = std::move(log_id);
}

void FakeIngest::CutTo(uint64_t head) {
  absl::MutexLock lock(&mutex_);
  stored_.resize(head);
}

void FakeIngest::SetPublished(uint64_t position) {
  absl::MutexLock lock(&mutex_);
  published_ = position;
}

void FakeIngest::SetHanging(bool hanging) {
  absl::MutexLock lock(&mutex_);
  hanging_ = hanging;
}

uint64_t FakeIngest::reads() const {
  absl::MutexLock lock(&mutex_);
  return reads_;
}

bool FakeIngest::NextMessage(uint64_t next, uint64_t to, v1::ReadEventsResponse* message) const {
  absl::MutexLock lock(&mutex_);
  const uint64_t last = to == 0 ? stored_.size() : std::min<uint64_t>(to, stored_.size());
  if (next > last || hanging_) return false;
  for (int i = 0; i < kEventsPerMessage && next <= last; ++i, ++next) message->add_events(stored_[next - 1]);
  message->set_head_position(stored_.size());
  message->set_scanned_to_position(next - 1);
  return true;
}

grpc::Status FakeIngest::ReadEvents(grpc::ServerContext* context, const v1::ReadEventsRequest* request,
                                    grpc::ServerWriter<v1::ReadEventsResponse>* writer) {
  uint64_t next = std::max<uint64_t>(request->from_position(), 1);
  {
    absl::MutexLock lock(&mutex_);
    ++reads_;
    if (next > stored_.size() + 1) return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "beyond the head");
  }
  while (!context->IsCancelled()) {
    v1::ReadEventsResponse message;
    if (NextMessage(next, request->to_position(), &message)) {
      next = message.scanned_to_position() + 1;
      if (!writer->Write(message)) break;
      continue;
    }
    absl::MutexLock lock(&mutex_);
    if (stopping_) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "going down");
    if (!request->follow() && !hanging_) break;
    const auto news = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return stopping_ || (!hanging_ && stored_.size() >= next);
    };
    mutex_.AwaitWithTimeout(absl::Condition(&news), kTick);
  }
  return grpc::Status::OK;
}

grpc::Status FakeIngest::GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest*,
                                   v1::GetStatusResponse* response) {
  absl::MutexLock lock(&mutex_);
  while (hanging_ && !stopping_ && !context->IsCancelled()) {
    const auto freed = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !hanging_; };
    mutex_.AwaitWithTimeout(absl::Condition(&freed), kTick);
  }
  response->set_log_id(log_id_);
  response->set_head_position(stored_.size());
  response->set_head_recorded_at_us(static_cast<int64_t>(stored_.size()));
  response->set_published_position(std::min<uint64_t>(published_, stored_.size()));
  return grpc::Status::OK;
}

}  // namespace sothon::projection
