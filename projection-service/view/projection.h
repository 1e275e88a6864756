// The projection of one log, as the service runs it: the view in use, what it answers, and its replacement by a
// rebuild.
//
// Operation
//   Apply() folds stored events into postings, commits postings, histories, cells and position in one WriteBatch, and
//   only then makes them visible to readers and wakes waiters (BuiltView).
//   Rebuild() builds another view beside the one in use, from position 1, compares the two at the same position, and
//   puts it in the other's place if they are equal.
// Concurrency
//   IsLast(), Apply(), Flush(), BindLog() and NoteHead() are called by one thread only (the Follower's). Everything
//   else is thread-safe. A rebuild keeps Apply() waiting while it reads its last few events, compares and switches.
// Limitations
//   A rebuild needs the memory of a second view while it runs.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "projection-service/store/view_directories.h"
#include "projection-service/view/built_view.h"
#include "projection-service/view/change_notifier.h"
#include "projection-service/view/event_sink.h"
#include "projection-service/view/explanation.h"
#include "projection-service/view/head_tracker.h"
#include "projection-service/view/log_reader.h"
#include "projection-service/view/overseer.h"
#include "projection-service/view/question.h"
#include "projection-service/view/watch_scan.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

struct ProjectionOptions {
  std::string data_directory = {};
  // Build again from the log, whatever is stored.
  bool afresh = false;
  // Its directory is the projection's own.
  BuiltViewOptions view = {};
  SchemeGroups groups = DefaultSchemeGroups();
  size_t waiters_max = 10'000;
  // Called by the applying thread after each commit.
  std::function<void(const CommitReport&)> on_commit = {};
  // The clock that lag is measured with; empty: the machine's.
  std::function<int64_t()> now_us = {};
};

class Projection final : public EventSink {
 public:
  // FAILED_PRECONDITION: another process has the directory, or it was made by other counting rules or another format;
  // the message names the remedy.
  static absl::StatusOr<std::unique_ptr<Projection>> Open(ProjectionOptions options);
  ~Projection() override;

  // EventSink.
  Position position() const override;
  bool IsLast(std::string_view stored) const override;
  absl::Status Apply(absl::Span<const std::string_view> stored, bool catching_up) override;
  absl::Status Flush() override;
  void NoteHead(Position head, int64_t recorded_at_us) override;
  void NoteHeard() override { heads_.NoteHeard(); }
  // Tells the watchers, too, when it is another one than before.
  void NoteTrouble(std::string_view trouble) override;

  // Whose log this is; empty: not known yet.
  std::string log_id() const;
  // FAILED_PRECONDITION: the view is of another log.
  absl::Status BindLog(std::string_view log_id);

  // Waiting for positions, and being told of changes.
  ChangeNotifier& notifier() { return notifier_; }

  // Answers, by the RPCs' contracts, without waiting for min_position.
  absl::Status GetProgress(const v1::GetProgressRequest& request, v1::GetProgressResponse* response) const;
  absl::Status GetPartyProgress(const v1::GetPartyProgressRequest& request,
                                v1::GetPartyProgressResponse* response) const;
  absl::StatusOr<std::unique_ptr<Explanation>> StartExplanation(const v1::ExplainRequest& request) const;
  absl::StatusOr<WatchScan> StartWatch(const v1::WatchProgressRequest& request) const;
  // As of WatchScan::Next, with freshness; and a message without rows when nothing but the trouble has changed.
  bool NextChanges(size_t rows_max, WatchScan* scan, v1::WatchProgressResponse* response) const;
  absl::StatusOr<v1::ListPlacesResponse> ListPlaces(const v1::ListPlacesRequest& request) const;
  absl::StatusOr<v1::GetDigestsResponse> GetDigests(const v1::GetDigestsRequest& request) const;
  absl::StatusOr<v1::ListLateChangesResponse> ListLateChanges(const v1::ListLateChangesRequest& request) const;
  // Calls `answer` with the situation that `inquiry` is about, and fills in what the answer reflects.
  absl::Status Oversee(const v1::Inquiry& inquiry, Overseer::Answer answer, v1::Answered* answered) const;
  // In two parts, as of answers::EncodeFindings; `rest` is complete.
  absl::Status ListFindings(const v1::ListFindingsRequest& request, v1::ListFindingsResponse* rest,
                            std::string* findings) const;
  // The days of grace by which the view counts, by number of scheme.
  ledger::CountingRules rules() const { return view()->rules(); }
  // All but gaps_refetched and version.
  v1::GetProjectionStatusResponse GetStatus() const;
  v1::Freshness FreshnessOf(const Applied& answer, bool of_the_past) const;
  // Why figures do not follow the log, as in every Freshness; empty: they do.
  std::string trouble() const;

  // Reads the whole log from `log`. `is_cancelled` is asked now and then. FAILED_PRECONDITION, REBUILD_DIFFERS: the
  // views are not equal; metadata `differences` names the first cells. FAILED_PRECONDITION, PROJECTION_IN_TROUBLE: the
  // view in use does not follow the log, so there is nothing to compare with. ABORTED: a rebuild runs already.
  absl::StatusOr<v1::RebuildResponse> Rebuild(LogReader* log, bool dry_run, const std::function<bool()>& is_cancelled);

  // The view in use, for as long as it is held.
  std::shared_ptr<const BuiltView> view() const;

 private:
  Projection(ProjectionOptions options, std::unique_ptr<ViewDirectories> directories, std::shared_ptr<BuiltView> view);
  static absl::StatusOr<std::shared_ptr<BuiltView>> OpenView(const ProjectionOptions& options,
                                                             const std::string& directory);
  std::shared_ptr<BuiltView> writable_view() const;
  void TellVisible(Position position);
  void FillFreshness(const BuiltView& view, const Applied& answer, bool of_the_past, v1::Freshness* freshness) const;
  absl::Status CheckNoTrouble() const;
  absl::StatusOr<v1::RebuildResponse> BuildBeside(LogReader* log, bool dry_run,
                                                  const std::function<bool()>& is_cancelled);

  // Rebuild (rebuild.cc).
  absl::Status CatchUp(LogReader* log, const std::function<bool()>& is_cancelled, BuiltView* rebuilt) const;
  absl::StatusOr<uint64_t> CompareAndSwitch(LogReader* log, const std::function<bool()>& is_cancelled, bool dry_run,
                                            std::shared_ptr<BuiltView> rebuilt);

  const ProjectionOptions options_;
  const std::unique_ptr<ViewDirectories> directories_;
  HeadTracker heads_;
  ChangeNotifier notifier_;

  // One at a time; it alone uses directories_.
  std::atomic<bool> rebuilding_{false};
  // Held while anything is applied or the views are switched.
  mutable absl::Mutex applying_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::shared_ptr<BuiltView> view_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::projection
