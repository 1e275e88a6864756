#include "projection-service/view/pending_batch.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "common/base/big_endian.h"
#include "common/event/event_kind.h"

namespace sothon::projection {
namespace {

// So much is unpacked at most to answer what an account was at a position.
constexpr size_t kBlockEventsMax = 256;
constexpr size_t kTimesBlockChangesMax = 1024;
constexpr size_t kPrefetchAhead = 8;
constexpr int kBucketBits = 16;
constexpr size_t kDealtMin = 10'000;

// As two numbers: comparing bytes in a call costs more than all the rest of the sorting.
std::pair<uint64_t, uint64_t> InOrder(const SubjectId& id) {
  return {ReadBigEndian64(id.AsBytes()), ReadBigEndian64(id.AsBytes().substr(8))};
}

}  // namespace

void PendingBatch::Add(const v1::Event& event, std::string_view stored, absl::Span<const ledger::Posting> postings,
                       const SubjectId& touched, CommittedCounters committed) {
  const Position position{event.position()};
  finished_ = false;
  while (!postings.empty()) {
    size_t same = 1;
    while (same < postings.size() && postings[same].account == postings[0].account) ++same;
    AddPostings(position, postings.subspan(0, same), committed);
    postings.remove_prefix(same);
  }
  if (!touched.IsZero()) touched_.push_back(touched);
  if (IsFactKind(event.kind_case())) {
    parts_[0].PutReference(position, stored);
    facts_changed_ = true;
    reference_changed_ |= IsReferenceKind(event.kind_case());
  }
  if (event.synthetic() && first_synthetic_.value == 0) first_synthetic_ = position;
  AddTime(position, event.recorded_at_us());
  applied_ = {position, event.recorded_at_us()};
  ++events_;
}

void PendingBatch::AddPostings(Position position, absl::Span<const ledger::Posting> same_account,
                               CommittedCounters committed) {
  const ledger::AccountKey key = same_account.front().account;
  const auto [slot, is_new] = index_.try_emplace(key, static_cast<uint32_t>(accounts_.size()));
  if (is_new) accounts_.push_back({key, {committed(key), {}}, {}});
  Account& account = accounts_[slot->second];
  const size_t before = account.block.value().size();
  if (account.block.empty()) account.block.Begin(position, account.cell.counters);
  account.block.Append(position, same_account);
  for (const ledger::Posting& posting : same_account) account.cell.counters[posting.counter] += posting.change;
  account.cell.last_change = position;
  open_bytes_ += account.block.value().size() - before;
  if (account.block.events() < kBlockEventsMax) return;
  open_bytes_ -= account.block.value().size();
  parts_[0].PutPostings(key, account.block);
  account.block.Clear();
}

void PendingBatch::AddTime(Position position, int64_t recorded_at_us) {
  times_.Append(position, recorded_at_us);
  if (times_.changes() < kTimesBlockChangesMax) return;
  parts_[0].PutTimes(times_);
  times_.Clear();
}

// In order of key, which is the cheapest order to write in, and each once. The ids are random, so dealing them out by
// their first bits leaves little to sort; a plain sort of a million takes as long as folding a third of them.
void PendingBatch::SortTouched() {
  const auto bucket_of = [](const SubjectId& id) { return ReadBigEndian64(id.AsBytes()) >> (64 - kBucketBits); };
  std::vector<uint32_t> ends((size_t{1} << kBucketBits) + 1);
  for (const SubjectId& id : touched_) ++ends[bucket_of(id) + 1];
  for (size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<SubjectId> dealt(touched_.size());
  for (const SubjectId& id : touched_) dealt[ends[bucket_of(id)]++] = id;
  size_t begin = 0;
  touched_.clear();
  for (const uint32_t end : ends) {
    const auto first = dealt.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = dealt.begin() + static_cast<std::ptrdiff_t>(end);
    if (begin < end) {
      std::sort(first, last, [](const SubjectId& a, const SubjectId& b) { return InOrder(a) < InOrder(b); });
      touched_.insert(touched_.end(), first, std::unique(first, last));
    }
    begin = std::max<size_t>(begin, end);
  }
}

void PendingBatch::PutParticipants(const ledger::Participants& participants, size_t begin, size_t end,
                                   StoreBatch* part) const {
  for (size_t i = begin; i < end; ++i) {
    // Histories lie all over the memory; asking for one a little ahead hides most of the way to it.
    if (i + kPrefetchAhead < end) participants.prefetch(touched_[i + kPrefetchAhead]);
    part->PutParticipant(touched_[i], participants.at(touched_[i]));
  }
}

void PendingBatch::Finish(const ledger::Ledger& ledger, Position first_synthetic, std::string_view last) {
  if (finished_) return;
  finished_ = true;
  const ledger::Participants& participants = ledger.participants();
  if (touched_.size() >= kDealtMin) {
    SortTouched();
    const size_t middle = touched_.size() / 2;
    std::thread second([&] { PutParticipants(participants, middle, touched_.size(), &parts_[1]); });
    PutParticipants(participants, 0, middle, &parts_[0]);
    second.join();
  } else {
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    PutParticipants(participants, 0, touched_.size(), &parts_[0]);
  }
  for (const Account& account : accounts_) {
    parts_[0].PutCell(account.key, account.cell);
    if (!account.block.empty()) parts_[0].PutPostings(account.key, account.block);
  }
  if (!times_.empty()) parts_[0].PutTimes(times_);
  if (first_synthetic.value == 0 && first_synthetic_.value != 0) parts_[0].PutFirstSynthetic(first_synthetic_);
  PutNewNames(ledger.names());
  parts_[0].PutApplied(applied_, LeafHash(last));
}

void PendingBatch::NoteStoredNames(const ledger::Names& names) {
  for (size_t i = 0; i < ledger::Names::kKindCount; ++i) {
    names_stored_[i] = names.All(static_cast<ledger::Names::Kind>(i)).size();
  }
  names_pending_ = names_stored_;
}

void PendingBatch::PutNewNames(const ledger::Names& names) {
  for (size_t i = 0; i < ledger::Names::kKindCount; ++i) {
    const auto kind = static_cast<ledger::Names::Kind>(i);
    const std::vector<std::string>& all = names.All(kind);
    for (size_t n = names_stored_[i]; n < all.size(); ++n) parts_[0].PutName(kind, static_cast<uint32_t>(n), all[n]);
    names_pending_[i] = all.size();
  }
}

void PendingBatch::Clear() {
  names_stored_ = names_pending_;
  for (StoreBatch& part : parts_) part.Clear();
  index_.clear();
  // What gathered while catching up is given back; what one live batch needs is kept.
  constexpr size_t kKept = 4096;
  if (accounts_.capacity() > kKept) std::vector<Account>().swap(accounts_);
  if (touched_.capacity() > kKept) std::vector<SubjectId>().swap(touched_);
  accounts_.clear();
  touched_.clear();
  times_.Clear();
  events_ = 0;
  open_bytes_ = 0;
  first_synthetic_ = {};
  reference_changed_ = false;
  facts_changed_ = false;
  finished_ = false;
}

}  // namespace sothon::projection
