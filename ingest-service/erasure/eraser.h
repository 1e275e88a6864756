// Carries out what ErasureRequested asks for: the vault forgets the person, and the log is told.
//
// Operation
//   A request stands in the log before anything is erased, so whatever happens in between is done again: whoever the
//   log asks to erase without calling it done is erased, and then, with an event id made of the log's id and the
//   request's position, recorded as done. Erasing twice is erasing once, and an event id is taken once; so each request
//   has one ErasureCompleted in the end, wherever a crash falls. What the disk does not take is tried again.
//   The vault forgets at once. That its files are written anew needs room for a copy, and waits for it for as long as
//   there is none; only then is it recorded as done.
//   A vault that its disk failed is brought back by whoever records next. While there is work here, so does this, soon:
//   whom a closed vault cannot look up is turned away before there is anything to record.
//   EraseAgain() is the fence against old backups: it holds the vault to every erasure that the log calls done.
// Concurrency
//   Thread-safe; works on a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/observability/metrics.h"
#include "ingest-service/log/committer.h"
#include "ingest-service/registry/registry.h"
#include "ingest-service/vault/vault.h"

namespace sothon::ingest {

// Before anybody is served: a vault that was restored from a backup may know people again who were erased since. Its
// files are written anew, too; where that fails, the Eraser goes on with it. UNAVAILABLE: the disk did not even take
// that they are forgotten.
absl::Status EraseAgain(const Registry& registry, Vault* vault);

// A UUID (version 8) of the log and the position of the request. `attempt`: one after the other, for when an event of
// somebody else has taken that id.
std::string ErasureCompletedId(std::string_view log_id, Position request, uint32_t attempt);

struct EraserOptions {
  absl::Duration retry_after = absl::Seconds(1);
  // The same for copying the vault's files: twice as long after each try, up to the maximum. A try may write a whole
  // copy of the vault onto a disk that has hardly any room, which the log needs, too; so they are minutes apart. And no
  // more than ten, so that whoever has made room is not kept waiting. Where it is known beforehand that there is no
  // room, nothing is written, and it is looked again after the minimum.
  absl::Duration rewrite_after_min = absl::Minutes(1);
  absl::Duration rewrite_after_max = absl::Minutes(10);
  std::function<int64_t()> now_us;  // for the day that an erasure is done
};

class Eraser {
 public:
  // What is borrowed must outlive it.
  Eraser(EraserOptions options, const EventLog* log, const Registry* registry, Vault* vault, Committer* committer,
         Metrics* metrics);
  ~Eraser();
  Eraser(const Eraser&) = delete;
  Eraser& operator=(const Eraser&) = delete;

  // Begins with what was left open. The committer must run until Stop().
  void Start();
  // Breaks off the writing of files, and waits for what else it is about: seconds. May be called twice.
  void Stop();
  // The registry has folded new events. Quick; from any thread.
  void Notice();

  // Empty: all is well. Otherwise one sentence on what is wrong.
  std::string trouble() const;

 private:
  using Requests = std::map<Position, SubjectId>;

  struct Outcome {
    absl::Status status;
    absl::Duration again_after = absl::InfiniteDuration();
  };

  void Run();
  Requests Open() const;
  Outcome CarryOut(const Requests& requests);
  // If it is time.
  absl::Status RewriteFiles();
  // What is erased; one that fails keeps no other waiting.
  absl::Status RecordAll(const Requests& requests);
  // OK: it is recorded, now or before.
  absl::Status RecordCompleted(Position request, const SubjectId& subject);
  absl::StatusOr<bool> IsCompletedAt(std::string_view event_id, Position request) const;
  void Note(const absl::Status& status);

  const EraserOptions options_;
  const EventLog* const log_;
  const Registry* const registry_;
  Vault* const vault_;
  Committer* const committer_;
  prometheus::Gauge& open_gauge_;
  prometheus::Counter& completed_total_;

  mutable absl::Mutex mutex_;
  bool noticed_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::string trouble_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> canceled_{false};
  // Of the thread's own.
  absl::Time rewrite_at_ = absl::InfinitePast();
  absl::Duration rewrite_after_;
  absl::Status rewrite_failure_;
  std::thread thread_;
};

}  // namespace sothon::ingest
