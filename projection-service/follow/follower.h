// The follower: keeps a projection at the head of its log.
//
// Operation
//   Two sources, one rule. Far behind, or without a broker, events come from the log in bulk (IngestService.ReadEvents,
//   following). Near the head they come from the bus, which is quicker and lets ingest be. Whatever the source, events
//   are applied in order of position without a gap: what is missing on the bus is refetched from the log, what came
//   twice is skipped, and the bus is acknowledged after the projection has committed. A subscription always begins with
//   what is published from then on, because the past is in the log; so nothing that the broker loses can matter. A
//   second thread asks ingest for its head every second. A projection that is behind that head without moving goes back
//   to the log, whatever the reason: a consumer gone quiet, a wiped broker, an outbox that cannot publish. What it
//   finds wrong, and that ingest was heard of, it tells the sink, so that answers can say so. Ingest and broker may
//   come, go and restart; both are tried for ever. Whenever ingest was out of touch, and before a gap is filled, the
//   event that was applied last is read again and compared: only the same history is gone on with. Five things end the
//   following, visibly and for good: a log with another id, a log shorter than what is projected, a log that has
//   another event where we are, an event of an unknown kind, bytes that are no event.
// Concurrency
//   Thread-safe. All calls to the sink's IsLast(), Apply(), Flush() and NoteHead() come from one thread; NoteHeard()
//   and NoteTrouble() come from either of the two.
// Limitations
//   Follows one log. Messages of other logs on the same stream are passed over. Two histories that differ before our
//   position but have the same event there, with the same recorded time, are taken for one; comparing the logs'
//   checkpoints would tell them apart. So would a log that is exchanged behind a connection that stays, as a proxy can
//   do, be taken for the same until a gap or a new connection. A connection that is lost while the bus is followed is
//   noticed within a tenth of a second, unless somebody else on the same channel (a rebuild) has made a new one by
//   then. Ingest that loses its power without closing the connection is noticed only when TCP gives up: its silence is
//   told as trouble, but should another history come up at its address before that, it counts as the same until a gap.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "common/bus/connection.h"
#include "common/observability/metrics.h"
#include "grpcpp/grpcpp.h"
#include "projection-service/follow/bus_feed.h"
#include "projection-service/follow/grpc_log_reader.h"
#include "projection-service/view/event_sink.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::projection {

class EventStream;

struct FollowerOptions {
  // False: the log alone is read, following it. common/bus/bus_config.h binds these two to the service's configuration.
  bool bus_enabled = true;
  BusOptions bus;
  // The log that the projection was made from; empty: take the id that ingest tells at the first contact.
  std::string expected_log_id;
  // Called before anything is applied, with the id of the log, until it succeeds. FAILED_PRECONDITION, the wrong log,
  // ends the following; other errors are tried again.
  std::function<absl::Status(const std::string& log_id)> on_log_id;
  // Called from the follower's threads whenever serving() changes; must not call back.
  std::function<void(bool serving)> on_serving_change;

  // At most so many events are applied as one.
  size_t batch_events_max = 4096;
  // Messages the broker may push ahead of our acknowledgements.
  int64_t bus_pending_events_max = 16'384;
  // So near to the head the bus takes over; so far behind it the log does.
  uint64_t near_events = 2'000;
  uint64_t far_events = 50'000;

  absl::Duration poll_interval = absl::Seconds(1);
  // Behind the head and not moving for so long: read the log again from where we are.
  absl::Duration stalled_after = absl::Milliseconds(500);
  // Behind the head and not moving for so long: not serving.
  absl::Duration stuck_after = absl::Seconds(30);
  // How long ingest or the broker may be away before trouble() says so.
  absl::Duration trouble_after = absl::Seconds(10);
  absl::Duration retry_wait_min = absl::Milliseconds(50);
  absl::Duration retry_wait_max = absl::Seconds(1);
  // Of calls that answer at once.
  absl::Duration rpc_timeout = absl::Seconds(2);
};

// A channel to ingest that reconnects within a second and takes its largest answers.
std::shared_ptr<grpc::Channel> MakeIngestChannel(const std::string& address);

class Follower {
 public:
  // `sink` and `metrics` are borrowed and must outlive the follower.
  Follower(FollowerOptions options, std::shared_ptr<grpc::Channel> ingest, EventSink* sink, Metrics* metrics);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Does not wait for ingest or the broker.
  void Start();
  // Flushes what was applied and ends the threads within a few seconds. May be called twice.
  void Stop();

  // False: figures no longer follow the log and will not without somebody's help, or the projection cannot store them.
  bool serving() const;
  // One sentence on why what is applied does not follow the log, as told to the sink; empty: it does.
  std::string trouble() const;
  // One sentence on why the bus is not used although it should be; events come from the log meanwhile. Empty: it is.
  std::string bus_trouble() const;
  // Empty until ingest has told it.
  std::string log_id() const;
  uint64_t gaps_refetched() const { return gaps_refetched_.load(std::memory_order_relaxed); }
  bool following_bus() const { return following_bus_.load(std::memory_order_relaxed); }

