// Postings and recorded times of a stored view, one after the other, however they were cut into blocks: a projection
// that was fed event by event has others than one that was rebuilt. What is wrong with a block itself is told, once,
// and what it says of positions beyond the last one there can be is left out, so a walk is no longer than the log.
//
// Thread-compatible. The view is borrowed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "projection-service/store/format_checks.h"
#include "projection-service/store/stored_view.h"

namespace sothon::projection {

// Told what is wrong: with the block that begins at a position of an account (of the times: no account).
using TellDamage = std::function<void(ledger::AccountKey account, Position block, const std::string& what)>;

class PostingWalk {
 public:
  // `end`: the last position that there can be.
  PostingWalk(const StoredView& view, Position end, TellDamage tell);

  bool at_end() const { return at_ == changes_.size(); }
  ledger::AccountKey account() const { return account_; }
  const PostedChange& change() const { return changes_[at_]; }
  void Next();
  const rocksdb::Iterator& blocks() const { return *blocks_; }

 private:
  void ReadBlock();
  // Takes the postings of a block; what is wrong with it, empty: nothing.
  std::string TakeBlock(Position first, std::string_view value);

  const std::unique_ptr<rocksdb::Iterator> blocks_;
  const Position end_;
  const TellDamage tell_;
  ledger::AccountKey account_;
  ledger::Counters totals_;            // of the account, up to the last block read
  Position last_;                      // of the account's last posting read
  std::vector<PostedChange> changes_;  // of the block
  size_t at_ = 0;
};

class TimesWalk {
 public:
  // `end`: as above.
  TimesWalk(const StoredView& view, Position end, TellDamage tell);

  bool at_end() const { return runs_.empty(); }
  // Of the positions up to `last`.
  Position position() const { return position_; }
  int64_t recorded_at_us() const { return runs_[run_].second; }
  void Next();
  const rocksdb::Iterator& blocks() const { return *blocks_; }

 private:
  void ReadBlock();
  // Takes the block that should begin at `expected`. False: nothing of it is of use, and that is told.
  bool TakeBlock(Position expected);

  const std::unique_ptr<rocksdb::Iterator> blocks_;
  const Position end_;
  const TellDamage tell_;
  std::vector<std::pair<Position, int64_t>> runs_;  // of the block; empty: at the end
  size_t run_ = 0;
  Position position_;
  Position last_;
};

}  // namespace sothon::projection
