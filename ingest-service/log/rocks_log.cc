#include "ingest-service/log/rocks_log.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/log/event_block.h"

namespace sothon::ingest {
namespace {

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

// Reads longer than this fetch ahead, and leave the block cache to the look-ups.
constexpr uint64_t kLongRead = 1'000;
constexpr size_t kReadaheadBytes = 2 << 20;

constexpr absl::Duration kIndexRoomWithin = absl::Seconds(10);

absl::Status Lacks(Position position) {
  return absl::DataLossError(StrCat("the event log lacks position ", position.value));
}

}  // namespace

absl::StatusOr<LogIndex> RocksLog::Index() const {
  SOTHON_ASSIGN_OR_RETURN(ReopenableDb::HandlePtr handle, db_->Acquire());
  return LogIndex(std::move(handle));
}

absl::StatusOr<std::vector<AppendOutcome>> RocksLog::Append(absl::Span<const PreparedRequest* const> requests,
                                                            int64_t now_us) {
  absl::StatusOr<LogIndex> stored = MakeReady();
  if (!stored.ok()) return absl::AbortedError(stored.status().message());
  std::vector<AppendOutcome> outcomes;
  const absl::Status decided = Decide(requests, &*stored, &outcomes);
  if (!decided.ok()) return absl::AbortedError(decided.message());
  if (!decider_.accepted().empty()) {
    const int64_t recorded_at_us = std::max(now_us, HeadRecordedAtUs());
    SOTHON_RETURN_IF_ERROR(WriteAccepted(*stored, recorded_at_us));
    IndexAccepted();
    PublishHead(decider_.accepted().back().position, recorded_at_us);
    keys_.Teach(&gaps_.event_ids, &gaps_.receipts, *stored);
  }
  return outcomes;
}

absl::StatusOr<LogIndex> RocksLog::MakeReady() {
  SOTHON_RETURN_IF_ERROR(Recover());
  SOTHON_RETURN_IF_ERROR(keys_.AwaitRoom(kIndexRoomWithin));
  return Index();
}

absl::Status RocksLog::Decide(absl::Span<const PreparedRequest* const> requests, LogIndex* stored,
                              std::vector<AppendOutcome>* outcomes) {
  decider_.Begin(stored, Head());
  outcomes->reserve(requests.size());
  for (const PreparedRequest* request : requests) {
    outcomes->emplace_back();
    SOTHON_RETURN_IF_ERROR(decider_.Decide(*request, &outcomes->back()));
  }
  return absl::OkStatus();
}

absl::Status RocksLog::WriteAccepted(const LogIndex& stored, int64_t recorded_at_us) {
  batch_.Clear();
  block_.clear();
  tree_.Begin();
  const absl::Span<const BatchDecider::NewEvent> accepted = decider_.accepted();
  for (const BatchDecider::NewEvent& added : accepted) {
    tree_.Add(AppendToEventBlock(added.position, recorded_at_us, added.event->body, &block_),
              stored.family(LogFamily::kTree), &batch_);
    const bool last = &added == &accepted.back();
    if (last || block_.size() >= kEventBlockBytes) {
      batch_.Put(stored.family(LogFamily::kEvents), BigEndian64(added.position.value), block_);
      block_.clear();
    }
    if (added.event->is_reference) {
      batch_.Put(stored.family(LogFamily::kReference), BigEndian64(added.position.value), rocksdb::Slice());
    }
  }
  for (const auto& [name, state] : decider_.streams()) {
    batch_.Put(stored.family(LogFamily::kStreams), name, EncodeStreamState(state));
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  SOTHON_RETURN_IF_ERROR(db_->Write(options, &batch_));
  tree_.Commit();
  return absl::OkStatus();
}

void RocksLog::IndexAccepted() {
  new_keys_.clear();
  for (const BatchDecider::NewEvent& added : decider_.accepted()) {
    const PreparedEvent& event = *added.event;
    new_keys_.push_back({event.event_id, event.receipt_key, event.reverses, added.position});
  }
  keys_.Add(new_keys_);
}

AppendOutcome RocksLog::Check(const PreparedRequest& request) {
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  BatchDecider decider(&keys_, nullptr);
  const Position head = Head();
  decider.Begin(&stored, head);
  AppendOutcome outcome;
  SOTHON_RETURN_IF_ERROR(decider.Decide(request, &outcome));
  if (outcome.ok()) {
    for (AppendedEvent& event : *outcome) {
      if (event.position > head) event.position = {};
    }
  }
  return outcome;
}

void RocksLog::PublishHead(Position head, int64_t recorded_at_us) {
  absl::MutexLock lock(&wait_mutex_);
  head_recorded_at_us_.store(recorded_at_us, std::memory_order_release);
  head_.store(head.value, std::memory_order_release);
  head_moved_.SignalAll();
}

Position RocksLog::AwaitBeyond(Position position, absl::Duration timeout) const {
  const absl::Time deadline = absl::Now() + timeout;
  absl::MutexLock lock(&wait_mutex_);
  while (!interrupted_ && Head() <= position) {
    if (head_moved_.WaitWithDeadline(&wait_mutex_, deadline)) break;
  }
  return Head();
}

void RocksLog::Interrupt() {
  absl::MutexLock lock(&wait_mutex_);
  interrupted_ = true;
  head_moved_.SignalAll();
}

absl::Status RocksLog::Read(Position from, Position to,
                            absl::FunctionRef<bool(Position, std::string_view)> visit) const {
  return ReadEvents(std::max(from, Position{1}), std::min(to, Head()), visit);
}

absl::Status RocksLog::ReadEvents(Position from, Position to,
                                  absl::FunctionRef<bool(Position, std::string_view)> visit) const {
  if (from > to) return absl::OkStatus();
  SOTHON_ASSIGN_OR_RETURN(const LogIndex stored, Index());
  rocksdb::ReadOptions options;
  if (to.value - from.value >= kLongRead) {
    options.fill_cache = false;
    options.readahead_size = kReadaheadBytes;
  }
  const std::unique_ptr<rocksdb::Iterator> blocks(
      stored.handle().db()->NewIterator(options, stored.family(LogFamily::kEvents)));
  Position expected = from;
  for (blocks->Seek(BigEndian64(from.value)); blocks->Valid() && expected <= to; blocks->Next()) {
    EventBlockReader events({blocks->value().data(), blocks->value().size()});
    while (expected <= to) {
      SOTHON_ASSIGN_OR_RETURN(const std::string_view event, events.Next());
      if (event.empty()) break;
      const Position position = PositionOfStored(event);
      if (position < expected) continue;  // before `from`, in the first block
      if (position != expected) return Lacks(expected);
      if (!visit(position, event)) return absl::OkStatus();
      expected = expected.Next();
    }
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(blocks->status(), "read the event log"));
  return expected <= to ? Lacks(expected) : absl::OkStatus();
}

absl::StatusOr<std::string> RocksLog::Get(Position position) const {
  const Position head = Head();
  if (position.value == 0 || position > head) {
    return absl::NotFoundError(StrCat("no event at position ", position.value, "; the log ends at ", head.value));
  }
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  SOTHON_ASSIGN_OR_RETURN(const std::string_view event, stored.Event(position));
  return std::string(event);
}

absl::StatusOr<std::vector<merkle::Hash>> RocksLog::ReadTile(const merkle::Tile& tile) const {
  SOTHON_ASSIGN_OR_RETURN(const LogIndex stored, Index());
  return tree_.ReadTile(tile, stored);
}

absl::StatusOr<std::vector<Position>> RocksLog::ReferencePositions(Position from, Position to) const {
  std::vector<Position> positions;
  to = std::min(to, Head());
  if (from > to) return positions;
  SOTHON_ASSIGN_OR_RETURN(const LogIndex stored, Index());
  const std::string end = BigEndian64(to.value + 1);
  const rocksdb::Slice end_slice(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end_slice;
  const std::unique_ptr<rocksdb::Iterator> keys(
      stored.handle().db()->NewIterator(options, stored.family(LogFamily::kReference)));
  for (keys->Seek(BigEndian64(from.value)); keys->Valid(); keys->Next()) {
    positions.push_back({ReadBigEndian64({keys->key().data(), keys->key().size()})});
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(keys->status(), "read the event log"));
  return positions;
}

absl::StatusOr<std::optional<Position>> RocksLog::FindEventId(std::string_view event_id) const {
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  return keys_.FindEventId(event_id, &stored);
}

absl::StatusOr<std::optional<Position>> RocksLog::FindReceipt(std::string_view receipt_key) const {
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  return keys_.FindReceipt(receipt_key, &stored);
}

absl::StatusOr<std::optional<Position>> RocksLog::FindReversal(Position position) const {
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  return keys_.FindReversal(position, &stored);
}

absl::StatusOr<Position> RocksLog::LoadOutboxCursor() const {
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> cursor, stored.FindMeta(kOutboxCursorKey));
  if (!cursor) return Position{};
  if (cursor->size() != 8) return absl::DataLossError("the event log's outbox cursor is no position");
  return Position{ReadBigEndian64(*cursor)};
}

absl::Status RocksLog::StoreOutboxCursor(Position position) {
  rocksdb::WriteBatch batch;
  batch.Put(ToSlice(kOutboxCursorKey), BigEndian64(position.value));
  return db_->Write(rocksdb::WriteOptions(), &batch);
}

}  // namespace sothon::ingest
