// Signs what the log is: checkpoints of its Merkle tree, by themselves and on demand.
//
// Operation
//   The newest checkpoint is kept in `<directory>/checkpoint`, durable before anybody sees it. At the start it is held
//   against the log: a log that ends before it, or whose tree of that size has another root, is not what was signed,
//   and is not served. With two keys, as while one takes the place of the other, both sign, also what was signed
//   before. All that has to wait for a disk is done by one thread, for everybody who waits at once.
// Concurrency
//   Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/merkle/tile.h"
#include "common/note/checkpoint.h"
#include "common/note/key.h"
#include "ingest-service/log/event_log.h"

namespace sothon::ingest {

// Nodes of the log's tree of `size`, which it has reached.
merkle::TileNodes NodesOf(const EventLog& log, uint64_t size);

struct CheckpointerOptions {
  std::string directory;
  std::vector<std::string> key_files;  // of keys that are named as the log; none: checkpoints are refused
  absl::Duration every = absl::Minutes(1);
};

class Checkpointer {
 public:
  struct Signed {
    std::string note;
    note::Checkpoint checkpoint;
  };

  // `log` is borrowed. FAILED_PRECONDITION: a key that is not the log's, or not private; DATA_LOSS: the log is not what
  // was signed.
  static absl::StatusOr<std::unique_ptr<Checkpointer>> Open(CheckpointerOptions options, const EventLog* log);
  ~Checkpointer();

  // Makes them by itself from here on, whenever events came.
  void Start();
  // Whoever still waits is told UNAVAILABLE.
  void Stop();

  // Without waiting for anything. FAILED_PRECONDITION: there is no key; UNAVAILABLE: none was made yet.
  absl::StatusOr<Signed> Newest() const;
  // Of the head of now. FAILED_PRECONDITION: there is no key; otherwise of the disk.
  absl::StatusOr<Signed> Make();
  using Answer = std::function<void(const absl::StatusOr<Signed>&)>;
  // The same on the thread that Start() began; `answer` is called there, or at once where there is no such thread.
  void MakeSoon(Answer answer);

  // One sentence on what is wrong; empty: all is well.
  std::string trouble() const;

 private:
  Checkpointer(CheckpointerOptions options, const EventLog* log) : options_(std::move(options)), log_(log) {}
  std::string path() const { return options_.directory + "/checkpoint"; }
  absl::Status ReadKeys();
  absl::Status TakeUpStored();
  absl::StatusOr<Signed> Sign(uint64_t size) const;
  absl::Status NoKey() const;
  // Makes one and tells it to those who wait.
  void MakeFor(const std::vector<Answer>& waiting);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !waiting_.empty(); }
  void Run();

  const CheckpointerOptions options_;
  const EventLog* const log_;
  std::vector<note::SignerKey> keys_;

  absl::Mutex making_;  // one at a time, in order; held while a disk is waited for
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(making_);
  std::optional<Signed> newest_ ABSL_GUARDED_BY(mutex_);
  std::string trouble_ ABSL_GUARDED_BY(mutex_);
  std::vector<Answer> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = true;  // or not yet started
  std::thread thread_;
};

}  // namespace sothon::ingest
