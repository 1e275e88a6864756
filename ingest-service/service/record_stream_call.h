// One RecordStream call.
//
// Operation
//   Each message is prepared on the thread that reads it and goes to the committer, without waiting for those before
//   it; answers leave in the order of the requests. A request that is refused while earlier ones of the stream are
//   still on their way (it may rest on what they register) is set aside and checked once more when they have been
//   answered. Reading stops while more bytes are in flight than the client's limit.
// Concurrency
//   Reactions come from gRPC's threads, Done() from the committer's. No lock is held while gRPC is called.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/server_callback.h"
#include "ingest-service/service/recording.h"

namespace sothon::ingest {

// Owns itself until gRPC is done with it.
class RecordStreamCall final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // `parts` is borrowed.
  explicit RecordStreamCall(const RecordingParts& parts);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  // One request from its arrival until its answer is written. Reused, with its buffers, for later ones.
  class Slot final : public CommitTask {
   public:
    explicit Slot(RecordStreamCall* call) : call_(call) {}
    void Done(AppendOutcome outcome) override { call_->Answer(this, outcome); }

    uint64_t request_id = 0;
    size_t bytes = 0;
    bool answered = false;
    std::optional<InFlight> in_flight;  // from its arrival until its answer is written
    grpc::ByteBuffer answer;

   private:
    RecordStreamCall* const call_;
  };

  // What is to be done once the lock is released.
  enum class Next { kNothing, kRead, kFinish };

  // Prepares the message that was read, and passes it on. `last_try`: nothing of the stream is on its way any more.
  void Handle(bool last_try);
  absl::Status Prepare(Slot* slot);
  void Answer(Slot* slot, const AppendOutcome& outcome);
  // `*alone`: nothing of the stream is on its way.
  std::unique_ptr<Slot> TakeSlot(bool* alone);
  bool SetAside();
  // The write that is due, or null; then it is under way.
  const grpc::ByteBuffer* NextWrite() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Next NextStep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(Next next);

  const RecordingParts& parts_;

  // Of the reader: whoever handles a message.
  grpc::ByteBuffer read_;
  std::unique_ptr<char[]> arena_block_;
  std::unique_ptr<google::protobuf::Arena> arena_;
  v1::RecordRequest* request_ = nullptr;

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);  // oldest first
  std::vector<std::unique_ptr<Slot>> free_slots_ ABSL_GUARDED_BY(mutex_);
  size_t in_flight_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // a read is under way, or a message is being handled
  bool set_aside_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool input_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace sothon::ingest
