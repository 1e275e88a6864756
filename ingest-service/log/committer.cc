#include "ingest-service/log/committer.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "spdlog/spdlog.h"

namespace sothon::ingest {
namespace {

constexpr size_t kEventOverheadBytes = sizeof(PreparedEvent);

size_t BytesOf(const PreparedRequest& request) {
  size_t bytes = 0;
  for (const PreparedEvent& event : request.events) bytes += event.body.size() + kEventOverheadBytes;
  return bytes;
}

std::vector<double> SecondsBounds() {
  return {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
}

std::vector<double> EventsBounds() { return {1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000}; }

}  // namespace

Committer::Committer(const CommitterOptions& options, EventLog* log, CommitHooks* hooks, Metrics* metrics)
    : options_(options),
      log_(log),
      hooks_(hooks),
      append_seconds_(metrics->Histogram("sothon_ingest_append_seconds",
                                         "Time of a request from the queue to its synced write", SecondsBounds())),
      batch_events_(metrics->Histogram("sothon_ingest_batch_events", "Events in one synced write", EventsBounds())),
      queue_bytes_gauge_(metrics->Gauge("sothon_ingest_queue_bytes", "Requests that wait for the committer")),
      events_total_(metrics->Counter("sothon_ingest_events_total", "Events recorded")),
      failed_batches_total_(metrics->Counter("sothon_ingest_failed_batches_total", "Batches the disk did not take")) {}

Committer::~Committer() { Stop(); }

void Committer::Start() {
  answerer_.Start();
  thread_ = std::thread(&Committer::Run, this);
}

void Committer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  answerer_.Stop();
}

absl::Status Committer::Submit(CommitTask* task) {
  absl::Status status = Enqueue(task);
  if (!status.ok()) task->prepared.reservation.reset();  // here it is still the caller's
  return status;
}

absl::Status Committer::Enqueue(CommitTask* task) {
  task->queued_bytes_ = BytesOf(task->prepared);
  task->queued_at_ = absl::Now();
  absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError("the service is going down; send the request again to its successor");
  // A request larger than the whole queue must still get through alone.
  if (!queue_.empty() && queue_bytes_ + task->queued_bytes_ > options_.queue_bytes_max) {
    return absl::ResourceExhaustedError("the queue of the log is full (limits.queue_bytes_max); retry with back-off");
  }
  queue_bytes_ += task->queued_bytes_;
  queue_.push_back(task);
  return absl::OkStatus();
}

void Committer::Run() {
  Batch batch;
  while (Take(&batch)) Commit(batch);
}

bool Committer::Take(Batch* batch) {
  batch->clear();
  absl::MutexLock lock(&mutex_);
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !queue_.empty() || stopping_; };
  // After a failure it does not wait for a request to find out that the disk is back.
  const bool healthy = write_error_.empty() && fold_error_.empty();
  mutex_.AwaitWithTimeout(absl::Condition(&has_work), healthy ? absl::InfiniteDuration() : options_.retry_after);
  if (queue_.empty()) return !stopping_;
  size_t events = 0;
  do {
    CommitTask* const task = queue_.front();
    events += task->prepared.events.size();
    queue_bytes_ -= task->queued_bytes_;
    queue_.pop_front();
    batch->push_back(task);
  } while (!queue_.empty() && events + queue_.front()->prepared.events.size() <= options_.batch_events_max);
  queue_bytes_gauge_.Set(static_cast<double>(queue_bytes_));
  batch_began_ = absl::Now();
  return true;
}

// Requests that only ask are answered between those that write, in the order in which they came.
void Committer::Commit(const Batch& batch) {
  if (batch.empty()) return CommitRun({});
  auto from = batch.begin();
  while (from != batch.end()) {
    if ((*from)->validate_only) {
      Finish(*from, log_->Check((*from)->prepared));
      ++from;
      continue;
    }
    const auto to = std::find_if(from, batch.end(), [](const CommitTask* task) { return task->validate_only; });
    CommitRun(absl::MakeConstSpan(&*from, static_cast<size_t>(to - from)));
    from = to;
  }
  TellAnswers();
  absl::MutexLock lock(&mutex_);
  batch_began_ = absl::InfiniteFuture();
}

