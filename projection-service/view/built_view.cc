#include "projection-service/view/built_view.h"

#include <malloc.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "projection-service/view/overseer.h"

namespace sothon::projection {
namespace {

// After catching up with so many events, what that took is given back; a burst is not worth it.
constexpr size_t kLongWayEventsMin = 100'000;
// So many events before one is applied, the way to what it needs is begun.
constexpr size_t kSlotAhead = 8;
constexpr size_t kHistoryAhead = 4;
// So many changes are remembered for those who follow them; beyond, it is cheaper to look at everybody.
constexpr size_t kTouchedMax = 20'000;

}  // namespace

absl::StatusOr<std::unique_ptr<BuiltView>> BuiltView::Open(BuiltViewOptions options) {
  std::unique_ptr<BuiltView> view(new BuiltView(std::move(options)));
  SOTHON_ASSIGN_OR_RETURN(view->store_, Store::Open(view->options_.store));
  view->pending_ = std::make_unique<PendingBatch>();
  view->overseer_ = std::make_unique<Overseer>(view.get());
  SOTHON_RETURN_IF_ERROR(view->Load());
  return view;
}

BuiltView::BuiltView(BuiltViewOptions options) : options_(std::move(options)), ledger_(options_.store.rules) {}

BuiltView::~BuiltView() {
  store_.reset();
  std::error_code ignored;
  if (remove_when_closed_.load(std::memory_order_acquire)) {
    std::filesystem::remove_all(options_.store.directory, ignored);
  }
}

absl::Status BuiltView::Load() {
  const StoredState& state = store_->state_at_open();
  SOTHON_RETURN_IF_ERROR(store_->LoadReference([this](std::string_view stored) {
    const absl::StatusOr<const v1::Event*> event = parser_.Parse(stored);
    if (!event.ok()) return Annotate(event.status(), StrCat("a reference event stored in ", store_->directory()));
    ledger_.RestoreReference(**event);
    return absl::OkStatus();
  }));
  ledger_.RestoreContainsSynthetic(state.first_synthetic.value != 0);
  SOTHON_RETURN_IF_ERROR(store_->LoadNames(
      [this](ledger::Names::Kind kind, std::string name) { ledger_.RestoreName(kind, std::move(name)); }));
  pending_->NoteStoredNames(ledger_.names());
  ledger_.ReserveParticipants(store_->EstimateParticipants());
  SOTHON_RETURN_IF_ERROR(store_->LoadParticipants([this](const SubjectId& subject, ledger::History history) {
    ledger_.RestoreParticipant(subject, std::move(history));
  }));
  position_.store(state.applied.position.value, std::memory_order_release);
  visible_.store(state.applied.position.value, std::memory_order_release);

  absl::MutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(store_->LoadCells([this](ledger::AccountKey account, const ledger::Cell& cell) {
    mutex_.AssertHeld();
    published_.cells.Set(account, cell);
  }));
  log_id_ = state.log_id;
  published_.applied = state.applied;
  published_.first_synthetic = state.first_synthetic;
  published_.participants = ledger_.participants().size();
  published_.reference = std::make_shared<const ledger::ReferenceView>(ledger_.reference());
  published_.names = std::make_shared<const ledger::Names>(ledger_.names());
  published_.facts = std::make_shared<const ledger::Facts>(ledger_.facts());
  touched_since_ = state.applied.position;
  return absl::OkStatus();
}

std::string BuiltView::log_id() const {
  absl::ReaderMutexLock lock(&mutex_);
  return log_id_;
}

absl::Status BuiltView::BindLog(std::string_view log_id) {
  const std::string bound = this->log_id();
  if (bound == log_id) return absl::OkStatus();
  if (!bound.empty()) {
    return absl::FailedPreconditionError(StrCat("the projection in ", store_->directory(), " is of the log ", bound,
                                                ", and this is the log ", log_id,
                                                "; follow the right one, or give this one a directory of its own"));
  }
  SOTHON_RETURN_IF_ERROR(store_->BindLog(log_id));
  absl::MutexLock lock(&mutex_);
  log_id_ = log_id;
  return absl::OkStatus();
}

void BuiltView::Read(absl::FunctionRef<void(const Published&)> read) const {
  absl::ReaderMutexLock lock(&mutex_);
  read(published_);
}

Snapshot BuiltView::TakeSnapshot() const {
  absl::ReaderMutexLock lock(&mutex_);
  return {published_.applied, published_.first_synthetic, published_.reference, published_.names, published_.facts};
}

bool BuiltView::TouchedSince(Position position, std::vector<SubjectId>* touched) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (position < touched_since_) return false;
  const auto after = std::upper_bound(touched_.begin(), touched_.end(), position,
                                      [](Position at, const auto& one) { return at < one.first; });
  for (auto one = after; one != touched_.end(); ++one) touched->push_back(one->second);
  return true;
}

