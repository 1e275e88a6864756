// Tells requests what became of them, on a thread of its own.
//
// Operation
//   Telling a request takes longer than deciding about it, and a synced write is mostly waiting: while one batch hears
//   its answers, the committer writes the next.
// Concurrency
//   Thread-safe. Requests hear in the order in which they were posted.
#pragma once

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "ingest-service/log/event_log.h"

namespace sothon::ingest {

class CommitTask;

struct Answer {
  CommitTask* task;
  AppendOutcome outcome;
};

class Answerer {
 public:
  Answerer() = default;
  ~Answerer() { Stop(); }
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;

  void Start();
  // Answers what was posted, then ends. May be called twice.
  void Stop();

  void Post(std::vector<Answer> answers);
  // True when everything that was posted has been told.
  bool idle() const;
  // Calls CommitTask::Done() of each, here and now.
  static void Tell(std::vector<Answer> answers);

 private:
  void Run();

  mutable absl::Mutex mutex_;
  std::vector<Answer> posted_ ABSL_GUARDED_BY(mutex_);
  bool telling_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sothon::ingest
