#include "projection-service/ledger/history.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace sothon::ledger {
namespace {

using Kind = HistoryEntry::Kind;

auto CountingOrder(const HistoryEntry& entry) {
  return std::tuple(entry.kind != Kind::kOpening, entry.effective.value, entry.position);
}

void Emit(AccountKey account, Counter counter, int64_t change, std::vector<Posting>* postings) {
  if (change != 0) postings->push_back({account, counter, change});
}

AccountKey VillageAccount(Ordinal place, v1::Scheme scheme, CivilMonth month) {
  return AccountKey(Dimension::kVillage, place, scheme, month);
}

// One collection, in every dimension.
void DescribeCollection(const HistoryEntry& entry, Counter counter, const Names& names, int sign,
                        std::vector<Posting>* postings) {
  const auto post = [&](Dimension dimension, Ordinal ordinal) {
    const AccountKey account(dimension, ordinal, static_cast<v1::Scheme>(entry.scheme), entry.effective.Month());
    Emit(account, counter, sign, postings);
    Emit(account, Counter::kPaidVnd, sign * entry.paid_vnd, postings);
    Emit(account, Counter::kCentralSupportVnd, sign * static_cast<int64_t>(entry.central_support_vnd), postings);
    Emit(account, Counter::kLocalSupportVnd, sign * static_cast<int64_t>(entry.local_support_vnd), postings);
  };
  post(Dimension::kVillage, entry.place);
  if (entry.named.desk != 0) post(Dimension::kDesk, {entry.named.desk - 1});
  if (entry.named.drive != 0) post(Dimension::kDrive, {entry.named.drive - 1});
  for (const Ordinal party : names.CreditList(entry.named.credits)) post(Dimension::kCredited, party);
}

// first, returned, renewed or repeat, and the money, month by month.
void DescribeCollections(absl::Span<const HistoryEntry> history, v1::Scheme scheme, const CountingRules& rules,
                         const Names& names, int sign, CivilMonth from, std::vector<Posting>* postings) {
  ForEachStep(history, scheme, rules, [&](const HistoryEntry& entry, Counter what, const Standing&) {
    if (entry.kind != Kind::kContribution || entry.effective.Month() < from) return;
    DescribeCollection(entry, what, names, sign, postings);
  });
}

// One posting at the month a cover begins, one at the month after it ended; a change of residence in between ends the
// cover in one village and begins it in the other.
void DescribeCovers(absl::Span<const HistoryEntry> history, v1::Scheme scheme, int sign,
                    std::vector<Posting>* postings) {
  absl::InlinedVector<MonthRange, 8> covers;
  for (const HistoryEntry& entry : history) {
    if (entry.scheme != scheme || !entry.Covers()) continue;
    const MonthRange cover{entry.FirstMonth(), entry.LastMonth()};
    if (cover.first <= cover.last) covers.push_back(cover);
  }
  if (covers.empty()) return;
  std::sort(covers.begin(), covers.end());
  const Residence residence = ResidenceOf(history, scheme);

  size_t step = 0;
  for (size_t i = 0; i < covers.size();) {
    MonthRange run = covers[i];
    for (++i; i < covers.size() && covers[i].first <= run.last.Plus(1); ++i)
      run.last = std::max(run.last, covers[i].last);
    while (step + 1 < residence.size() && residence[step + 1].from.Month() <= run.first) ++step;
    Emit(VillageAccount(residence[step].place, scheme, run.first), Counter::kActiveChange, sign, postings);
    while (step + 1 < residence.size() && residence[step + 1].from.Month() <= run.last) {
      const CivilMonth moved = residence[step + 1].from.Month();
      Emit(VillageAccount(residence[step].place, scheme, moved), Counter::kActiveChange, -sign, postings);
      ++step;
      Emit(VillageAccount(residence[step].place, scheme, moved), Counter::kActiveChange, sign, postings);
    }
    Emit(VillageAccount(residence[step].place, scheme, run.last.Plus(1)), Counter::kActiveChange, -sign, postings);
  }
}

}  // namespace

CivilDate HistoryEntry::LastDay() const {
  return kind == Kind::kOpening ? covered_until : CivilDate::LastOf(LastMonth());
}

CivilMonth HistoryEntry::LastMonth() const {
  if (kind == Kind::kOpening) return covered_until.Plus(1).Month().Plus(-1);
  return FirstMonth().Plus(months - 1);
}