// ---------------------------------------------------------------- applying

bool BuiltView::IsLast(std::string_view stored) const {
  if (position().value == 0) return false;
  return last_.empty() ? LeafHash(stored) == store_->state_at_open().leaf_hash : stored == last_;
}

absl::Status BuiltView::Apply(absl::Span<const std::string_view> stored, bool catching_up) {
  if (commit_failed_) SOTHON_RETURN_IF_ERROR(Commit());  // before more is gathered
  if (!stopped_.ok()) return stopped_;
  const absl::Status consecutive = CheckConsecutive(&stored);
  if (absl::IsFailedPrecondition(consecutive)) return consecutive;

  if (pending_->events() == 0) gathering_since_ = absl::Now();
  const Position before = position();
  ApplyAll(stored, catching_up);
  if (position() > before) last_ = stored[position().value - before.value - 1];
  if (stopped_.ok() && !consecutive.ok()) stopped_ = consecutive;

  if (catching_up) caught_up_events_ += stored.size();
  if (!catching_up || !stopped_.ok() || EnoughGathered()) SOTHON_RETURN_IF_ERROR(Commit());
  if (!catching_up) EndCatchingUp();
  return stopped_;
}

absl::Status BuiltView::Flush() {
  SOTHON_RETURN_IF_ERROR(Commit());
  EndCatchingUp();
  return absl::OkStatus();
}

void BuiltView::EndCatchingUp() {
  if (std::exchange(caught_up_events_, 0) < kLongWayEventsMin) return;
  parse_ahead_.reset();
  // What gathered was allocated and freed in great numbers; glibc keeps such memory unless told.
  malloc_trim(0);
}

void BuiltView::ApplyAll(absl::Span<const std::string_view> stored, bool catching_up) {
  if (catching_up && stored.size() >= options_.parse_ahead_events_min) {
    if (parse_ahead_ == nullptr) parse_ahead_ = std::make_unique<ParseAhead>();
    parse_ahead_->Run(stored, [this](absl::Span<const std::string_view> some,
                                     absl::Span<const ParseAhead::Parsed> events) { return ApplySome(some, events); });
    return;
  }
  for (const std::string_view bytes : stored) {
    stopped_ = ApplyOne(bytes, parser_.Parse(bytes));
    if (!stopped_.ok()) return;
  }
}

bool BuiltView::ApplySome(absl::Span<const std::string_view> stored, absl::Span<const ParseAhead::Parsed> events) {
  for (size_t i = 0; i < stored.size(); ++i) {
    if (i + kSlotAhead < events.size() && events[i + kSlotAhead].ok()) ledger_.PrefetchSlot(**events[i + kSlotAhead]);
    if (i + kHistoryAhead < events.size() && events[i + kHistoryAhead].ok()) {
      ledger_.PrefetchHistory(**events[i + kHistoryAhead]);
    }
    stopped_ = ApplyOne(stored[i], events[i]);
    if (!stopped_.ok()) return false;
  }
  return true;
}

