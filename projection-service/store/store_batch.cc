#include "projection-service/store/store_batch.h"

#include <algorithm>

#include "common/base/big_endian.h"

namespace sothon::projection {
namespace {

// What grew beyond this is given back rather than kept for the next commit.
constexpr size_t kBytesKeptMax = 64 << 10;

}  // namespace

void StoreBatch::Put(StoreFamily family, std::string_view key, std::string_view value) {
  Entries& to = at(family);
  if (to.sorted && !to.entries.empty()) to.sorted = to.KeyOf(to.entries.back()) < key;
  to.entries.push_back({to.bytes.size(), static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size())});
  to.bytes.append(key).append(value);
}

void StoreBatch::PutParticipant(const SubjectId& subject, const ledger::History& history) {
  // There may be hundreds of thousands of them, so their bytes are written where they stay.
  Entries& to = at(StoreFamily::kParticipants);
  if (to.sorted && !to.entries.empty()) to.sorted = to.KeyOf(to.entries.back()) < subject.AsBytes();
  Entry entry{to.bytes.size(), static_cast<uint32_t>(subject.AsBytes().size()), 0};
  to.bytes.append(subject.AsBytes());
  const size_t before = to.bytes.size();
  ledger::AppendHistory(history, &to.bytes);
  entry.value_size = static_cast<uint32_t>(to.bytes.size() - before);
  to.entries.push_back(entry);
}
void StoreBatch::PutCell(ledger::AccountKey account, const ledger::Cell& cell) {
  Put(StoreFamily::kCells, AccountKeyBytes(account), EncodeCell(cell));
}
void StoreBatch::PutPostings(ledger::AccountKey account, const PostingBlockWriter& block) {
  Put(StoreFamily::kPostings, PostingBlockKey(account, block.first()), block.value());
}
void StoreBatch::PutReference(Position position, std::string_view stored) {
  Put(StoreFamily::kReference, BigEndian64(position.value), stored);
}
void StoreBatch::PutTimes(const TimesBlockWriter& block) { Put(StoreFamily::kTimes, block.Key(), block.Value()); }
void StoreBatch::PutApplied(const Applied& applied, std::string_view leaf_hash) {
  Put(StoreFamily::kMeta, kMetaApplied, EncodeApplied(applied, leaf_hash));
}
void StoreBatch::PutFirstSynthetic(Position position) {
  Put(StoreFamily::kMeta, kMetaSynthetic, EncodeNumber(position.value));
}

void StoreBatch::PutName(ledger::Names::Kind kind, uint32_t ordinal, std::string_view name) {
  Put(StoreFamily::kMeta, NameKey(kind, ordinal), name);
}

size_t StoreBatch::bytes() const {
  size_t bytes = 0;
  for (const Entries& family : families_) bytes += family.bytes.size() + family.entries.size() * sizeof(Entry);
  return bytes;
}

void StoreBatch::VisitSorted(StoreFamily family, absl::FunctionRef<bool(std::string_view, std::string_view)> visit) {
  Entries& from = at(family);
  if (!from.sorted) {
    std::stable_sort(from.entries.begin(), from.entries.end(),
                     [&](const Entry& a, const Entry& b) { return from.KeyOf(a) < from.KeyOf(b); });
  }
  for (size_t i = 0; i < from.entries.size(); ++i) {
    const Entry& entry = from.entries[i];
    const bool put_again =
        !from.sorted && i + 1 < from.entries.size() && from.KeyOf(from.entries[i + 1]) == from.KeyOf(entry);
    if (!put_again && !visit(from.KeyOf(entry), from.ValueOf(entry))) return;
  }
}

void StoreBatch::Clear() {
  for (Entries& family : families_) {
    // Clearing, and assigning an empty string, would keep the memory.
    if (family.bytes.capacity() > kBytesKeptMax) std::string().swap(family.bytes);
    if (family.entries.capacity() * sizeof(Entry) > kBytesKeptMax) std::vector<Entry>().swap(family.entries);
    family.bytes.clear();
    family.entries.clear();
    family.sorted = true;
  }
}

}  // namespace sothon::projection
