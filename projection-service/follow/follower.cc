#include "projection-service/follow/follower.h"

#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "projection-service/follow/event_stream.h"
#include "projection-service/follow/instruments.h"
#include "spdlog/spdlog.h"

namespace sothon::projection {
namespace {

// How long the applying thread waits at most before it looks around.
constexpr absl::Duration kTick = absl::Milliseconds(100);

}  // namespace

std::shared_ptr<grpc::Channel> MakeIngestChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);  // despite its name: how long one attempt may take
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

Follower::Follower(FollowerOptions options, std::shared_ptr<grpc::Channel> ingest, EventSink* sink, Metrics* metrics)
    : options_(std::move(options)),
      channel_(std::move(ingest)),
      ingest_(v1::IngestService::NewStub(channel_)),
      sink_(sink),
      instruments_(std::make_unique<Instruments>(metrics)),
      reader_(channel_) {}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  applied_.store(sink_->position().value, std::memory_order_release);
  watching_ = std::thread([this] { Watch(); });
  applying_ = std::thread([this] { Run(); });
}

void Follower::Stop() {
  ended_.store(true, std::memory_order_release);
  reader_.Cancel();
  Wake();
  if (applying_.joinable()) applying_.join();
  if (watching_.joinable()) watching_.join();
}

void Follower::Run() {
  absl::Duration wait = options_.retry_wait_min;
  bool first_try = true;
  const bool known = AwaitLogId();
  while (known && !ended()) {
    const Position before = applied();
    std::unique_ptr<BusFeed> feed;
    absl::Status status = FollowLog(&feed);
    if (feed != nullptr) {
      instruments_->following_bus.Set(1);
      instruments_->subscriptions.Increment();
      if (status.ok()) status = FollowBus(feed.get());
      following_bus_.store(false, std::memory_order_release);
      instruments_->following_bus.Set(0);
      Wake();
    }
    if (status.ok() || ended()) {
      first_try = true;
      continue;
    }
    const bool moved = applied() != before;
    if (moved) wait = options_.retry_wait_min;
    spdlog::log(moved || first_try ? spdlog::level::warn : spdlog::level::debug,
                "following is interrupted and goes on from the log position={} why=\"{}\"", applied().value,
                std::string(status.message()));
    first_try = false;
    Pause(wait);
    wait = std::min(2 * wait, options_.retry_wait_max);
  }
  if (absl::Status status = Flush(); !status.ok()) {
    spdlog::error("cannot flush at the end why=\"{}\"", std::string(status.message()));
  }
}

bool Follower::AwaitLogId() {
  std::string log_id;
  {
    absl::MutexLock lock(&mutex_);
    while (log_id_.empty() && !ended()) changed_.Wait(&mutex_);
    log_id = log_id_;
  }
  if (ended()) return false;
  while (options_.on_log_id != nullptr && !ended()) {
    const absl::Status status = options_.on_log_id(log_id);
    if (absl::IsFailedPrecondition(status)) Fail(status);
    NoteApplied(status);
    if (status.ok()) break;
    Pause(options_.retry_wait_max);
  }
  return !ended();
}

absl::Status Follower::FollowLog(std::unique_ptr<BusFeed>* feed) {
  v1::ReadEventsRequest request;
  // Beginning with the last event applied, to see that it is still the same.
  history_unchecked_ = sink_->position().value > 0;
  request.set_from_position(history_unchecked_ ? sink_->position().value : 1);
  request.set_follow(true);
  TellHead();
  // The history is compared by what comes over the stream's connection; so it is losses of this one that count.
  const auto note_losses = [this] { losses_at_stream_.store(losses_.load()); };
  note_losses();
  EventStream stream(channel_, request, note_losses);
  TakeStalled();
  while (!ended()) {
    const absl::Status status = ApplyFromLog(&stream);
    if (absl::IsOutOfRange(status)) {
      Fail(absl::FailedPreconditionError(
          StrCat("the log ends before position ", applied().value,
                 ", which is projected: ingest serves an older copy of the "
                 "log, or another log with the same id; rebuild from an empty data directory if that is intended")));
    }
    SOTHON_RETURN_IF_ERROR(status);
    TellHead();
    if (!history_unchecked_) *feed = TakeOpenedFeed();
    if (*feed != nullptr) return Flush();
    if (TakeStalled()) return absl::UnavailableError("ingest has gone quiet although there are newer events");
  }
  return absl::OkStatus();
}

absl::Status Follower::ApplyFromLog(EventStream* stream) {
  std::vector<ReceivedEvents> received;
  SOTHON_RETURN_IF_ERROR(stream->Next(kTick, options_.batch_events_max, &received));
  if (received.empty()) {
    if (stream->finished()) return absl::UnavailableError("ingest ended the stream of events");
    return Flush();
  }
  std::vector<std::string_view> stored;
  sink_->NoteHeard();
  for (const ReceivedEvents& message : received) {
    stored.insert(stored.end(), message.events().begin(), message.events().end());
    NoteHead(message.head(), 0);
  }
  if (history_unchecked_ && !stored.empty()) {
    SOTHON_RETURN_IF_ERROR(CheckHistory(stored.front()));
    history_unchecked_ = false;
    stored.erase(stored.begin());
  }
  if (stored.empty()) return Flush();
  // More is on its way: let the projection gather commits.
  const bool catching_up = stream->has_more() || applied().Plus(stored.size()) < head();
  const Position before = applied();
  const absl::Status status = Apply(stored, catching_up);
  instruments_->from_log.Increment(static_cast<double>(applied().value - before.value));
  SOTHON_RETURN_IF_ERROR(status);
  return catching_up ? absl::OkStatus() : Flush();
}

