#include "projection-service/oversight/parameters.h"

#include "common/base/absl_view.h"

namespace sothon::oversight {
namespace {

constexpr int64_t kEverywhere = -1;

}  // namespace

Parameters::Parameters(const ledger::KnownFacts& facts, const ledger::Reference& reference) : reference_(reference) {
  for (const v1::Event* event : facts.Of(v1::Event::kParameterSet)) {
    int64_t place = kEverywhere;
    if (!event->place_id().empty()) {
      const ledger::Place* named = reference.FindPlace(event->place_id());
      if (named == nullptr) continue;
      place = named->ordinal.value;
    }
    const v1::ParameterSet& set = event->parameter_set();
    by_name_[set.name()][place].push_back({event, ledger::DateOf(*event), CivilDate::FromWire(set.until_date())});
  }
}

const Parameters::Setting* Parameters::Newest(const Scoped& scoped, int64_t place, CivilDate date) const {
  const auto settings = scoped.find(place);
  if (settings == scoped.end()) return nullptr;
  const Setting* newest = nullptr;
  for (const Setting& one : settings->second) {
    if (one.from <= date && (newest == nullptr || newest->from <= one.from)) newest = &one;
  }
  // What has run out leaves the word to the places above.
  return newest != nullptr && newest->until && *newest->until < date ? nullptr : newest;
}

const v1::Event* Parameters::SetBy(std::string_view name, std::optional<ledger::Ordinal> place, CivilDate date) const {
  const auto scoped = by_name_.find(ToAbsl(name));
  if (scoped == by_name_.end()) return nullptr;
  for (; place; place = reference_.place(*place).parent) {
    if (const Setting* set = Newest(scoped->second, place->value, date)) return set->event;
  }
  const Setting* set = Newest(scoped->second, kEverywhere, date);
  return set == nullptr ? nullptr : set->event;
}

std::optional<int64_t> Parameters::At(std::string_view name, std::optional<ledger::Ordinal> place,
                                      CivilDate date) const {
  if (const v1::Event* event = SetBy(name, place, date)) return event->parameter_set().value();
  const ParameterDefinition* definition = FindParameter(name);
  return definition == nullptr ? std::nullopt : definition->preset;
}

int64_t Parameters::Get(std::string_view name, std::optional<ledger::Ordinal> place, CivilDate date) const {
  return At(name, place, date).value_or(0);
}

}  // namespace sothon::oversight
