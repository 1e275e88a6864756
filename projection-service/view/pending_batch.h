// What was applied since the last commit: the batch that is to be written, and the cells that readers will see then.
//
// Operation
//   Postings go straight into the packed block of their account, so that a commit neither sorts nor copies them, and a
//   million of them take a few bytes each.
// Concurrency
//   Thread-compatible: owned by the applying thread.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "projection-service/ledger/ledger.h"
#include "projection-service/store/store_batch.h"

namespace sothon::projection {

class PendingBatch {
 public:
  struct Account {
    ledger::AccountKey key;
    ledger::Cell cell;  // with everything pending counted
    PostingBlockWriter block;
  };
  using CommittedCounters = absl::FunctionRef<ledger::Counters(ledger::AccountKey)>;

  // The event at the position after the last one added. `committed`: what readers see of an account.
  void Add(const v1::Event& event, std::string_view stored, absl::Span<const ledger::Posting> postings,
           const SubjectId& touched, CommittedCounters committed);
  // Completes the batch. After a commit that failed it is called again, with no Add() in between. `first_synthetic`: of
  // what is committed; 0: none. `last`: the stored bytes of the event added last.
  void Finish(const ledger::Ledger& ledger, Position first_synthetic, std::string_view last);
  // After the commit.
  void Clear();
  // What is stored already; before the first Add().
  void NoteStoredNames(const ledger::Names& names);
  bool names_changed() const { return names_pending_ != names_stored_; }

  // What is to be committed, complete after Finish().
  absl::Span<StoreBatch> parts() { return absl::MakeSpan(parts_); }
  size_t events() const { return events_; }
  // About how much memory is held.
  size_t bytes() const { return parts_[0].bytes() + open_bytes_ + touched_.size() * sizeof(SubjectId); }
  const Applied& applied() const { return applied_; }
  const std::vector<Account>& accounts() const { return accounts_; }
  bool reference_changed() const { return reference_changed_; }
  bool facts_changed() const { return facts_changed_; }
  // Whose history changed, with repeats, in any order.
  absl::Span<const SubjectId> touched() const { return touched_; }
  // The first synthetic event among these; 0: none.
  Position first_synthetic() const { return first_synthetic_; }

 private:
  void AddPostings(Position position, absl::Span<const ledger::Posting> same_account, CommittedCounters committed);
  void SortTouched();
  // Puts the participants that were touched, from index `begin` to before `end`.
  void PutParticipants(const ledger::Participants& participants, size_t begin, size_t end, StoreBatch* part) const;
  void AddTime(Position position, int64_t recorded_at_us);
  void PutNewNames(const ledger::Names& names);

  // The first has everything; when there is much, the second takes half of the participants off it.
  std::array<StoreBatch, 2> parts_;
  absl::flat_hash_map<ledger::AccountKey, uint32_t> index_;  // into accounts_
  std::vector<Account> accounts_;
  std::vector<SubjectId> touched_;  // with repeats
  TimesBlockWriter times_;
  size_t events_ = 0;
  size_t open_bytes_ = 0;
  Applied applied_;
  Position first_synthetic_;
  bool reference_changed_ = false;
  bool facts_changed_ = false;
  // How many names of each kind are stored, and how many will be with this batch.
  std::array<size_t, ledger::Names::kKindCount> names_stored_{};
  std::array<size_t, ledger::Names::kKindCount> names_pending_{};
  bool finished_ = false;
};

}  // namespace sothon::projection
