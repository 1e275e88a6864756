#include "ingest-service/erasure/eraser.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "spdlog/spdlog.h"

namespace sothon::ingest {
namespace {

// Ids that somebody else may have taken, on purpose, before it gives up until the next try.
constexpr uint32_t kAttemptsMax = 100;

// One event on its way into the log, waited for.
class Recording final : public CommitTask {
 public:
  void Done(AppendOutcome outcome) override {
    absl::MutexLock lock(&mutex_);
    outcome_ = std::move(outcome);
    done_ = true;
  }
  AppendOutcome Await() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
    return std::move(outcome_);
  }

 private:
  absl::Mutex mutex_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  AppendOutcome outcome_ ABSL_GUARDED_BY(mutex_) = absl::UnknownError("");
};

v1::Event Completed(const v1::Event& request, const SubjectId& subject, CivilDate today) {
  v1::Event event;
  event.set_effective_date(today.ToWire());
  event.set_place_id(request.place_id());
  event.set_correlation_id(request.correlation_id());
  event.set_causation_id(request.event_id());
  event.set_synthetic(request.synthetic());
  v1::ErasureCompleted* completed = event.mutable_erasure_completed();
  completed->set_subject_id(std::string(subject.AsBytes()));
  completed->set_request_position(request.position());
  return event;
}

std::vector<SubjectId> SubjectsOf(const std::map<Position, SubjectId>& requests) {
  std::vector<SubjectId> subjects;
  for (const auto& [position, subject] : requests) subjects.push_back(subject);
  return subjects;
}

}  // namespace

absl::Status EraseAgain(const Registry& registry, Vault* vault) {
  std::vector<SubjectId> known_again;
  {
    const Registry::View view(registry);
    for (const SubjectId& subject : view.facts().erased()) {
      if (!vault->IsErased(subject)) known_again.push_back(subject);
    }
  }
  if (known_again.empty()) return absl::OkStatus();
  spdlog::warn(
      "the identity vault does not know of {} erasures that the log calls done, as after it was restored from a "
      "backup; these people are erased again before anybody is served",
      known_again.size());
  SOTHON_RETURN_IF_ERROR(
      Annotate(vault->Forget(known_again), "erase again who was erased before the vault's backup was restored"));
  // No reason not to serve: nobody finds them any more.
  if (const absl::Status rewritten = vault->RewriteFiles(); !rewritten.ok()) {
    spdlog::warn("no number leads to them any more; the vault's files are written anew later: {}",
                 rewritten.ToString());
  }
  return absl::OkStatus();
}

std::string ErasureCompletedId(std::string_view log_id, Position request, uint32_t attempt) {
  const std::string name = StrCat("sothon erasure completed\n", log_id, "\n", request.value, "\n", attempt);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash;
  SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(), hash.data());
  hash[6] = static_cast<unsigned char>((hash[6] & 0x0f) | 0x80);  // version 8: made by a rule of our own (RFC 9562)
  hash[8] = static_cast<unsigned char>((hash[8] & 0x3f) | 0x80);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += kDigits[hash[i] >> 4];
    id += kDigits[hash[i] & 15];
  }
  return id;
}

Eraser::Eraser(EraserOptions options, const EventLog* log, const Registry* registry, Vault* vault, Committer* committer,
               Metrics* metrics)
    : options_(std::move(options)),
      log_(log),
      registry_(registry),
      vault_(vault),
      committer_(committer),
      open_gauge_(metrics->Gauge("sothon_ingest_open_erasures", "People who asked to be erased and are not yet")),
      completed_total_(metrics->Counter("sothon_ingest_erasures_total", "Erasures recorded as done")) {}

Eraser::~Eraser() { Stop(); }

void Eraser::Start() { thread_ = std::thread(&Eraser::Run, this); }

void Eraser::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  canceled_ = true;
  if (thread_.joinable()) thread_.join();
}

void Eraser::Notice() {
  {
    const Registry::View view(*registry_);
    if (view.facts().open_erasures().empty()) return;
  }
  absl::MutexLock lock(&mutex_);
  noticed_ = true;
}

std::string Eraser::trouble() const {
  absl::MutexLock lock(&mutex_);
  return trouble_;
}

void Eraser::Run() {
  absl::Duration wait = absl::InfiniteDuration();
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return noticed_ || stopping_; };
      mutex_.AwaitWithTimeout(absl::Condition(&has_work), wait);
      if (stopping_) return;
      noticed_ = false;
    }
    const Requests requests = Open();
    open_gauge_.Set(static_cast<double>(requests.size()));
    const Outcome outcome = CarryOut(requests);
    if (absl::IsCancelled(outcome.status)) return;
    Note(outcome.status);
    open_gauge_.Set(static_cast<double>(Open().size()));
    wait = outcome.again_after;
  }
}

Eraser::Requests Eraser::Open() const {
  const Registry::View view(*registry_);
  return view.facts().open_erasures();
}