absl::Status Follower::CheckHistory(std::string_view stored) {
  if (sink_->IsLast(stored)) return absl::OkStatus();
  absl::Status differs = absl::DataLossError(StrCat(
      "the log \"", log_id(), "\" has another event at position ", sink_->position().value,
      " than the one projected: ingest serves an older copy of the log that has grown since, or another log with "
      "the same id. Find out which log is the right one; if it is the one that ingest serves now, start the "
      "projection with --rebuild"));
  Fail(differs);
  return differs;
}

std::unique_ptr<BusFeed> Follower::TakeOpenedFeed() {
  if (!options_.bus_enabled) return nullptr;
  const bool near = head() <= applied().Plus(options_.near_events);
  if (want_bus_.exchange(near, std::memory_order_acq_rel) != near && near) Wake();
  std::unique_ptr<BusFeed> feed;
  absl::MutexLock lock(&mutex_);
  // Everything after the head of that moment was published after the subscription; everything up to it is applied.
  if (near && opened_feed_ != nullptr && applied() >= opened_feed_head_) {
    feed = std::move(opened_feed_);
    following_bus_.store(true, std::memory_order_release);
    want_bus_.store(false, std::memory_order_release);
  }
  return feed;
}

absl::Status Follower::FollowBus(BusFeed* feed) {
  while (!ended()) {
    SOTHON_RETURN_IF_ERROR(ApplyFromBus(feed));
    TellHead();
    if (TakeStalled()) {
      spdlog::warn("the bus has gone quiet, reading the log position={} head={}", applied().value, head().value);
      return absl::OkStatus();
    }
    if (head() > applied().Plus(options_.far_events)) {
      spdlog::info("far behind, reading the log position={} head={}", applied().value, head().value);
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status Follower::ApplyFromBus(BusFeed* feed) {
  messages_.clear();
  const uint64_t foreign_before = feed->foreign();
  SOTHON_RETURN_IF_ERROR(feed->Gather(kTick, options_.batch_events_max, &messages_));
  instruments_->foreign.Increment(static_cast<double>(feed->foreign() - foreign_before));
  // What comes next may be of another history, so nothing of it is applied before that was looked at.
  if (losses_.load() != losses_at_stream_.load() || channel_->GetState(false) != GRPC_CHANNEL_READY) {
    return absl::UnavailableError("the connection to ingest was lost");
  }

  std::vector<std::string_view> run;
  run.reserve(messages_.size());
  Position next = sink_->position().Next();
  for (const BusFeed::Message& message : messages_) {
    if (message.position < next) {
      instruments_->duplicates.Increment();
      continue;
    }
    if (message.position > next) {
      SOTHON_RETURN_IF_ERROR(Apply(run, false));
      instruments_->from_bus.Increment(static_cast<double>(run.size()));
      run.clear();
      SOTHON_RETURN_IF_ERROR(Refetch(next, Position{message.position.value - 1}));
      next = message.position;
    }
    run.push_back(message.stored);
    next = next.Next();
  }
  SOTHON_RETURN_IF_ERROR(Apply(run, false));
  instruments_->from_bus.Increment(static_cast<double>(run.size()));
  feed->Acknowledge();
  return absl::OkStatus();
}

absl::Status Follower::Refetch(Position from, Position to) {
  if (to.value - from.value >= options_.far_events) {
    return absl::UnavailableError(StrCat("the bus is far ahead, at ", to.value + 1));
  }
  spdlog::debug("a gap on the bus, refetching from={} to={}", from.value, to.value);
  bool unchecked = from.value > 1;
  const Position begin{unchecked ? from.value - 1 : from.value};
  const auto apply = [&](absl::Span<const std::string_view> stored) {
    if (std::exchange(unchecked, false)) {
      SOTHON_RETURN_IF_ERROR(CheckHistory(stored.front()));
      stored.remove_prefix(1);
    }
    return Apply(stored, false);
  };
  SOTHON_RETURN_IF_ERROR(reader_.ReadRange(begin, to, apply));
  gaps_refetched_.fetch_add(1, std::memory_order_relaxed);
  instruments_->gaps_refetched.Increment();
  instruments_->events_refetched.Increment(static_cast<double>(to.value - from.value + 1));
  instruments_->from_log.Increment(static_cast<double>(to.value - from.value + 1));
  return absl::OkStatus();
}

absl::Status Follower::Apply(absl::Span<const std::string_view> stored, bool catching_up) {
  if (stored.empty()) return absl::OkStatus();
  if (const auto last = SplitStoredEvent(stored.back()); last.ok()) NoteHead(last->position, last->recorded_at_us);
  TellHead();
  in_apply_.store(true, std::memory_order_release);
  absl::Status status = sink_->Apply(stored, catching_up);
  in_apply_.store(false, std::memory_order_release);
  applied_.store(sink_->position().value, std::memory_order_release);
  // After a refused commit the sink holds on to what it could not store, and Flush() tries again.
  unflushed_ |= catching_up || !status.ok();
  NoteApplied(status);
  return status;
}

absl::Status Follower::Flush() {
  if (!unflushed_) return absl::OkStatus();
  absl::Status status = sink_->Flush();
  unflushed_ = !status.ok();
  NoteApplied(status);
  return status;
}

void Follower::TellHead() {
  if (head() <= told_head_) return;
  absl::MutexLock lock(&mutex_);
  told_head_ = head();
  sink_->NoteHead(told_head_, head_recorded_at_us_);
}

}  // namespace sothon::projection
