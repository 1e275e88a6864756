// The threads that serve readers of the log: a few for all of them, and one that waits for new events on their behalf.
//
// Concurrency
//   Thread-safe. A reader is in at most one place: queued, running, waiting, or none of these (its message is being
//   sent).
#pragma once

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest-service/log/event_log.h"

namespace sothon::ingest {

class ReadScheduler {
 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    // Does a bounded piece of work. The reader may be gone when it returns.
    virtual void Step() = 0;
  };

  // `log` is borrowed and must outlive it.
  ReadScheduler(const EventLog* log, int threads);
  ~ReadScheduler();
  ReadScheduler(const ReadScheduler&) = delete;
  ReadScheduler& operator=(const ReadScheduler&) = delete;

  void Start();
  // Lets queued and waiting readers step once more (stopping() is true by then), then ends. May be called twice.
  void Stop();
  bool stopping() const;

  // Calls `reader->Step()` soon; after Stop() at once.
  void Schedule(Reader* reader);
  // Calls it when the log's head is beyond `position`, at `deadline`, or upon Wake().
  void Await(Reader* reader, Position position, absl::Time deadline);
  // A waiting reader steps now; others are left alone.
  void Wake(Reader* reader);

 private:
  struct Wait {
    Position position;
    absl::Time deadline;
  };

  void Work();
  void Watch();
  void QueueReady(Position head, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const EventLog* const log_;
  const int thread_count_;
  mutable absl::Mutex mutex_;
  std::deque<Reader*> queue_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Reader*, Wait> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;  // the threads have ended
  std::vector<std::thread> threads_;
};

}  // namespace sothon::ingest