Eraser::Outcome Eraser::CarryOut(const Requests& requests) {
  Outcome outcome;
  const auto note = [&](const absl::Status& status, absl::Duration again_after) {
    if (status.ok()) return;
    outcome.status.Update(status);
    outcome.again_after = std::min(outcome.again_after, again_after);
  };
  note(vault_->Forget(SubjectsOf(requests)), options_.retry_after);
  if (vault_->failed()) note(vault_->Persist(), options_.retry_after);
  // Also of those whom EraseAgain() found.
  const absl::Status rewritten = RewriteFiles();
  note(rewritten, rewrite_at_ - absl::Now());
  // It may be closed, and nobody is to wait for minutes until it is open again.
  if (vault_->failed()) outcome.again_after = std::min(outcome.again_after, options_.retry_after);
  if (!absl::IsCancelled(rewritten)) note(RecordAll(requests), options_.retry_after);
  return outcome;
}

absl::Status Eraser::RewriteFiles() {
  if (!vault_->HasFilesToRewrite()) return absl::OkStatus();
  if (absl::Now() < rewrite_at_) return rewrite_failure_;
  // By itself: where the disk does not even take this small write, no copy was begun.
  absl::Status status = vault_->Persist();
  absl::Duration again_after = options_.retry_after;
  if (status.ok()) {
    status = vault_->RewriteFiles(&canceled_);
    if (absl::IsCancelled(status)) return status;
    const bool may_have_copied = !status.ok() && !absl::IsResourceExhausted(status);
    rewrite_after_ = may_have_copied
                         ? std::clamp(2 * rewrite_after_, options_.rewrite_after_min, options_.rewrite_after_max)
                         : absl::ZeroDuration();
    again_after = std::max(rewrite_after_, options_.rewrite_after_min);
  }
  rewrite_at_ = status.ok() ? absl::InfinitePast() : absl::Now() + again_after;
  rewrite_failure_ = Annotate(
      status, "no number leads to them any more, but the vault's files still hold what was deleted until written anew");
  return rewrite_failure_;
}

absl::Status Eraser::RecordAll(const Requests& requests) {
  absl::Status status;
  for (const auto& [position, subject] : requests) {
    if (!vault_->IsErasedFromFiles(subject)) continue;
    if (canceled_) return absl::CancelledError("the service stops");
    const absl::Status recorded = RecordCompleted(position, subject);
    status.Update(recorded);
    if (!recorded.ok()) continue;
    spdlog::info("erased the person of the request at position {}", position.value);
    completed_total_.Increment();
  }
  return status;
}

absl::Status Eraser::RecordCompleted(Position request, const SubjectId& subject) {
  SOTHON_ASSIGN_OR_RETURN(const std::string stored, log_->Get(request));
  v1::Event requested;
  if (!requested.ParseFromString(stored) || !requested.has_erasure_requested()) {
    return absl::DataLossError(StrCat("position ", request.value, " holds no request to erase anybody"));
  }
  v1::Event event = Completed(requested, subject, CivilDate::AtMoment(options_.now_us()));
  for (uint32_t attempt = 0; attempt < kAttemptsMax; ++attempt) {
    event.set_event_id(ErasureCompletedId(log_->log_id(), request, attempt));
    Recording recording;
    PreparedEvent& prepared = recording.prepared.events.emplace_back();
    prepared.event_id = event.event_id();
    prepared.body = SerializeBody(event);
    prepared.is_reference = IsReferenceKind(event.kind_case());
    SOTHON_RETURN_IF_ERROR(committer_->Submit(&recording));
    const AppendOutcome outcome = recording.Await();
    if (outcome.ok()) return absl::OkStatus();
    if (!absl::IsAlreadyExists(outcome.status())) return outcome.status();
    // Its own, of another day, whose answer was lost; or somebody else's, who foresaw the id.
    SOTHON_ASSIGN_OR_RETURN(const bool is_own, IsCompletedAt(event.event_id(), request));
    if (is_own) return absl::OkStatus();
  }
  return absl::AlreadyExistsError(
      StrCat("the ids of the completion of the erasure at position ", request.value, " are all taken by other events"));
}

absl::StatusOr<bool> Eraser::IsCompletedAt(std::string_view event_id, Position request) const {
  SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> position, log_->FindEventId(event_id));
  if (!position) return false;
  SOTHON_ASSIGN_OR_RETURN(const std::string stored, log_->Get(*position));
  v1::Event event;
  return event.ParseFromString(stored) && event.erasure_completed().request_position() == request.value;
}

void Eraser::Note(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (trouble_.empty() && !status.ok()) spdlog::error("people are not erased: {}", status.ToString());
  if (!trouble_.empty() && status.ok()) spdlog::info("people are erased again");
  trouble_ = status.ok() ? "" : StrCat("people who asked for it are not erased yet: ", status.message());
}

}  // namespace sothon::ingest
