// The projection of one log as built in one directory: ledger (pure), store (RocksDB) and what readers see, in step.
//
// Operation
//   Apply() folds stored events into postings and gathers them. A commit writes postings, histories, cells and position
//   in one WriteBatch, and only then shows them to readers. Near the head every Apply() commits; while catching up
//   commits wait until enough has gathered.
// Concurrency
//   IsLast(), Apply(), Flush() and BindLog() are called by one thread at a time. Everything else is thread-safe.
// Limitations
//   Histories of all participants are in memory: some 200 to 300 bytes for each person.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "projection-service/ledger/ledger.h"
#include "projection-service/ledger/reference_view.h"
#include "projection-service/store/store.h"
#include "projection-service/view/cell_table.h"
#include "projection-service/view/event_parser.h"
#include "projection-service/view/parse_ahead.h"
#include "projection-service/view/pending_batch.h"

namespace sothon::projection {

struct CommitReport {
  Position position;
  size_t events = 0;
  absl::Duration took;
};

struct BuiltViewOptions {
  StoreOptions store = {};
  // While catching up a commit is made when so many events, so many bytes or so much time has gathered.
  size_t commit_events_max = 1'000'000;
  size_t commit_bytes_max = 64 << 20;
  absl::Duration commit_interval_max = absl::Seconds(5);
  // While catching up, so many events at once are parsed by a thread of their own.
  size_t parse_ahead_events_min = 512;
};

// What readers see; all of it at one position.
struct Published {
  Applied applied;
  Position first_synthetic;  // 0: no synthetic event so far
  size_t participants = 0;
  std::shared_ptr<const ledger::ReferenceView> reference;
  std::shared_ptr<const ledger::Names> names;
  std::shared_ptr<const ledger::Facts> facts;
  CellTable cells;
};

// What is visible beside the cells, all of one position.
struct Snapshot {
  Applied applied;
  Position first_synthetic;  // 0: no synthetic event so far
  std::shared_ptr<const ledger::ReferenceView> reference;
  std::shared_ptr<const ledger::Names> names;
  std::shared_ptr<const ledger::Facts> facts;
};

class Overseer;

class BuiltView {
 public:
  // Opens or creates the view in its directory. Errors as of Store::Open.
  static absl::StatusOr<std::unique_ptr<BuiltView>> Open(BuiltViewOptions options);
  ~BuiltView();

  // As of EventSink.
  Position position() const { return {position_.load(std::memory_order_acquire)}; }
  bool IsLast(std::string_view stored) const;
  absl::Status Apply(absl::Span<const std::string_view> stored, bool catching_up);
  absl::Status Flush();
  // Called by the applying thread after each commit, when readers see it.
  void ObserveCommits(std::function<void(const CommitReport&)> observer) { on_commit_ = std::move(observer); }

  // Last position that is committed, which is what readers see.
  Position visible() const { return {visible_.load(std::memory_order_acquire)}; }
  // Whose log this is, as stored; empty: not known.
  std::string log_id() const;
  // FAILED_PRECONDITION: it is another log's.
  absl::Status BindLog(std::string_view log_id);

  // Calls `read` with what is visible now; keep it short, the writer waits for it.
  void Read(absl::FunctionRef<void(const Published&)> read) const;
  Snapshot TakeSnapshot() const;
  // Appends whose histories may have changed after `position`, with repeats. False: it is too long ago to tell.
  bool TouchedSince(Position position, std::vector<SubjectId>* touched) const;
  const ledger::CountingRules& rules() const { return options_.store.rules; }
  const Store& store() const { return *store_; }
  // What the rules and views of the oversight are asked.
  const Overseer& overseer() const { return *overseer_; }
  // Whether its directory goes with it when it is destroyed.
  void RemoveWhenClosed(bool remove = true) { remove_when_closed_.store(remove, std::memory_order_release); }
  // Of the applying thread.
  const ledger::Ledger& ledger() const { return ledger_; }

 private:
  explicit BuiltView(BuiltViewOptions options);
  absl::Status Load();
  absl::Status CheckConsecutive(absl::Span<const std::string_view>* stored) const;
  absl::Status ApplyOne(std::string_view stored, const absl::StatusOr<const v1::Event*>& event);
  void ApplyAll(absl::Span<const std::string_view> stored, bool catching_up);
  // False: stopped.
  bool ApplySome(absl::Span<const std::string_view> stored, absl::Span<const ParseAhead::Parsed> events);
  void EndCatchingUp();
  bool EnoughGathered() const;
  absl::Status Commit();
  void Publish();
  void RememberTouched() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const BuiltViewOptions options_;

  // Of the applying thread.
  std::unique_ptr<Store> store_;
  std::unique_ptr<Overseer> overseer_;
  ledger::Ledger ledger_;
  std::unique_ptr<PendingBatch> pending_;
  absl::Time gathering_since_;
  size_t caught_up_events_ = 0;  // applied while catching up, since that began
  bool commit_failed_ = false;
  absl::Status stopped_;  // an error that no retry will mend
  std::string last_;      // stored bytes of the event at position(); empty: nothing was applied since opening
  EventParser parser_;
  std::unique_ptr<ParseAhead> parse_ahead_;  // since the last long way
  std::vector<ledger::Posting> postings_;    // scratch
  std::function<void(const CommitReport&)> on_commit_;

  std::atomic<uint64_t> position_{0};
  std::atomic<uint64_t> visible_{0};
  std::atomic<bool> remove_when_closed_{false};
  mutable absl::Mutex mutex_;
  Published published_ ABSL_GUARDED_BY(mutex_);
  // Whose histories changed with the commit that led to the position; complete after `touched_since_`.
  std::vector<std::pair<Position, SubjectId>> touched_ ABSL_GUARDED_BY(mutex_);
  Position touched_since_ ABSL_GUARDED_BY(mutex_);
  std::string log_id_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::projection
