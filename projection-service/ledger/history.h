// What the log says of one person, in counting order, and what that adds up to.
//
// Pure. Counting order is by effective date, then position; openings stand before everything else, because they say
// that the person was insured before the log began. docs/counting.md has the rules, the reasons. A contribution that
// was reversed stays, as withdrawn: it counts for nothing, and tells what was known before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/names.h"

namespace sothon::ledger {

// 72 bytes: there may be ten of these for each person in memory.
struct HistoryEntry {
  // Numbers are stored: only add.
  enum class Kind : uint8_t {
    kOpening = 0,
    kContribution = 1,
    kMove = 2,
    kCertificate = 3,     // a book or card was handed out (plan#58)
    kClassification = 4,  // the person belongs to a group of people (plan#61)
    kWithdrawn = 5,       // a contribution, reversed at `withdrawn_at`
  };

  uint64_t position = 0;
  uint64_t withdrawn_at = 0;  // kWithdrawn
  int64_t paid_vnd = 0;
  uint32_t central_support_vnd = 0;
  uint32_t local_support_vnd = 0;
  // Of contributions; what is more than fits is kept as the largest that does, which is beyond every rate there is.
  uint32_t due_vnd = 0;
  uint32_t income_base_vnd = 0;
  CivilDate effective;
  Ordinal place;
  uint16_t from_month = 0;  // CivilMonth::value; contributions: first month paid for; openings: month of the opening
  uint8_t months = 0;       // contributions: months paid for
  Kind kind : 3 = Kind::kContribution;
  uint8_t scheme : 5 = 0;   // v1::Scheme; 0 for moves and classifications, which concern every scheme
  CivilDate covered_until;  // openings: the last day covered; classifications: the last day it holds
  Named named;              // contributions
  uint16_t group = 0;       // classifications: the ordinal of the group's name
  uint8_t declared = 0;     // contributions: v1::Declared

  // Whether it covers the person, and so counts in its scheme.
  bool Covers() const { return kind <= Kind::kContribution; }
  CivilMonth FirstMonth() const { return {from_month}; }
  // Contributions and openings: the last month on whose last day the person is covered by this entry alone; before
  // FirstMonth() when there is none. The last day covered: see LastDay().
  CivilMonth LastMonth() const;
  CivilDate LastDay() const;

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};
static_assert(sizeof(HistoryEntry) == 72);

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

// What stands before a collection in the same scheme.
struct Standing {
  uint32_t steps = 0;       // openings and contributions
  CivilDate covered_until;  // the latest last day among them; meaningful when there are any
  CivilMonth counted{-1};   // the month of the newest contribution
};

// What a contribution is that counts behind `standing`: the one place that says so.
inline Counter WhatIs(const HistoryEntry& contribution, const Standing& standing, const CountingRules& rules) {
  if (contribution.effective.Month() == standing.counted) return Counter::kRepeat;
  if (standing.steps == 0) return Counter::kFirst;
  const int32_t gap_days = CivilDate::FirstOf(contribution.FirstMonth()).value - (standing.covered_until.value + 1);
  return gap_days > rules.grace_days[contribution.scheme] ? Counter::kReturned : Counter::kRenewed;
}

// Visits the openings and contributions of `history` in `scheme`, in counting order: visit(entry, what, standing),
// where `what` is WhatIs() of a contribution, and has no meaning for openings.
template <typename Visit>
void ForEachStep(absl::Span<const HistoryEntry> history, v1::Scheme scheme, const CountingRules& rules, Visit visit) {
  Standing standing;
  for (const HistoryEntry& entry : history) {
    if (entry.scheme != scheme || !entry.Covers()) continue;
    if (entry.kind == HistoryEntry::Kind::kContribution) {
      visit(entry, WhatIs(entry, standing, rules), standing);
      standing.counted = entry.effective.Month();
    } else {
      visit(entry, Counter::kRenewed, standing);
    }
    const CivilDate last = entry.LastDay();
    if (standing.steps == 0 || last > standing.covered_until) standing.covered_until = last;
    ++standing.steps;
  }
}

// Where a person lives, as far as a scheme and the moves tell: ascending steps; the first one also holds for every day
// before it. Empty when the scheme has no entry. A month is counted where its last day finds the person.
struct ResidenceStep {
  CivilDate from;
  Ordinal place;
};
using Residence = absl::InlinedVector<ResidenceStep, 8>;
Residence ResidenceOf(absl::Span<const HistoryEntry> history, v1::Scheme scheme);

// `history` as it was after the event at `as_of`.
History AsOf(absl::Span<const HistoryEntry> history, Position as_of);

// What `history` says in `scheme`, as postings (unmerged), each multiplied by `sign` (+1 or -1). A collection is posted
// to its village, and in the same words to its desk, its drive and everybody it is credited to.
// Collections of months before `collections_from` are left out: what a contribution is depends on earlier ones alone,
// so a change in one month leaves the months before it as they were. Covers are always described whole.
void Describe(absl::Span<const HistoryEntry> history, v1::Scheme scheme, const CountingRules& rules, const Names& names,
              int sign, CivilMonth collections_from, std::vector<Posting>* postings);

// The difference that a contribution makes which counts behind everything else of its scheme, begins after all of it,
// and is paid where the person lives anyway: by far the most of them. False, and nothing is appended, where it is not
// such a one; then describe the history before and after. `history` is without it.
bool DescribeNext(absl::Span<const HistoryEntry> history, const HistoryEntry& contribution, const CountingRules& rules,
                  const Names& names, std::vector<Posting>* postings);

// Sums postings of equal account and counter, drops zeros, sorts. What is left is the difference between two
// descriptions.
void Consolidate(std::vector<Posting>* postings);

// Stored form, docs/formats/projection.md. Decode: false when `bytes` is not one.
std::string EncodeHistory(const History& history);
void AppendHistory(const History& history, std::string* out);
bool DecodeHistory(std::string_view bytes, History* history);

}  // namespace sothon::ledger
