// The parameters in force (ParameterSet), by name, place and date. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/event/parameters.h"
#include "projection-service/ledger/facts.h"
#include "projection-service/ledger/reference.h"

namespace sothon::oversight {

// The nearest place that sets a name decides: the place itself, what is above it, then what is set for everywhere. Of
// what one place sets, the one that took effect last by `date`; on the same day, the later in the log.
class Parameters {
 public:
  Parameters(const ledger::KnownFacts& facts, const ledger::Reference& reference);

  // nullptr: nowhere set.
  const v1::Event* SetBy(std::string_view name, std::optional<ledger::Ordinal> place, CivilDate date) const;
  // As set, otherwise the preset of the name; nullopt: it has none.
  std::optional<int64_t> At(std::string_view name, std::optional<ledger::Ordinal> place, CivilDate date) const;
  // Of names that have a preset.
  int64_t Get(std::string_view name, std::optional<ledger::Ordinal> place, CivilDate date) const;
  bool IsOn(std::string_view name, std::optional<ledger::Ordinal> place, CivilDate date) const {
    return Get(name, place, date) != 0;
  }

 private:
  struct Setting {
    const v1::Event* event;
    CivilDate from;
    std::optional<CivilDate> until;  // last day
  };
  // Everywhere is place -1.
  using Scoped = absl::flat_hash_map<int64_t, std::vector<Setting>>;

  const Setting* Newest(const Scoped& scoped, int64_t place, CivilDate date) const;

  const ledger::Reference& reference_;
  absl::flat_hash_map<std::string, Scoped> by_name_;
};

}  // namespace sothon::oversight
