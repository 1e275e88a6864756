#include "projection-service/store/posting_walk.h"

#include <algorithm>
#include <utility>

#include "common/base/big_endian.h"
#include "common/base/strings.h"

namespace sothon::projection {
namespace {

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Figures that somebody made up may be too large to be added.
void Add(int64_t change, int64_t* total) {
  *total = static_cast<int64_t>(static_cast<uint64_t>(*total) + static_cast<uint64_t>(change));
}

}  // namespace

// ---------------------------------------------------------------- postings

PostingWalk::PostingWalk(const StoredView& view, Position end, TellDamage tell)
    : blocks_(view.Walk(StoreFamily::kPostings)), end_(end), tell_(std::move(tell)) {
  blocks_->SeekToFirst();
  ReadBlock();
}

void PostingWalk::Next() {
  if (++at_ < changes_.size()) return;
  blocks_->Next();
  ReadBlock();
}

// Goes on to the first block that has postings.
void PostingWalk::ReadBlock() {
  changes_.clear();
  at_ = 0;
  for (; blocks_->Valid(); blocks_->Next()) {
    if (blocks_->key().size() != 16) {
      tell_({}, {}, "a block of postings has a key that is none");
      continue;
    }
    const ledger::AccountKey account(ReadBigEndian64(AsView(blocks_->key())));
    const Position first{ReadBigEndian64(AsView(blocks_->key()).substr(8))};
    if (account != account_) {
      account_ = account;
      totals_ = {};
      last_ = {};
    }
    const std::string wrong = TakeBlock(first, AsView(blocks_->value()));
    if (!wrong.empty()) tell_(account, first, wrong);
    if (!changes_.empty()) return;
  }
}

std::string PostingWalk::TakeBlock(Position first, std::string_view value) {
  PostingBlockReader block(first, value);
  std::string wrong;
  const auto note = [&](bool is_wrong, const char* what) {
    if (is_wrong && wrong.empty()) wrong = what;
  };
  note(block.totals_before() != totals_, "the totals before it are not those of its postings");
  PostedChange change;
  bool is_first = true;
  while (block.Next(&change)) {
    note(is_first && change.position != first, "does not begin where its key says");
    note(change.position < last_, "its postings are not in order of position");
    is_first = false;
    last_ = change.position;
    Add(change.change, &totals_[change.counter]);
    if (change.position <= end_) {
      changes_.push_back(change);
    } else if (wrong.empty()) {
      wrong = StrCat("has postings of position ", change.position.value, ", the events end at ", end_.value);
    }
  }
  note(block.damaged(), "cannot be read");
  note(is_first, "has no posting");
  return wrong;
}

// ---------------------------------------------------------------- times

TimesWalk::TimesWalk(const StoredView& view, Position end, TellDamage tell)
    : blocks_(view.Walk(StoreFamily::kTimes)), end_(end), tell_(std::move(tell)) {
  blocks_->SeekToFirst();
  ReadBlock();
}

void TimesWalk::Next() {
  if (position_ < last_) {
    position_ = position_.Next();
    while (run_ + 1 < runs_.size() && runs_[run_ + 1].first <= position_) ++run_;
    return;
  }
  blocks_->Next();
  ReadBlock();
}

void TimesWalk::ReadBlock() {
  for (; blocks_->Valid(); blocks_->Next()) {
    if (TakeBlock(last_.Next())) return;
  }
  runs_.clear();
}

bool TimesWalk::TakeBlock(Position expected) {
  runs_.clear();
  run_ = 0;
  TimesBlock block;
  block.value = AsView(blocks_->value());
  Position last;
  const bool readable = DecodeTimesBlockKey(AsView(blocks_->key()), &block.first_us, &block.first) &&
                        VisitTimes(block, &last, [&](Position run, int64_t time_us) {
                          runs_.emplace_back(run, time_us);
                          return true;
                        });
  if (!readable) {
    tell_({}, block.first, "cannot be read");
    return false;
  }
  if (last > end_) {
    tell_({}, block.first, StrCat("reaches to position ", last.value, ", the events end at ", end_.value));
  } else if (block.first != expected) {
    tell_({}, block.first, StrCat("stands where one from ", expected.value, " should"));
  }
  // Positions ascend, whatever the keys say.
  if (block.first < expected || block.first > end_) return false;
  position_ = block.first;
  last_ = std::min(last, end_);
  return true;
}

}  // namespace sothon::projection
