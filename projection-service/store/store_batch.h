// What one commit will write.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/cells.h"
#include "projection-service/ledger/history.h"
#include "projection-service/store/formats.h"

namespace sothon::projection {

// Column families; the numbers are ours, the names are stored.
enum class StoreFamily { kMeta, kParticipants, kCells, kPostings, kReference, kTimes };
inline constexpr size_t kStoreFamilyCount = 6;

// Thread-compatible.
class StoreBatch {
 public:
  void PutParticipant(const SubjectId& subject, const ledger::History& history);
  void PutCell(ledger::AccountKey account, const ledger::Cell& cell);
  void PutPostings(ledger::AccountKey account, const PostingBlockWriter& block);
  void PutReference(Position position, std::string_view stored);
  void PutTimes(const TimesBlockWriter& block);
  void PutApplied(const Applied& applied, std::string_view leaf_hash);
  void PutFirstSynthetic(Position position);
  void PutName(ledger::Names::Kind kind, uint32_t ordinal, std::string_view name);

  // About the memory it takes.
  size_t bytes() const;
  bool empty(StoreFamily family) const { return at(family).entries.empty(); }
  // Calls `visit(key, value)` in order of key, with the value put last where a key was put again, until it returns
  // false.
  void VisitSorted(StoreFamily family, absl::FunctionRef<bool(std::string_view, std::string_view)> visit);
  // Forgets everything, and gives back the memory when there is much of it.
  void Clear();

 private:
  struct Entry {
    size_t begin;
    uint32_t key_size;
    uint32_t value_size;
  };
  struct Entries {
    std::string bytes;
    std::vector<Entry> entries;
    bool sorted = true;  // and no key twice
    std::string_view KeyOf(const Entry& entry) const { return {bytes.data() + entry.begin, entry.key_size}; }
    std::string_view ValueOf(const Entry& entry) const {
      return {bytes.data() + entry.begin + entry.key_size, entry.value_size};
    }
  };
  Entries& at(StoreFamily family) { return families_[static_cast<size_t>(family)]; }
  const Entries& at(StoreFamily family) const { return families_[static_cast<size_t>(family)]; }
  void Put(StoreFamily family, std::string_view key, std::string_view value);

  std::array<Entries, kStoreFamilyCount> families_;
};

}  // namespace sothon::projection
