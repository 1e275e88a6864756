#include "projection-service/oversight/register.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace sothon::oversight {
namespace {

using Kind = ledger::HistoryEntry::Kind;

auto StepOrder(const Step& step) { return std::tie(step.date, step.position); }

auto TraceOrder(const Trace& trace) {
  return std::tie(trace.rule, trace.since, trace.positions, trace.scheme, trace.person);
}

std::vector<Classification> ClassificationsOf(const Person& person) {
  std::vector<Classification> classifications;
  for (const ledger::HistoryEntry& entry : person.history) {
    if (entry.kind == Kind::kClassification) {
      classifications.push_back({entry.position, entry.effective, entry.covered_until, 0, entry.group, entry.place});
    } else if (entry.kind == Kind::kMove) {
      for (Classification& earlier : classifications) earlier.place = entry.place;
    }
  }
  return classifications;
}

// Everywhere that the person was, each once.
template <typename Places>
Places PlacesOf(const Person& person, absl::Span<const Classification> classifications,
                absl::Span<const Trace> traces) {
  Places places;
  const auto add = [&](ledger::Ordinal place) {
    if (std::find(places.begin(), places.end(), place.value) == places.end()) places.push_back(place.value);
  };
  for (const ledger::HistoryEntry& entry : person.history) {
    if (entry.Covers() || entry.kind == Kind::kClassification || entry.kind == Kind::kWithdrawn) add(entry.place);
  }
  for (const Classification& one : classifications) add(one.place);
  for (const Step& step : person.steps) add(step.home);
  for (const Trace& trace : traces) add(trace.place);
  return places;
}

// What is derived from the steps alone.
void Index(ledger::Ordinal place, VillageRegister* of) {
  of->covers.reserve(of->steps.size());
  for (uint32_t i = 0; i < of->steps.size(); ++i) {
    const Step& step = of->steps[i];
    of->covers.push_back({.covered_until = step.covered_until,
                          .since = step.date,
                          .until = step.until,
                          .first = step.cover_first,
                          .last = step.CoverLast(),
                          .next_first = step.next_first,
                          .step = i,
                          .person = step.person,
                          .scheme = step.scheme,
                          .here = step.home == place,
                          .outlasted = step.outlasted});
    if (step.place != place || step.IsOpening()) continue;
    of->collections.push_back({.date = step.date,
                               .month = static_cast<uint16_t>(step.date.Month().value),
                               .scheme = step.scheme,
                               .what = step.what,
                               .drive = step.named.drive,
                               .step = i});
  }
  std::sort(of->covers.begin(), of->covers.end(), [](const Cover& a, const Cover& b) {
    return std::tie(a.covered_until, a.step) < std::tie(b.covered_until, b.step);
  });
}

}  // namespace

std::vector<Collection>::const_iterator VillageRegister::CollectionsFrom(CivilDate date) const {
  return std::lower_bound(collections.begin(), collections.end(), date,
                          [](const Collection& one, CivilDate day) { return one.date < day; });
}

std::vector<Cover>::const_iterator VillageRegister::CoversUntil(CivilDate date) const {
  return std::lower_bound(covers.begin(), covers.end(), date,
                          [](const Cover& one, CivilDate day) { return one.covered_until < day; });
}

void RegisterBuilder::Put(const SubjectId& id, absl::Span<const ledger::HistoryEntry> history,
                          const Examiner& examiner) {
  const Person person = Examine(id, history, rules_);
  traces_.clear();
  examiner(person, &traces_);
  Places& places = places_of_[id];
  for (const uint32_t place : places) changes_[place].removed.push_back(id);
  const std::vector<Classification> classifications = ClassificationsOf(person);
  places = PlacesOf<Places>(person, classifications, traces_);
  for (const uint32_t place : places) {
    Changes::Added& added = changes_[place].added.emplace_back();
    added.id = id;
    added.steps = person.steps;
    added.classifications = classifications;
    for (const ledger::HistoryEntry& entry : history) {
      if (entry.kind == Kind::kWithdrawn) added.withdrawn.push_back({entry, 0});
    }
    for (const Trace& trace : traces_) {
      if (trace.place.value == place) added.traces.push_back(trace);
    }
  }
}

const Registers& RegisterBuilder::Finish() {
  for (auto& [place, changes] : changes_) {
    if (registers_.size() <= place) registers_.resize(place + 1);
    registers_[place] = Change({place}, registers_[place].get(), std::move(changes));
  }
  changes_.clear();
  return registers_;
}

void RegisterBuilder::Clear() {
  places_of_.clear();
  changes_.clear();
  registers_.clear();
}

std::shared_ptr<const VillageRegister> RegisterBuilder::Change(ledger::Ordinal place, const VillageRegister* before,
                                                               Changes changes) {
  auto after = std::make_shared<VillageRegister>();
  absl::flat_hash_map<SubjectId, uint32_t> numbers;
  std::vector<char> replaced;
  if (before != nullptr) {
    after->people = before->people;
    numbers.reserve(before->people.size());
    for (uint32_t i = 0; i < before->people.size(); ++i) numbers.emplace(before->people[i], i);
    replaced.resize(before->people.size());
    for (const SubjectId& id : changes.removed) {
      if (const auto number = numbers.find(id); number != numbers.end()) replaced[number->second] = 1;
    }
    const auto stays = [&](const auto& row) { return replaced[row.person] == 0; };
    std::copy_if(before->steps.begin(), before->steps.end(), std::back_inserter(after->steps), stays);
    std::copy_if(before->classifications.begin(), before->classifications.end(),
                 std::back_inserter(after->classifications), stays);
    std::copy_if(before->traces.begin(), before->traces.end(), std::back_inserter(after->traces), stays);
    std::copy_if(before->withdrawn.begin(), before->withdrawn.end(), std::back_inserter(after->withdrawn), stays);
  }
  const auto kept_steps = static_cast<std::ptrdiff_t>(after->steps.size());
  const auto kept_traces = static_cast<std::ptrdiff_t>(after->traces.size());
  for (Changes::Added& added : changes.added) {
    const auto [number, is_new] = numbers.try_emplace(added.id, static_cast<uint32_t>(after->people.size()));
    if (is_new) after->people.push_back(added.id);
    const auto take = [person = number->second](auto* rows, auto* into) {
      for (auto& row : *rows) {
        row.person = person;
        into->push_back(row);
      }
    };
    take(&added.steps, &after->steps);
    take(&added.classifications, &after->classifications);
    take(&added.traces, &after->traces);
    take(&added.withdrawn, &after->withdrawn);
  }
  const auto by_date = [](const Step& a, const Step& b) { return StepOrder(a) < StepOrder(b); };
  std::sort(after->steps.begin() + kept_steps, after->steps.end(), by_date);
  std::inplace_merge(after->steps.begin(), after->steps.begin() + kept_steps, after->steps.end(), by_date);
  const auto by_rule = [](const Trace& a, const Trace& b) { return TraceOrder(a) < TraceOrder(b); };
  std::sort(after->traces.begin() + kept_traces, after->traces.end(), by_rule);
  std::inplace_merge(after->traces.begin(), after->traces.begin() + kept_traces, after->traces.end(), by_rule);
  std::sort(after->classifications.begin(), after->classifications.end(),
            [](const Classification& a, const Classification& b) { return a.position < b.position; });
  std::sort(after->withdrawn.begin(), after->withdrawn.end(),
            [](const Withdrawn& a, const Withdrawn& b) { return a.entry.position < b.entry.position; });
  Index(place, after.get());
  return after;
}

}  // namespace sothon::oversight