 private:
  struct Instruments;

  // The applying thread (follower.cc).
  void Run();
  bool AwaitLogId();
  // OK: the projection is near the head and `*feed` is open, or the following is to end.
  absl::Status FollowLog(std::unique_ptr<BusFeed>* feed);
  absl::Status ApplyFromLog(EventStream* stream);
  // DATA_LOSS: ingest has another event, `stored`, where the sink has got to. That ends the following.
  absl::Status CheckHistory(std::string_view stored);
  // OK: go back to the log.
  absl::Status FollowBus(BusFeed* feed);
  absl::Status ApplyFromBus(BusFeed* feed);
  absl::Status Refetch(Position from, Position to);
  absl::Status Apply(absl::Span<const std::string_view> stored, bool catching_up);
  absl::Status Flush();
  std::unique_ptr<BusFeed> TakeOpenedFeed();
  void TellHead();

  // The watching thread (watchdog.cc).
  void Watch();
  void PollIngest();
  absl::Status AskIngest();
  void OpenFeed();
  void JudgeProgress();

  // Of both (watchdog.cc).
  void Fail(const absl::Status& why);
  void NoteApplied(const absl::Status& outcome);
  void NoteHead(Position head, int64_t recorded_at_us);
  // Tells the sink of trouble, and whoever asked to be told of serving(), when either has changed.
  void TellState();
  std::string TroubleAt(absl::Time now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool ended() const { return ended_.load(std::memory_order_acquire); }
  // True when the applying thread shall leave its source and read the log again.
  bool TakeStalled() { return stalled_.exchange(false, std::memory_order_acq_rel); }
  // Waits until the time has passed, somebody calls Wake(), or the following ends.
  void Pause(absl::Duration duration);
  void Wake();
  Position head() const { return Position{head_.load(std::memory_order_acquire)}; }
  Position applied() const { return Position{applied_.load(std::memory_order_acquire)}; }

  const FollowerOptions options_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::IngestService::StubInterface> ingest_;
  EventSink* const sink_;
  const std::unique_ptr<Instruments> instruments_;
  GrpcLogReader reader_;

  // Stop() was called, or the following has failed for good.
  std::atomic<bool> ended_{false};
  std::atomic<bool> stalled_{false};
  // How often ingest was found to be out of touch: it may have come back with another log.
  std::atomic<uint64_t> losses_{0};
  // losses_ when the stream of events at hand got its connection. More of them since: that connection is gone.
  std::atomic<uint64_t> losses_at_stream_{0};
  std::atomic<bool> in_apply_{false};
  std::atomic<bool> want_bus_{false};
  std::atomic<bool> following_bus_{false};
  std::atomic<uint64_t> applied_{0};
  std::atomic<uint64_t> head_{0};
  std::atomic<uint64_t> gaps_refetched_{0};

  // Of the applying thread alone.
  bool unflushed_ = false;
  bool history_unchecked_ = false;  // the stream begins with the event at our position, which has not come yet
  Position told_head_;
  std::vector<BusFeed::Message> messages_;

  absl::Mutex telling_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  std::string told_trouble_ ABSL_GUARDED_BY(telling_mutex_);
  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  uint64_t wakes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string log_id_ ABSL_GUARDED_BY(mutex_);
  int64_t head_recorded_at_us_ ABSL_GUARDED_BY(mutex_) = 0;
  // Set once: why the following has ended.
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  // Why the last Apply() failed; OK since one has succeeded.
  absl::Status apply_failure_ ABSL_GUARDED_BY(mutex_);
  std::string ingest_failure_ ABSL_GUARDED_BY(mutex_);
  absl::Time ingest_away_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::string bus_failure_ ABSL_GUARDED_BY(mutex_);
  absl::Time bus_away_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  absl::Time behind_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  // A feed that the watching thread has opened, for the applying thread, and the log's head just after.
  std::unique_ptr<BusFeed> opened_feed_ ABSL_GUARDED_BY(mutex_);
  Position opened_feed_head_ ABSL_GUARDED_BY(mutex_);
  bool serving_ ABSL_GUARDED_BY(mutex_) = true;

  // Of the watching thread alone.
  Position published_;
  Position judged_position_;
  absl::Time stalled_at_ = absl::InfinitePast();
  absl::Duration stall_wait_;
  absl::Time bus_not_before_ = absl::InfinitePast();
  absl::Duration bus_penalty_ = absl::ZeroDuration();

  std::thread applying_;
  std::thread watching_;
};

}  // namespace sothon::projection
