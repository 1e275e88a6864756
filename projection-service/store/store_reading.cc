// Store: the past of a projection, read from its posting and time blocks.
#include <string>
#include <utility>

#include "common/base/big_endian.h"
#include "common/status/status.h"
#include "projection-service/store/store.h"
#include "rocksdb/db.h"

namespace sothon::projection {
namespace {

constexpr uint64_t kLastPosition = ~uint64_t{0};

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

bool IsBlockOf(ledger::AccountKey account, const rocksdb::Slice& key) {
  return key.size() == 16 && ReadBigEndian64(AsView(key)) == account.packed();
}
Position FirstOfBlock(const rocksdb::Slice& key) { return {ReadBigEndian64(AsView(key).substr(8))}; }

// The block of times at `it`; false when its key is no key.
bool BlockAt(const rocksdb::Iterator& it, TimesBlock* block) {
  block->value = AsView(it.value());
  return DecodeTimesBlockKey(AsView(it.key()), &block->first_us, &block->first);
}

}  // namespace

absl::StatusOr<ledger::Counters> Store::TotalsAsOf(ledger::AccountKey account, Position as_of) const {
  absl::ReaderMutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(CheckOpen());
  const auto it = Iterate(StoreFamily::kPostings, rocksdb::ReadOptions());
  it->SeekForPrev(PostingBlockKey(account, as_of));
  SOTHON_RETURN_IF_ERROR(FromRocks(it->status(), "read the postings of"));
  if (!it->Valid() || !IsBlockOf(account, it->key())) return ledger::Counters{};
  PostingBlockReader block(FirstOfBlock(it->key()), AsView(it->value()));
  ledger::Counters totals = block.totals_before();
  PostedChange change;
  while (block.Next(&change) && change.position <= as_of) totals[change.counter] += change.change;
  if (block.damaged()) return Damaged("a block of postings");
  return totals;
}

absl::Status Store::ReadPostings(absl::Span<PostingsCursor* const> cursors, Position as_of,
                                 absl::FunctionRef<void(size_t cursor, const PostedChange&)> visit) const {
  absl::ReaderMutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(CheckOpen());
  const auto it = Iterate(StoreFamily::kPostings, rocksdb::ReadOptions());
  for (size_t i = 0; i < cursors.size(); ++i) {
    PostingsCursor& cursor = *cursors[i];
    it->Seek(PostingBlockKey(cursor.account, cursor.after.Next()));
    SOTHON_RETURN_IF_ERROR(FromRocks(it->status(), "read the postings of"));
    if (!it->Valid() || !IsBlockOf(cursor.account, it->key()) || FirstOfBlock(it->key()) > as_of) continue;
    cursor.after = FirstOfBlock(it->key());
    PostingBlockReader block(cursor.after, AsView(it->value()));
    PostedChange change;
    while (block.Next(&change) && change.position <= as_of) visit(i, change);
    if (block.damaged()) return Damaged("a block of postings");
  }
  return absl::OkStatus();
}

absl::StatusOr<Position> Store::PositionAt(int64_t at_us) const {
  if (at_us < 0) return Position{0};
  absl::ReaderMutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(CheckOpen());
  const auto it = Iterate(StoreFamily::kTimes, rocksdb::ReadOptions());
  it->SeekForPrev(TimesBlockKey(at_us, {kLastPosition}));
  SOTHON_RETURN_IF_ERROR(FromRocks(it->status(), "read the recorded times of"));
  if (!it->Valid()) return Position{0};
  TimesBlock block;
  Position position;
  if (!BlockAt(*it, &block) || !LastPositionInBlock(block, at_us, &position)) return Damaged("a block of times");
  return position;
}

absl::StatusOr<int64_t> Store::RecordedAt(Position position) const {
  if (position.value == 0) return 0;
  absl::ReaderMutexLock lock(&mutex_);
  SOTHON_RETURN_IF_ERROR(CheckOpen());
  const auto it = Iterate(StoreFamily::kTimes, rocksdb::ReadOptions());
  // Times never go back, so blocks sort by position as they sort by time. The last block that begins at or before
  // `position` is found by bisecting the times, and no second index is needed.
  TimesBlock block;
  it->SeekToLast();
  if (it->Valid() && !BlockAt(*it, &block)) return Damaged("a block of times");
  int64_t low = 0;
  int64_t high = block.first_us;
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    it->SeekForPrev(TimesBlockKey(middle, position));
    if (it->Valid() && !BlockAt(*it, &block)) return Damaged("a block of times");
    if (it->Valid() && block.first > position) {
      high = middle - 1;
    } else {
      low = middle;
    }
  }
  it->SeekForPrev(TimesBlockKey(low, position));
  SOTHON_RETURN_IF_ERROR(FromRocks(it->status(), "read the recorded times of"));
  int64_t recorded_at_us = 0;
  if (!it->Valid() || !BlockAt(*it, &block) || !RecordedTimeInBlock(block, position, &recorded_at_us)) {
    return Damaged("no recorded time of a position");
  }
  return recorded_at_us;
}

}  // namespace sothon::projection