CountingRules::CountingRules() { std::fill(std::begin(grace_days), std::end(grace_days), 90); }

bool CountsBefore(const HistoryEntry& a, const HistoryEntry& b) { return CountingOrder(a) < CountingOrder(b); }

void Insert(const HistoryEntry& entry, History* history) {
  history->insert(std::upper_bound(history->begin(), history->end(), entry, CountsBefore), entry);
}

History AsOf(absl::Span<const HistoryEntry> history, Position as_of) {
  History earlier;
  earlier.reserve(history.size());
  for (const HistoryEntry& entry : history) {
    if (entry.position > as_of.value) continue;
    HistoryEntry& kept = earlier.emplace_back(entry);
    if (kept.kind != Kind::kWithdrawn || kept.withdrawn_at <= as_of.value) continue;
    kept.kind = Kind::kContribution;
    kept.withdrawn_at = 0;
  }
  return earlier;
}

void Describe(absl::Span<const HistoryEntry> history, v1::Scheme scheme, const CountingRules& rules, const Names& names,
              int sign, CivilMonth collections_from, std::vector<Posting>* postings) {
  DescribeCollections(history, scheme, rules, names, sign, collections_from, postings);
  DescribeCovers(history, scheme, sign, postings);
}

bool DescribeNext(absl::Span<const HistoryEntry> history, const HistoryEntry& contribution, const CountingRules& rules,
                  const Names& names, std::vector<Posting>* postings) {
  Standing standing;
  for (const HistoryEntry& entry : history) {
    if (entry.kind == Kind::kMove) return false;
    if (entry.scheme != contribution.scheme || !entry.Covers()) continue;
    if (entry.place != contribution.place || entry.LastMonth() >= contribution.FirstMonth() ||
        CountsBefore(contribution, entry)) {
      return false;
    }
    const CivilDate last = entry.LastDay();
    if (standing.steps == 0 || last > standing.covered_until) standing.covered_until = last;
    if (entry.kind == Kind::kContribution) standing.counted = entry.effective.Month();
    ++standing.steps;
  }
  DescribeCollection(contribution, WhatIs(contribution, standing, rules), names, +1, postings);
  // Whether or not it continues an earlier cover: one begins where it begins and ends where it ends; had the earlier
  // one ended the month before, the two cancel out there.
  const auto scheme = static_cast<v1::Scheme>(contribution.scheme);
  Emit(VillageAccount(contribution.place, scheme, contribution.FirstMonth()), Counter::kActiveChange, +1, postings);
  Emit(VillageAccount(contribution.place, scheme, contribution.LastMonth().Plus(1)), Counter::kActiveChange, -1,
       postings);
  return true;
}

Residence ResidenceOf(absl::Span<const HistoryEntry> history, v1::Scheme scheme) {
  Residence steps;
  bool insured = false;
  for (const HistoryEntry& entry : history) {
    const bool is_move = entry.kind == Kind::kMove;
    if (!is_move && (entry.scheme != scheme || !entry.Covers())) continue;
    if (!is_move && !insured) {
      insured = true;
      // What is known first also answers for the time before: also for moves that stand before it.
      steps.insert(steps.begin(), {CivilDate{INT32_MIN}, entry.place});
    }
    // Openings come first whatever their date; an entry that follows them overrules those of its day and later.
    while (steps.size() > 1 && steps.back().from >= entry.effective) steps.pop_back();
    if (steps.empty() || steps.back().place != entry.place) steps.push_back({entry.effective, entry.place});
  }
  if (!insured) steps.clear();
  return steps;
}

void Consolidate(std::vector<Posting>* postings) {
  const auto by_account = [](const Posting& a, const Posting& b) {
    return std::tie(a.account, a.counter) < std::tie(b.account, b.counter);
  };
  std::sort(postings->begin(), postings->end(), by_account);
  size_t kept = 0;
  for (size_t i = 0; i < postings->size();) {
    Posting sum = (*postings)[i];
    for (++i; i < postings->size() && (*postings)[i].account == sum.account && (*postings)[i].counter == sum.counter;
         ++i) {
      sum.change += (*postings)[i].change;
    }
    if (sum.change != 0) (*postings)[kept++] = sum;
  }
  postings->resize(kept);
}

}  // namespace sothon::ledger
