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

Classification ClassificationOf(const ledger::HistoryEntry& entry) {
  return {entry.position, entry.effective, entry.covered_until, 0, entry.group};
}

// Everywhere that the person was, each once.
template <typename Places>
Places PlacesOf(const Person& person, absl::Span<const Trace> traces) {
  Places places;
  const auto add = [&](ledger::Ordinal place) {
    if (std::find(places.begin(), places.end(), place.value) == places.end()) places.push_back(place.value);
  };
  for (const ledger::HistoryEntry& entry : person.history) {
    if (entry.Covers() || entry.kind == Kind::kClassification) add(entry.place);
  }
  for (const Step& step : person.steps) add(step.home);
  for (const Trace& trace : traces) add(trace.place);
  return places;
}

}  // namespace

void RegisterBuilder::Put(const SubjectId& id, absl::Span<const ledger::HistoryEntry> history,
                          const Examiner& examiner) {
  const Person person = Examine(id, history, rules_);
  traces_.clear();
  examiner(person, &traces_);
  Places& places = places_of_[id];
  for (const uint32_t place : places) changes_[place].removed.push_back(id);
  places = PlacesOf<Places>(person, traces_);
  for (const uint32_t place : places) {
    Changes::Added& added = changes_[place].added.emplace_back();
    added.id = id;
    added.steps = person.steps;
    for (const ledger::HistoryEntry& entry : history) {
      if (entry.kind == Kind::kClassification) added.classifications.push_back(ClassificationOf(entry));
    }
    for (const Trace& trace : traces_) {
      if (trace.place.value == place) added.traces.push_back(trace);
    }
  }
}

const Registers& RegisterBuilder::Finish() {
  for (auto& [place, changes] : changes_) {
    if (registers_.size() <= place) registers_.resize(place + 1);
    registers_[place] = Change(registers_[place].get(), std::move(changes));
  }
  changes_.clear();
  return registers_;
}

void RegisterBuilder::Clear() {
  places_of_.clear();
  changes_.clear();
  registers_.clear();
}

std::shared_ptr<const VillageRegister> RegisterBuilder::Change(const VillageRegister* before, Changes changes) {
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
  }
  const auto by_date = [](const Step& a, const Step& b) { return StepOrder(a) < StepOrder(b); };
  std::sort(after->steps.begin() + kept_steps, after->steps.end(), by_date);
  std::inplace_merge(after->steps.begin(), after->steps.begin() + kept_steps, after->steps.end(), by_date);
  const auto by_rule = [](const Trace& a, const Trace& b) { return TraceOrder(a) < TraceOrder(b); };
  std::sort(after->traces.begin() + kept_traces, after->traces.end(), by_rule);
  std::inplace_merge(after->traces.begin(), after->traces.begin() + kept_traces, after->traces.end(), by_rule);
  std::sort(after->classifications.begin(), after->classifications.end(),
            [](const Classification& a, const Classification& b) { return a.position < b.position; });
  return after;
}

}  // namespace sothon::oversight
