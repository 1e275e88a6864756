#include "ingest-service/service/record_stream_call.h"

#include <utility>

#include "common/rpc/wire.h"
#include "common/status/status.h"

namespace sothon::ingest {
namespace {
// Holds a parsed request of some hundred events, so that most need no allocation.
constexpr size_t kArenaBlockBytes = 192 << 10;
}  // namespace

RecordStreamCall::RecordStreamCall(const RecordingParts& parts) : parts_(parts) { StartRead(&read_); }

void RecordStreamCall::OnReadDone(bool ok) {
  if (ok) return Handle(false);
  Next next;
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    input_ended_ = true;
    next = NextStep();
  }
  Do(next);
}

void RecordStreamCall::Handle(bool last_try) {
  bool alone = false;
  std::unique_ptr<Slot> taken = TakeSlot(&alone);
  Slot* const slot = taken.get();
  const absl::Status status = Prepare(slot);
  if (!status.ok() && !alone && !last_try) {
    if (SetAside()) return;
    return Handle(true);
  }
  slot->answered = false;
  slot->in_flight.emplace(parts_);
  slot->bytes = read_.Length();
  slot->request_id = request_ == nullptr ? 0 : request_->request_id();
  request_ = nullptr;
  {
    // In its place before the committer may answer it.
    absl::MutexLock lock(&mutex_);
    in_flight_bytes_ += slot->bytes;
    slots_.push_back(std::move(taken));
  }
  const absl::Status submitted = status.ok() ? parts_.committer->Submit(slot) : status;
  if (!submitted.ok()) Answer(slot, submitted);
  Next next;
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    next = NextStep();
  }
  Do(next);
}

absl::Status RecordStreamCall::Prepare(Slot* slot) {
  if (request_ == nullptr) {
    if (arena_ == nullptr) {
      arena_block_ = std::make_unique<char[]>(kArenaBlockBytes);
      google::protobuf::ArenaOptions options;
      options.initial_block = arena_block_.get();
      options.initial_block_size = kArenaBlockBytes;
      arena_ = std::make_unique<google::protobuf::Arena>(options);
    }
    arena_->Reset();
    auto* const request = google::protobuf::Arena::CreateMessage<v1::RecordRequest>(arena_.get());
    SOTHON_RETURN_IF_ERROR(ParseRequest(parts_, read_, request));
    request_ = request;
  }
  return PrepareTask(parts_, request_, slot);
}

// False: nothing is on its way any more, so there is nothing to wait for.
bool RecordStreamCall::SetAside() {
  absl::MutexLock lock(&mutex_);
  if (slots_.empty()) return false;
  set_aside_ = true;
  return true;
}

std::unique_ptr<RecordStreamCall::Slot> RecordStreamCall::TakeSlot(bool* alone) {
  absl::MutexLock lock(&mutex_);
  *alone = slots_.empty();
  if (free_slots_.empty()) return std::make_unique<Slot>(this);
  std::unique_ptr<Slot> slot = std::move(free_slots_.back());
  free_slots_.pop_back();
  return slot;
}

void RecordStreamCall::Answer(Slot* slot, const AppendOutcome& outcome) {
  if (!outcome.ok()) parts_.rejects->Count(outcome.status());
  grpc::ByteBuffer answer = SerializeMessage(ToStreamResponse(slot->request_id, outcome));
  const grpc::ByteBuffer* write = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    slot->answer.Swap(&answer);
    slot->answered = true;
    write = NextWrite();
  }
  if (write != nullptr) StartWrite(write);
}

// A write that fails means that the client is gone: the reader notices, and what was sent is recorded all the same.
void RecordStreamCall::OnWriteDone(bool /*ok*/) {
  const grpc::ByteBuffer* write = nullptr;
  bool retry = false;
  Next next = Next::kNothing;
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    std::unique_ptr<Slot> written = std::move(slots_.front());
    slots_.pop_front();
    in_flight_bytes_ -= written->bytes;
    written->answer.Clear();
    written->in_flight.reset();
    free_slots_.push_back(std::move(written));
    write = NextWrite();
    retry = slots_.empty() && std::exchange(set_aside_, false);
    if (!retry) next = NextStep();
  }
  if (write != nullptr) StartWrite(write);
  if (retry) return Handle(true);
  Do(next);
}

const grpc::ByteBuffer* RecordStreamCall::NextWrite() {
  if (writing_ || slots_.empty() || !slots_.front()->answered) return nullptr;
  writing_ = true;
  return &slots_.front()->answer;
}

RecordStreamCall::Next RecordStreamCall::NextStep() {
  if (busy_ || finished_) return Next::kNothing;
  if (input_ended_) {
    if (!slots_.empty()) return Next::kNothing;
    finished_ = true;
    return Next::kFinish;
  }
  // One request is always taken, however large.
  if (!slots_.empty() && in_flight_bytes_ >= parts_.client_in_flight_bytes_max) return Next::kNothing;
  busy_ = true;
  return Next::kRead;
}

void RecordStreamCall::Do(Next next) {
  if (next == Next::kRead) StartRead(&read_);
  if (next == Next::kFinish) Finish(grpc::Status::OK);
}

}  // namespace sothon::ingest