// Drops what was applied before from the front. DATA_LOSS: cuts the span off before bytes that are no event.
absl::Status BuiltView::CheckConsecutive(absl::Span<const std::string_view>* stored) const {
  const Position applied = position();
  Position expected = applied.Next();
  size_t skipped = 0;
  for (size_t i = 0; i < stored->size(); ++i) {
    const absl::StatusOr<StoredEventView> event = SplitStoredEvent((*stored)[i]);
    if (!event.ok()) {
      *stored = stored->subspan(skipped, i - skipped);
      return Annotate(event.status(), StrCat("after position ", expected.value - 1));
    }
    if (event->position <= applied) {
      skipped = i + 1;
    } else if (event->position != expected) {
      return absl::FailedPreconditionError(
          StrCat("a gap: expected position ", expected.value, ", got ", event->position.value));
    } else {
      expected = expected.Next();
    }
  }
  *stored = stored->subspan(skipped);
  return absl::OkStatus();
}

absl::Status BuiltView::ApplyOne(std::string_view stored, const absl::StatusOr<const v1::Event*>& event) {
  if (!event.ok()) return Annotate(event.status(), StrCat("position ", position().value + 1));
  postings_.clear();
  SubjectId touched;
  SOTHON_RETURN_IF_ERROR(ledger_.Apply(**event, &postings_, &touched));
  pending_->Add(**event, stored, postings_, touched, [this](ledger::AccountKey account) {
    absl::ReaderMutexLock lock(&mutex_);
    const ledger::Cell* cell = published_.cells.Find(account);
    return cell == nullptr ? ledger::Counters{} : cell->counters;
  });
  position_.store((*event)->position(), std::memory_order_release);
  return absl::OkStatus();
}

// ---------------------------------------------------------------- committing

bool BuiltView::EnoughGathered() const {
  return pending_->events() >= options_.commit_events_max || pending_->bytes() >= options_.commit_bytes_max ||
         (pending_->events() > 0 && absl::Now() - gathering_since_ >= options_.commit_interval_max);
}

absl::Status BuiltView::Commit() {
  if (pending_->events() == 0) return absl::OkStatus();
  const absl::Time begin = absl::Now();
  Position first_synthetic;
  Read([&](const Published& published) { first_synthetic = published.first_synthetic; });
  pending_->Finish(ledger_, first_synthetic, last_);
  const absl::Status committed = store_->Commit(pending_->parts());
  commit_failed_ = !committed.ok();
  SOTHON_RETURN_IF_ERROR(committed);
  Publish();
  const CommitReport report{pending_->applied().position, pending_->events(), absl::Now() - begin};
  pending_->Clear();
  gathering_since_ = absl::Now();
  if (on_commit_) on_commit_(report);
  return absl::OkStatus();
}

void BuiltView::Publish() {
  std::shared_ptr<const ledger::ReferenceView> reference;
  if (pending_->reference_changed()) reference = std::make_shared<const ledger::ReferenceView>(ledger_.reference());
  std::shared_ptr<const ledger::Names> names;
  if (pending_->names_changed()) names = std::make_shared<const ledger::Names>(ledger_.names());
  std::shared_ptr<const ledger::Facts> facts;
  if (pending_->facts_changed()) facts = std::make_shared<const ledger::Facts>(ledger_.facts());
  absl::MutexLock lock(&mutex_);
  for (const PendingBatch::Account& account : pending_->accounts()) published_.cells.Set(account.key, account.cell);
  published_.applied = pending_->applied();
  published_.participants = ledger_.participants().size();
  if (published_.first_synthetic.value == 0) published_.first_synthetic = pending_->first_synthetic();
  // The last one goes free with its last reader, outside of this lock or in it: it is small.
  if (reference != nullptr) published_.reference = std::move(reference);
  if (names != nullptr) published_.names = std::move(names);
  if (facts != nullptr) published_.facts = std::move(facts);
  RememberTouched();
  visible_.store(published_.applied.position.value, std::memory_order_release);
}

void BuiltView::RememberTouched() {
  const Position position = published_.applied.position;
  if (touched_.size() + pending_->touched().size() > kTouchedMax) {
    touched_.clear();
    touched_since_ = position;
    return;
  }
  for (const SubjectId& subject : pending_->touched()) touched_.emplace_back(position, subject);
}

}  // namespace sothon::projection
