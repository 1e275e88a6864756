#include "projection-service/answers/baseline.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace sothon::answers {
namespace {

using ledger::HistoryEntry;
using ledger::Ordinal;
using oversight::Product;
using oversight::Situation;
using oversight::Step;
using oversight::VillageRegister;
using oversight::Withdrawn;

// The entry that a step was made of, as far as classifying needs it.
HistoryEntry EntryOf(const Step& step) {
  HistoryEntry entry;
  entry.position = step.position;
  entry.effective = step.date;
  entry.place = step.place;
  entry.scheme = step.scheme;
  entry.kind = step.IsOpening() ? HistoryEntry::Kind::kOpening : HistoryEntry::Kind::kContribution;
  entry.from_month = static_cast<uint16_t>(step.cover_first.Month().value);
  entry.months = step.months;
  entry.named = step.named;
  if (step.IsOpening()) entry.covered_until = step.covered_until;
  return entry;
}

bool WasThere(const Withdrawn& withdrawn, Position at) {
  return withdrawn.entry.position <= at.value && at.value < withdrawn.entry.withdrawn_at;
}

// Whose steps may have been something else at `at`: what was recorded since stands before one of them in counting
// order, or something was withdrawn.
std::vector<char> ChangedSince(const VillageRegister& people, Position at, CivilDate date) {
  std::vector<char> changed(people.people.size());
  for (const Step& step : people.steps) {
    if (step.position > at.value && (step.date <= date || step.IsOpening())) changed[step.person] = 1;
  }
  for (const Withdrawn& one : people.withdrawn) {
    if (WasThere(one, at)) changed[one.person] = 1;
  }
  return changed;
}

}  // namespace

int64_t AchievedAsOf(const Situation& situation, Ordinal village, const Product& product, Position at, CivilDate date,
                     std::string_view without_drive, const ledger::CountingRules& rules) {
  const auto named = situation.names().Find(ledger::Names::Kind::kDrive, without_drive);
  const auto is_left_out = [&](uint32_t drive) { return named && drive == named->value + 1; };
  const VillageRegister& people = situation.RegisterOf(village);
  const std::vector<char> changed = ChangedSince(people, at, date);
  int64_t achieved = 0;
  for (auto one = people.CollectionsFrom(CivilDate::FirstOf(CivilMonth{product.year * 12}));
       one != people.collections.end() && one->date <= date; ++one) {
    const Step& step = people.steps[one->step];
    achieved += step.position <= at.value && changed[step.person] == 0 && !is_left_out(one->drive) &&
                product.Counts(*one) && product.TargetOf(CivilMonth{one->month}) != 0;
  }
  std::map<std::pair<uint32_t, uint8_t>, ledger::History> histories;  // by person and scheme
  const auto take = [&](uint32_t person, const HistoryEntry& entry) {
    if (product.Includes(entry.scheme)) ledger::Insert(entry, &histories[{person, entry.scheme}]);
  };
  for (const Step& step : people.steps) {
    if (changed[step.person] != 0 && step.position <= at.value) take(step.person, EntryOf(step));
  }
  for (const Withdrawn& one : people.withdrawn) {
    if (!WasThere(one, at)) continue;
    HistoryEntry entry = one.entry;
    entry.kind = HistoryEntry::Kind::kContribution;
    take(one.person, entry);
  }
  for (const auto& [who, history] : histories) {
    const auto count = [&](const HistoryEntry& entry, ledger::Counter what, const ledger::Standing&) {
      if (entry.kind != HistoryEntry::Kind::kContribution || entry.place != village || entry.effective > date) return;
      if (is_left_out(entry.named.drive)) return;
      Step step;
      step.scheme = entry.scheme;
      step.months = entry.months;
      step.what = what;
      achieved += product.Counts(step) && product.TargetOf(entry.effective.Month()) != 0;
    };
    ledger::ForEachStep(history, static_cast<v1::Scheme>(who.second), rules, count);
  }
  return achieved;
}

bool BaselineHolds(const Situation& situation, Ordinal village, const v1::Event& opened,
                   const v1::DriveOpened::Baseline& baseline, const ledger::CountingRules& rules) {
  const CivilDate day = ledger::DateOf(opened);
  const uint64_t named = opened.drive_opened().baseline_position();
  const Position at{named == 0 ? opened.position() : std::min(named, opened.position())};
  bool has_product = false;
  for (const Product& product : situation.TargetsOf(village, day.Month().Year(), at)) {
    if (product.scheme != baseline.scheme() || product.group_id != baseline.scheme_group_id()) continue;
    has_product = true;
    if (baseline.target() != product.target) continue;
    if (baseline.remaining() != std::max<int64_t>(0, baseline.target() - baseline.achieved())) continue;
    const int64_t achieved =
        AchievedAsOf(situation, village, product, at, day.Plus(-1), opened.drive_opened().drive_id(), rules);
    if (baseline.achieved() == achieved) return true;
  }
  return !has_product && baseline.target() == 0 && baseline.achieved() == 0 && baseline.remaining() == 0;
}

}  // namespace sothon::answers
