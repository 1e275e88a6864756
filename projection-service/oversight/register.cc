#include "projection-service/oversight/register.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace sothon::oversight {
namespace {

using Kind = ledger::HistoryEntry::Kind;

auto StepOrder(const Step& step) { return std::tie(step.date, step.position); }

auto TraceOrder(const Trace& trace) {
  return std::tie(trace.rule, trace.since, trace.positions, trace.scheme, trace.person);
}

constexpr CivilDate kAlways{INT32_MIN};

// In order of position; what moves made of one, in order of date.
std::vector<Classification> ClassificationsOf(const Person& person) {
  std::vector<Classification> classifications;
  for (const ledger::HistoryEntry& entry : person.history) {
    if (entry.kind == Kind::kClassification) {
      classifications.push_back({.position = entry.position,
                                 .from = entry.effective,
                                 .until = entry.covered_until,
                                 .group = entry.group,
                                 .place = entry.place,
                                 .there_since = kAlways});
    } else if (entry.kind == Kind::kMove) {
      for (size_t i = 0, before = classifications.size(); i < before; ++i) {
        if (classifications[i].there_until != kNever) continue;
        Classification moved = classifications[i];
        moved.place = entry.place;
        moved.there_since = entry.effective;
        classifications[i].there_until = entry.effective.Plus(-1);
        classifications.push_back(moved);
      }
    }
  }
  return classifications;
}

// Nothing is to be told of somebody who was in one place only.
bool IsInOnePlace(const Person& person) {
  if (person.moved) return false;
  return std::all_of(person.steps.begin(), person.steps.end(),
                     [&](const Step& step) { return step.place == person.steps.front().place; });
}

std::vector<Stay> StaysOf(const Person& person) {
  std::vector<Stay> stays;
  if (IsInOnePlace(person)) return stays;
  for (size_t i = 0; i < person.steps.size(); ++i) {
    const uint8_t scheme = person.steps[i].scheme;
    if (i > 0 && person.steps[i - 1].scheme == scheme) continue;
    const size_t first = stays.size();
    for (const ledger::ResidenceStep& one : ResidenceOf(person.history, static_cast<v1::Scheme>(scheme))) {
      if (stays.size() > first) stays.back().until = one.from.Plus(-1);
      stays.push_back({.scheme = scheme, .place = one.place, .since = stays.size() > first ? one.from : kAlways});
    }
  }
  return stays;
}

// Everywhere that the person was, each once.
template <typename Places>
Places PlacesOf(const Person& person, absl::Span<const Classification> classifications, absl::Span<const Stay> stays,
                absl::Span<const Trace> traces) {
  Places places;
  const auto add = [&](ledger::Ordinal place) {
    if (std::find(places.begin(), places.end(), place.value) == places.end()) places.push_back(place.value);
  };
  for (const ledger::HistoryEntry& entry : person.history) {
    if (entry.Covers() || entry.kind == Kind::kClassification || entry.kind == Kind::kWithdrawn) add(entry.place);
  }
  for (const Classification& one : classifications) add(one.place);
  for (const Stay& stay : stays) add(stay.place);
  for (const Trace& trace : traces) add(trace.place);
  return places;
}

// What is derived from the steps and stays.
class Indexer {
 public:
  Indexer(ledger::Ordinal place, VillageRegister* of) : place_(place), of_(*of), moved_(of->people.size()) {
    for (const Stay& stay : of->stays) moved_[stay.person] = 1;
  }

  void Index() {
    of_.covers.reserve(of_.steps.size());
    for (uint32_t i = 0; i < of_.steps.size(); ++i) {
      const Step& step = of_.steps[i];
      AddCovers(i, step);
      if (step.place != place_ || step.IsOpening()) continue;
      of_.collections.push_back({.date = step.date,
                                 .month = static_cast<uint16_t>(step.date.Month().value),
                                 .scheme = step.scheme,
                                 .what = step.what,
                                 .drive = step.named.drive,
                                 .step = i});
    }
    std::sort(of_.covers.begin(), of_.covers.end(), [](const Cover& a, const Cover& b) {
      return std::tie(a.covered_until, a.step, a.here_since) < std::tie(b.covered_until, b.step, b.here_since);
    });
  }

 private:
  void AddCovers(uint32_t i, const Step& step) {
    const bool moved = moved_[step.person] != 0;
    const bool here = !moved && step.place == place_;
    const Cover cover{.covered_until = step.covered_until,
                      .since = step.date,
                      .until = step.until,
                      .first = step.cover_first,
                      .last = step.CoverLast(),
                      .next_first = step.next_first,
                      .step = i,
                      .person = step.person,
                      .scheme = step.scheme,
                      .outlasted = step.outlasted,
                      .ended_here = here,
                      .here_since = here ? kAlways : kNever,
                      .here_until = here ? kNever : kAlways};
    if (!moved || !AddStays(cover)) of_.covers.push_back(cover);
  }

  // False: the person lived elsewhere all the time.
  bool AddStays(Cover cover) {
    const std::pair whose(cover.person, cover.scheme);
    const auto key = [](const Stay& stay) { return std::pair(stay.person, stay.scheme); };
    auto stay = std::lower_bound(of_.stays.begin(), of_.stays.end(), whose,
                                 [&](const Stay& one, const auto& wanted) { return key(one) < wanted; });
    bool any = false;
    for (; stay != of_.stays.end() && key(*stay) == whose; ++stay) {
      if (stay->place != place_) continue;
      cover.here_since = stay->since;
      cover.here_until = stay->until;
      cover.ended_here = cover.IsHereOn(cover.Ends());
      of_.covers.push_back(cover);
      any = true;
    }
    return any;
  }

  const ledger::Ordinal place_;
  VillageRegister& of_;
  std::vector<char> moved_;  // by person
};

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
  const std::vector<Stay> stays = StaysOf(person);
  places = PlacesOf<Places>(person, classifications, stays, traces_);
  for (const uint32_t place : places) {
    Changes::Added& added = changes_[place].added.emplace_back();
    added.id = id;
    added.steps = person.steps;
    added.classifications = classifications;
    added.stays = stays;
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
    const auto keeps = [&](const auto& row) { return replaced[row.person] == 0; };
    std::copy_if(before->steps.begin(), before->steps.end(), std::back_inserter(after->steps), keeps);
    std::copy_if(before->classifications.begin(), before->classifications.end(),
                 std::back_inserter(after->classifications), keeps);
    std::copy_if(before->stays.begin(), before->stays.end(), std::back_inserter(after->stays), keeps);
    std::copy_if(before->traces.begin(), before->traces.end(), std::back_inserter(after->traces), keeps);
    std::copy_if(before->withdrawn.begin(), before->withdrawn.end(), std::back_inserter(after->withdrawn), keeps);
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
    take(&added.stays, &after->stays);
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
            [](const Classification& a, const Classification& b) {
              return std::tie(a.position, a.there_since) < std::tie(b.position, b.there_since);
            });
  std::sort(after->stays.begin(), after->stays.end(), [](const Stay& a, const Stay& b) {
    return std::tie(a.person, a.scheme, a.since) < std::tie(b.person, b.scheme, b.since);
  });
  std::sort(after->withdrawn.begin(), after->withdrawn.end(),
            [](const Withdrawn& a, const Withdrawn& b) { return a.entry.position < b.entry.position; });
  Indexer(place, after.get()).Index();
  return after;
}

}  // namespace sothon::oversight
