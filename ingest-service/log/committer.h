// The one thread that appends to the log.
//
// Operation
//   It takes whatever waits, up to a limit, and records it with one synced write: under load many requests share a
//   sync, alone a request does not wait. Per batch, in this order: people made up by the vault become durable, the
//   events are appended, the registry folds what is new, the requests hear what became of them. While the disk does not
//   take writes, requests are answered UNAVAILABLE, and it tries again by itself. Most of those were never written, and
//   their reservations are told so: only of the batch that a write failed with nobody knows.
// Concurrency
//   Thread-safe. CommitTask::Done() runs on the committer's thread, or while more requests wait on the Answerer's; it
//   must be quick and must not wait.
#pragma once

#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/observability/metrics.h"
#include "ingest-service/log/answerer.h"
#include "ingest-service/log/event_log.h"

namespace sothon::ingest {

// One request on its way into the log. The caller owns it, and keeps it until Done() is called.
class CommitTask {
 public:
  virtual ~CommitTask() = default;
  // What became of it; its reservation is settled by then. UNAVAILABLE: nothing of it was acknowledged; the client may
  // send it again.
  virtual void Done(AppendOutcome outcome) = 0;

  PreparedRequest prepared;
  // Check() instead of Append().
  bool validate_only = false;

 private:
  friend class Committer;
  size_t queued_bytes_ = 0;
  absl::Time queued_at_;
};

struct CommitterOptions {
  size_t queue_bytes_max = 64 << 20;
  size_t batch_events_max = 4'000;
  // A batch that takes longer is trouble.
  absl::Duration stuck_after = absl::Seconds(10);
  // After a failed write, the next try comes this much later.
  absl::Duration retry_after = absl::Milliseconds(500);
};

// What a commit touches beside the log. Both are called on the committer's thread.
class CommitHooks {
 public:
  virtual ~CommitHooks() = default;
  // Makes durable what the events of a batch refer to.
  virtual absl::Status BeforeAppend() = 0;
  // The log has new events. An error is trouble, but the events are recorded.
  virtual absl::Status AfterAppend() = 0;
};

class Committer {
 public:
  // `log`, `hooks` and `metrics` are borrowed and must outlive it.
  Committer(const CommitterOptions& options, EventLog* log, CommitHooks* hooks, Metrics* metrics);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  void Start();
  // Commits what is queued, then ends. May be called twice.
  void Stop();

  // RESOURCE_EXHAUSTED: the queue is full. UNAVAILABLE: stopped. On error Done() is not called.
  absl::Status Submit(CommitTask* task);

  // Empty: all is well. Otherwise one sentence on what is wrong.
  std::string trouble() const;

 private:
  using Batch = std::vector<CommitTask*>;

  absl::Status Enqueue(CommitTask* task);
  void Run();
  // False: stopped.
  bool Take(Batch* batch);
  void Commit(const Batch& batch);
  void CommitRun(absl::Span<CommitTask* const> tasks);
  // ABORTED: nothing of these was written.
  absl::StatusOr<std::vector<AppendOutcome>> Append(absl::Span<CommitTask* const> tasks);
  // Puts an answer by; TellAnswers() gives those that were put by.
  void Finish(CommitTask* task, AppendOutcome outcome, Reservation::Fate fate = Reservation::Fate::kDecided);
  void TellAnswers();
  void NoteWrite(const absl::Status& status);
  void NoteFold(const absl::Status& status);

  const CommitterOptions options_;
  EventLog* const log_;
  CommitHooks* const hooks_;
  prometheus::Histogram& append_seconds_;
  prometheus::Histogram& batch_events_;
  prometheus::Gauge& queue_bytes_gauge_;
  prometheus::Counter& events_total_;
  prometheus::Counter& failed_batches_total_;

  mutable absl::Mutex mutex_;
  std::deque<CommitTask*> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queue_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time batch_began_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::string write_error_ ABSL_GUARDED_BY(mutex_);
  std::string fold_error_ ABSL_GUARDED_BY(mutex_);
  // Of the thread.
  absl::Time retry_at_ = absl::InfinitePast();
  std::vector<const PreparedRequest*> requests_;
  std::vector<Answer> answers_;
  Answerer answerer_;
  std::thread thread_;
};

}  // namespace sothon::ingest
