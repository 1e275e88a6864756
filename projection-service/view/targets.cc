#include "projection-service/view/targets.h"

#include <algorithm>

#include "common/base/strings.h"

namespace sothon::projection {
namespace {

constexpr int64_t kRateUnit = 10'000;  // coverage rates are in parts of it
constexpr char kPopulation[] = "population";

using ledger::Ordinal;
using ledger::Place;
using ledger::Target;

bool Overlap(MonthRange a, MonthRange b) { return a.first <= b.last && b.first <= a.last; }

bool Concerns(const TargetScope& scope, const Unit& unit, const Target& target) {
  const bool same_unit = unit.group_id.empty() ? target.scheme == unit.scheme && target.scheme_group_id.empty()
                                               : target.scheme_group_id == unit.group_id;
  return same_unit && InForce(target, scope.as_of) && Overlap(target.months, scope.period);
}

// `place` and the places above it, the farthest first.
std::vector<Ordinal> PathTo(const TargetScope& scope, Ordinal place) {
  std::vector<Ordinal> path{place};
  while (const auto& parent = scope.reference->reference().place(path.back()).parent) path.push_back(*parent);
  std::reverse(path.begin(), path.end());
  return path;
}

TargetLine& LineFor(const TargetScope& scope, v1::Measure measure, const std::string& document_id, bool summed,
                    std::vector<TargetLine>* lines) {
  for (TargetLine& line : *lines) {
    if (line.measure == measure && line.document_id == document_id && line.summed == summed) return line;
  }
  TargetLine& line = lines->emplace_back();
  line.measure = measure;
  line.document_id = document_id;
  line.summed = summed;
  line.months.resize(static_cast<size_t>(scope.period.Size()));
  return line;
}

void AddReading(std::string_view reading, Readings* readings) {
  if (reading.empty() || std::find(readings->begin(), readings->end(), reading) != readings->end()) return;
  readings->push_back(reading);
}

// The document of the first of the targets that `target` revises, one after the other: a revision cites a document of
// its own (plan#26), and takes the place of what it revises all the same.
const std::string& FirstDocument(const TargetScope& scope, const Target& target) {
  const Target* first = &target;
  while (first->place && !first->revises.empty()) {
    const std::vector<const Target*>& all = scope.reference->TargetsOf(*first->place);
    const auto revised = std::find_if(all.begin(), all.end(), [&](const Target* one) {
      return one->id == first->revises && one->set_at < first->set_at;
    });
    if (revised == all.end()) break;
    first = *revised;
  }
  return first->document_id;
}

void Put(const TargetScope& scope, const Target& target, std::vector<TargetLine>* lines) {
  TargetLine& line = LineFor(scope, target.measure, FirstDocument(scope, target), false, lines);
  for (int32_t i = 0; i < scope.period.Size(); ++i) {
    if (!target.months.Contains(scope.period.first.Plus(i))) continue;
    TargetLine::Month& month = line.months[static_cast<size_t>(i)];
    month.value = target.value;
    month.target = &target;
    month.readings.clear();
    AddReading(target.reading, &month.readings);
  }
}

int64_t Achieved(v1::Measure measure, const MonthFigures& month) {
  switch (measure) {
    case v1::DEVELOPED:
      return month.developed();
    case v1::MAINTAINED_OR_DEVELOPED:
      return month.collected();
    case v1::ACTIVE:
      return month.active;
    default:
      return 0;
  }
}

// What the months of lines that are not sums achieved.
void Achieve(const TargetScope& scope, Ordinal place, absl::Span<const MonthFigures> figures,
             std::vector<TargetLine>* lines) {
  for (TargetLine& line : *lines) {
    for (size_t i = 0; i < line.months.size(); ++i) {
      TargetLine::Month& month = line.months[i];
      if (!month.value) continue;
      if (line.measure == v1::COVERAGE_RATE) {
        const CivilMonth when = scope.period.first.Plus(static_cast<int32_t>(i));
        const std::optional<int64_t> population = PopulationOf(scope, place, CivilDate::LastOf(when));
        month.is_known = population && *population > 0;
        if (month.is_known) month.achieved = figures[i].active * kRateUnit / *population;
      } else {
        month.is_known = AddsUp(line.measure);
        month.achieved = Achieved(line.measure, figures[i]);
      }
    }
  }
}

std::vector<TargetLine> LinesOfLeaf(const TargetScope& scope, const Unit& unit, Ordinal leaf) {
  std::vector<TargetLine> lines;
  // What holds most is put last: farther before nearer, for every village before this one's own, earlier before later.
  const std::vector<Ordinal> path = PathTo(scope, leaf);
  for (const Ordinal place : path) {
    for (const Target* target : scope.reference->TargetsOf(place)) {
      if (target->each_village && Concerns(scope, unit, *target)) Put(scope, *target, &lines);
    }
  }
  for (const Target* target : scope.reference->TargetsOf(leaf)) {
    if (!target->each_village && Concerns(scope, unit, *target)) Put(scope, *target, &lines);
  }
  return lines;
}

void AddToSums(const TargetScope& scope, const TargetLine& of_leaf, std::vector<TargetLine>* lines) {
  TargetLine& sum = LineFor(scope, of_leaf.measure, of_leaf.document_id, true, lines);
  for (size_t i = 0; i < of_leaf.months.size(); ++i) {
    const TargetLine::Month& from = of_leaf.months[i];
    if (!from.value) continue;
    TargetLine::Month& to = sum.months[i];
    to.value = to.value.value_or(0) + *from.value;
    to.achieved += from.achieved;
    for (const std::string_view reading : from.readings) AddReading(reading, &to.readings);
  }
}

void AddSums(const TargetScope& scope, const Unit& unit, absl::Span<const Ordinal> leaves,
             FiguresOfLeaf figures_of_leaf, std::vector<TargetLine>* lines) {
  for (const Ordinal leaf : leaves) {
    std::vector<TargetLine> of_leaf = LinesOfLeaf(scope, unit, leaf);
    if (of_leaf.empty()) continue;
    Achieve(scope, leaf, figures_of_leaf(leaf), &of_leaf);
    for (const TargetLine& line : of_leaf) {
      // A rate does not add up, and neither does a number for each person.
      if (AddsUp(line.measure)) AddToSums(scope, line, lines);
    }
  }
}

void SortByMeasure(std::vector<TargetLine>* lines) {
  std::stable_sort(lines->begin(), lines->end(), [](const TargetLine& a, const TargetLine& b) {
    return std::pair(a.measure, a.summed) < std::pair(b.measure, b.summed);
  });
}

// A rate, a stock or a number for each of a list: over several months it is that of the last one, not a sum.
bool IsStock(v1::Measure measure) { return measure == v1::ACTIVE || !AddsUp(measure); }

}  // namespace

bool AddsUp(v1::Measure measure) {
  return measure == v1::DEVELOPED || measure == v1::MAINTAINED_OR_DEVELOPED || measure == v1::ACTIVE;
}

std::optional<int64_t> PopulationOf(const TargetScope& scope, Ordinal place, CivilDate day) {
  if (scope.facts == nullptr) return std::nullopt;
  const std::string& place_id = scope.reference->reference().place(place).id;
  std::optional<int64_t> population;
  CivilDate newest{INT32_MIN};
  for (const v1::Event* event : scope.facts->Of(v1::Event::kDenominatorDeclared, scope.as_of)) {
    const v1::DenominatorDeclared& declared = event->denominator_declared();
    if (declared.of() != kPopulation || !declared.party_id().empty() || event->place_id() != place_id) continue;
    const CivilDate of_day = CivilDate::FromWire(declared.as_of_date()).value_or(ledger::DateOf(*event));
    if (of_day > day || of_day < newest) continue;
    newest = of_day;
    population = declared.value();
  }
  return population;
}

bool HasTargets(const TargetScope& scope, const Unit& unit, Ordinal place) {
  const std::vector<Ordinal> path = PathTo(scope, place);
  for (const Ordinal above : path) {
    for (const Target* target : scope.reference->TargetsOf(above)) {
      if ((target->each_village || above == place) && Concerns(scope, unit, *target)) return true;
    }
  }
  for (const Ordinal below : scope.reference->TreeUnder(place, UINT32_MAX, scope.as_of)) {
    for (const Target* target : scope.reference->TargetsOf(below)) {
      if (Concerns(scope, unit, *target)) return true;
    }
  }
  return false;
}

std::vector<TargetLine> LinesOf(const TargetScope& scope, const Unit& unit, Ordinal place,
                                absl::Span<const MonthFigures> figures, FiguresOfLeaf figures_of_leaf) {
  std::vector<TargetLine> lines;
  if (scope.reference->reference().place(place).IsLeaf()) {
    lines = LinesOfLeaf(scope, unit, place);
    Achieve(scope, place, figures, &lines);
  } else {
    for (const Target* target : scope.reference->TargetsOf(place)) {
      if (!target->each_village && Concerns(scope, unit, *target)) Put(scope, *target, &lines);
    }
    Achieve(scope, place, figures, &lines);
    AddSums(scope, unit, scope.reference->LeavesUnder(place, scope.as_of), figures_of_leaf, &lines);
  }
  SortByMeasure(&lines);
  return lines;
}

std::vector<TargetLine> SumsOver(const TargetScope& scope, const Unit& unit, absl::Span<const Ordinal> leaves,
                                 FiguresOfLeaf figures_of_leaf) {
  std::vector<TargetLine> lines;
  AddSums(scope, unit, leaves, figures_of_leaf, &lines);
  SortByMeasure(&lines);
  return lines;
}

void Hold(const TargetLine& line, size_t first, size_t last, v1::ProgressRow* row) {
  uint32_t months_with_target = 0;
  uint32_t months_met = 0;
  int64_t target = 0;
  int64_t achieved = 0;
  const Target* only = nullptr;  // of the months
  bool several = false;
  bool is_known = true;
  Readings readings;
  for (size_t i = first; i <= last; ++i) {
    const TargetLine::Month& month = line.months[i];
    if (!month.value) continue;
    ++months_with_target;
    if (month.is_known && month.achieved >= *month.value) ++months_met;
    is_known = IsStock(line.measure) ? month.is_known : is_known && month.is_known;
    target = IsStock(line.measure) ? *month.value : target + *month.value;
    achieved = IsStock(line.measure) ? month.achieved : achieved + month.achieved;
    for (const std::string_view reading : month.readings) AddReading(reading, &readings);
    if (month.target == nullptr) continue;
    several |= only != nullptr && only->id != month.target->id;
    only = month.target;
  }
  if (months_with_target == 0) return;
  v1::TargetProgress* progress = row->add_targets();
  progress->set_months_with_target(months_with_target);
  progress->set_months_met(months_met);
  if (only != nullptr && !several) progress->set_target_id(only->id);
  progress->set_measure(line.measure);
  progress->set_target(target);
  progress->set_document_id(only != nullptr && !several ? only->document_id : line.document_id);
  for (const std::string_view reading : readings) {
    StrAppend(progress->mutable_reading(), progress->reading().empty() ? "" : "; ", reading);
  }
  progress->set_summed(line.summed);
  if (!is_known) return;
  progress->set_achieved(achieved);
  progress->set_remaining(std::max<int64_t>(0, target - achieved));
  if (target > 0) progress->set_attainment_percent(100.0 * static_cast<double>(achieved) / static_cast<double>(target));
}

}  // namespace sothon::projection