void Committer::CommitRun(absl::Span<CommitTask* const> tasks) {
  const Position before = log_->Head();
  absl::StatusOr<std::vector<AppendOutcome>> outcomes = Append(tasks);
  if (!outcomes.ok()) {
    const absl::Status unavailable = absl::UnavailableError(outcomes.status().message());
    const auto fate =
        absl::IsAborted(outcomes.status()) ? Reservation::Fate::kNotWritten : Reservation::Fate::kMaybeWritten;
    for (CommitTask* task : tasks) Finish(task, unavailable, fate);
    return TellAnswers();
  }
  NoteFold(hooks_->AfterAppend());
  const double recorded = static_cast<double>(log_->Head().value - before.value);
  if (recorded > 0) {
    batch_events_.Observe(recorded);
    events_total_.Increment(recorded);
  }
  for (size_t i = 0; i < tasks.size(); ++i) Finish(tasks[i], std::move((*outcomes)[i]));
  TellAnswers();
}

absl::StatusOr<std::vector<AppendOutcome>> Committer::Append(absl::Span<CommitTask* const> tasks) {
  const absl::Time now = absl::Now();
  // Trying a disk that is full is slow; the requests that come meanwhile are not kept waiting for it.
  if (now < retry_at_ && !tasks.empty()) {
    absl::MutexLock lock(&mutex_);
    return absl::AbortedError(write_error_);
  }
  requests_.clear();
  for (const CommitTask* task : tasks) requests_.push_back(&task->prepared);
  if (const absl::Status ready = hooks_->BeforeAppend(); !ready.ok()) {
    NoteWrite(ready);
    return absl::AbortedError(ready.message());
  }
  absl::StatusOr<std::vector<AppendOutcome>> outcomes = log_->Append(requests_, absl::ToUnixMicros(now));
  NoteWrite(outcomes.status());
  return outcomes;
}

void Committer::NoteWrite(const absl::Status& status) {
  retry_at_ = status.ok() ? absl::InfinitePast() : absl::Now() + options_.retry_after;
  if (!status.ok()) failed_batches_total_.Increment();
  absl::MutexLock lock(&mutex_);
  if (write_error_.empty() && !status.ok()) spdlog::error("events are not taken: {}", status.ToString());
  if (!write_error_.empty() && status.ok()) spdlog::info("events are taken again");
  write_error_ = std::string(status.message());
}

void Committer::NoteFold(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (fold_error_.empty() && !status.ok()) spdlog::error("the registry does not follow the log: {}", status.ToString());
  fold_error_ = std::string(status.message());
}

void Committer::Finish(CommitTask* task, AppendOutcome outcome, Reservation::Fate fate) {
  append_seconds_.Observe(absl::ToDoubleSeconds(absl::Now() - task->queued_at_));
  if (task->prepared.reservation != nullptr) {
    task->prepared.reservation->Settle(outcome, fate);
    task->prepared.reservation.reset();
  }
  answers_.push_back({task, std::move(outcome)});
}

void Committer::TellAnswers() {
  if (answers_.empty()) return;
  bool others_wait = false;
  {
    absl::MutexLock lock(&mutex_);
    others_wait = !queue_.empty();
  }
  // Alone, a request is not kept waiting for another thread to wake up.
  if (others_wait || !answerer_.idle()) {
    answerer_.Post(std::exchange(answers_, {}));
  } else {
    Answerer::Tell(std::exchange(answers_, {}));
  }
}

std::string Committer::trouble() const {
  absl::MutexLock lock(&mutex_);
  if (!write_error_.empty()) return write_error_;
  if (!fold_error_.empty()) return StrCat("the registry does not follow the log: ", fold_error_);
  const absl::Duration taken = absl::Now() - batch_began_;
  if (taken < options_.stuck_after) return {};
  return StrCat("the disk has not taken a batch for ", absl::ToInt64Seconds(taken), " seconds");
}

}  // namespace sothon::ingest
