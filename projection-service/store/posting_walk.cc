#include "projection-service/store/posting_walk.h"

#include <utility>

#include "common/base/big_endian.h"
#include "common/base/strings.h"

namespace sothon::projection {
namespace {

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace

// ---------------------------------------------------------------- postings

PostingWalk::PostingWalk(const StoredView& view, TellDamage tell)
    : blocks_(view.Walk(StoreFamily::kPostings)), tell_(std::move(tell)) {
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
    PostingBlockReader block(first, AsView(blocks_->value()));
    if (block.totals_before() != totals_) tell_(account, first, "the totals before it are not those of its postings");
    PostedChange change;
    while (block.Next(&change)) {
      if (changes_.empty() && change.position != first) tell_(account, first, "does not begin where its key says");
      if (change.position < last_) tell_(account, first, "its postings are not in order of position");
      last_ = change.position;
      totals_[change.counter] += change.change;
      changes_.push_back(change);
    }
    if (block.damaged()) tell_(account, first, "cannot be read");
    if (!changes_.empty()) return;
    if (!block.damaged()) tell_(account, first, "has no posting");
  }
}

// ---------------------------------------------------------------- times

TimesWalk::TimesWalk(const StoredView& view, TellDamage tell)
    : blocks_(view.Walk(StoreFamily::kTimes)), tell_(std::move(tell)) {
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
  runs_.clear();
  run_ = 0;
  for (; blocks_->Valid(); blocks_->Next()) {
    TimesBlock block;
    block.value = AsView(blocks_->value());
    const Position expected = last_.Next();
    Position last;
    const bool readable = DecodeTimesBlockKey(AsView(blocks_->key()), &block.first_us, &block.first) &&
                          VisitTimes(block, &last, [&](Position run, int64_t time_us) {
                            runs_.emplace_back(run, time_us);
                            return true;
                          });
    if (!readable || runs_.empty() || runs_.back().first > last) {
      tell_({}, block.first, "cannot be read");
      runs_.clear();
      continue;
    }
    if (block.first != expected) tell_({}, block.first, StrCat("stands where one from ", expected.value, " should"));
    position_ = block.first;
    last_ = last;
    return;
  }
}

}  // namespace sothon::projection
