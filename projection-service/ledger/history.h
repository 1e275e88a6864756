// What the log says of one person: openings, contributions and moves in counting order, and what that adds up to.
//
// Pure. Counting order is by effective date, then position; openings stand before everything else, because they say
// that the person was insured before the log began. docs/counting.md has the rules, the reasons.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/names.h"

namespace sothon::ledger {

// 56 bytes: there may be ten of these for each person in memory.
struct HistoryEntry {
  enum class Kind : uint8_t { kOpening = 0, kContribution = 1, kMove = 2 };

  uint64_t position = 0;
  int64_t paid_vnd = 0;
  uint32_t central_support_vnd = 0;
  uint32_t local_support_vnd = 0;
  CivilDate effective;
  Ordinal place;
  uint16_t from_month = 0;  // CivilMonth::value; contributions: first month paid for; openings: month of the opening
  uint8_t months = 0;       // contributions: months paid for
  Kind kind : 3 = Kind::kContribution;
  uint8_t scheme : 5 = 0;   // v1::Scheme; 0 for moves, which concern every scheme
  CivilDate covered_until;  // openings: the last day covered
  Named named;              // contributions

  CivilMonth FirstMonth() const { return {from_month}; }
  // Contributions and openings: the last month on whose last day the person is covered by this entry alone; before
  // FirstMonth() when there is none. The last day covered: see LastDay().
  CivilMonth LastMonth() const;
  CivilDate LastDay() const;

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};
static_assert(sizeof(HistoryEntry) == 56);

// Entries in counting order.
using History = std::vector<HistoryEntry>;

// True when `a` counts before `b`.
bool CountsBefore(const HistoryEntry& a, const HistoryEntry& b);
// Inserts in counting order.
void Insert(const HistoryEntry& entry, History* history);

// Coverage that ended more than this many days before the next payment's first day makes that payment `returned`.
struct CountingRules {
  int32_t grace_days[16];
  CountingRules();  // 90 for every scheme
};

// What `history` says in `scheme`, as postings (unmerged), each multiplied by `sign` (+1 or -1). A collection is posted
// to its village, and in the same words to its desk, its drive and everybody it is credited to.
// Collections of months before `collections_from` are left out: what a contribution is depends on earlier ones alone,
// so a change in one month leaves the months before it as they were. Covers are always described whole.
void Describe(absl::Span<const HistoryEntry> history, v1::Scheme scheme, const CountingRules& rules, const Names& names,
              int sign, CivilMonth collections_from, std::vector<Posting>* postings);

// Sums postings of equal account and counter, drops zeros, sorts. What is left is the difference between two
// descriptions.
void Consolidate(std::vector<Posting>* postings);

// Stored form, docs/formats/projection.md. Decode: false when `bytes` is not one.
std::string EncodeHistory(const History& history);
bool DecodeHistory(std::string_view bytes, History* history);

}  // namespace sothon::ledger
