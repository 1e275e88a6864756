#include "projection-service/oversight/person.h"

#include <algorithm>

namespace sothon::oversight {
namespace {

using ledger::Counter;
using ledger::HistoryEntry;

Step StepOf(const HistoryEntry& entry, Counter what, const ledger::Standing& before) {
  Step step;
  step.position = entry.position;
  step.paid_vnd = entry.paid_vnd;
  step.central_support_vnd = entry.central_support_vnd;
  step.local_support_vnd = entry.local_support_vnd;
  step.date = entry.effective;
  step.until = kNever;
  step.next_first = kNever;
  const bool opening = entry.kind == HistoryEntry::Kind::kOpening;
  step.cover_first = opening ? entry.effective : CivilDate::FirstOf(entry.FirstMonth());
  step.covered_until = entry.LastDay();
  if (before.steps > 0) step.covered_until = std::max(step.covered_until, before.covered_until);
  step.place = entry.place;
  step.named = entry.named;
  step.sequence = before.steps + 1;
  step.scheme = entry.scheme;
  step.months = opening ? uint8_t{0} : entry.months;
  step.what = what;
  return step;
}

bool HasMoves(absl::Span<const HistoryEntry> history) {
  return std::any_of(history.begin(), history.end(),
                     [](const HistoryEntry& entry) { return entry.kind == HistoryEntry::Kind::kMove; });
}

}  // namespace

const HistoryEntry& Person::EntryOf(const Step& step) const {
  return *std::find_if(history.begin(), history.end(),
                       [&](const HistoryEntry& entry) { return entry.position == step.position; });
}

ledger::Ordinal Person::HomeOn(const Step& step, CivilDate date) const {
  if (!moved) return step.place;
  ledger::Ordinal home = step.place;
  for (const ledger::ResidenceStep& one : ResidenceOf(history, static_cast<v1::Scheme>(step.scheme))) {
    if (one.from <= date) home = one.place;
  }
  return home;
}

Person Examine(const SubjectId& id, absl::Span<const HistoryEntry> history, const ledger::CountingRules& rules) {
  Person person{id, history, {}, HasMoves(history)};
  uint32_t schemes = 0;
  for (const HistoryEntry& entry : history) schemes |= entry.Covers() ? 1u << entry.scheme : 0u;
  schemes &= ~1u;  // moves have none
  for (int scheme = 1; schemes >> scheme != 0; ++scheme) {
    if ((schemes >> scheme & 1) == 0) continue;
    const size_t begin = person.steps.size();
    ForEachStep(history, static_cast<v1::Scheme>(scheme), rules,
                [&](const HistoryEntry& entry, Counter what, const ledger::Standing& before) {
                  person.steps.push_back(StepOf(entry, what, before));
                });
    for (size_t i = begin; i < person.steps.size(); ++i) {
      Step& step = person.steps[i];
      if (i + 1 < person.steps.size()) {
        // Openings count first whatever their date: nothing stands on a day before it took effect.
        step.until = person.steps[i + 1].date.Plus(-1);
        step.next_first = person.steps[i + 1].cover_first;
        step.outlasted = person.steps[i + 1].covered_until > step.covered_until;
      }
    }
  }
  return person;
}

}  // namespace sothon::oversight
