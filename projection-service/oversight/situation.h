// A situation: what the log up to a position says of a place as of a date. What rules and views of the oversight judge.
//
// Operation
//   Pure. Two situations of equal logs, positions, dates and places are equal, whenever and wherever they are made.
// Concurrency
//   Thread-compatible, also for reading: products and memos are made as they are asked for. Borrows what it is made of.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/scheme.h"
#include "projection-service/ledger/reference_view.h"
#include "projection-service/oversight/circumstances.h"
#include "projection-service/oversight/register.h"

namespace sothon::oversight {

// A village's targets of one year for one scheme or group of them and one measure, and how far it got (plan#27, #31).
struct Product {
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;  // or
  std::string group_id;
  std::vector<v1::Scheme> schemes;  // the one, or the group's
  uint32_t scheme_bits = 0;         // the same: bit n for the scheme of number n
  v1::Measure measure = v1::MEASURE_UNSPECIFIED;
  std::vector<const ledger::Target*> targets;  // in order of the log
  int32_t year = 0;
  std::vector<int64_t> by_month;  // of the year, from January; 0: no target
  int64_t target = 0;             // their sum
  // What counted in the months that have a target, up to the date.
  int64_t achieved = 0;
  // The receipt that made achieved as much as target, in order of date and position.
  std::optional<CivilDate> reached_on;
  uint64_t reached_position = 0;

  int64_t Remaining() const { return target > achieved ? target - achieved : 0; }
  bool Includes(uint8_t scheme_number) const { return (scheme_bits >> scheme_number & 1) != 0; }
  // Whether `step` counts for it, whatever its month.
  bool Counts(const Step& step) const;
  bool Counts(const Collection& collection) const {
    const bool is_new = collection.IsDeveloped();
    const bool is_person = collection.IsCollected();
    const bool counts = measure == v1::DEVELOPED ? is_new : is_person;
    return Includes(collection.scheme) & counts;
  }
  // The target of `month`; 0: none, or a month of another year.
  int64_t TargetOf(CivilMonth month) const;
  // Whether there is a target in this month of the year.
  bool HasTargetIn(CivilMonth month) const { return by_month[static_cast<size_t>(month.Month() - 1)] != 0; }
};

class Situation {
 public:
  struct Sources {
    const Circumstances* known = nullptr;  // of the position and the date
    const ledger::ReferenceView* reference = nullptr;
    const Registers* registers = nullptr;
    const std::vector<SchemeGroupDefinition>* groups = nullptr;
    Position position;
    CivilDate date;
  };
  // `place` unset: everything there is.
  Situation(const Sources& sources, std::optional<ledger::Ordinal> place);

  CivilDate date() const { return sources_.date; }
  Position position() const { return sources_.position; }
  std::optional<ledger::Ordinal> place() const { return place_; }
  // Villages and residential groups at or below the place that still exist on the date: not merged or split away
  // (plan#13). In order of the source document.
  const std::vector<ledger::Ordinal>& villages() const { return villages_; }
  // Those that do not exist any more, too: what happened there before stays.
  const std::vector<ledger::Ordinal>& villages_ever() const { return villages_ever_; }
  // Communes at, above or below the place, in order of the log: duties are laid on them.
  const std::vector<ledger::Ordinal>& communes() const { return communes_; }
  // Whether `place` is the place asked about or below it. Everything is below no place.
  bool Covers(ledger::Ordinal place) const;
  bool Covers(std::string_view place_id) const;

  const Circumstances& known() const { return *sources_.known; }
  ledger::FactSpan Facts(EventKind kind) const { return known().facts.Of(kind); }
  const Parameters& parameters() const { return known().parameters; }
  const Roles& roles() const { return known().roles; }
  const Drives& drives() const { return known().drives; }
  const ledger::ReferenceView& reference_view() const { return *sources_.reference; }
  const ledger::Reference& reference() const { return sources_.reference->reference(); }
  const ledger::Names& names() const { return known().names; }
  const std::vector<SchemeGroupDefinition>& groups() const { return *sources_.groups; }
  const VillageRegister& RegisterOf(ledger::Ordinal village) const;

  // Targets of the village in force at the position that count people (DEVELOPED, MAINTAINED_OR_DEVELOPED), its own and
  // those that its commune gave each village; by scheme, then group, then measure.
  const std::vector<Product>& ProductsOf(ledger::Ordinal village, int32_t year) const;
  // The same by the targets in force at `as_of`, which is not after position(); achieved and reached are left empty.
  std::vector<Product> TargetsOf(ledger::Ordinal village, int32_t year, Position as_of) const;
  // The day on which the village had reached all its products of the year; nullopt: not yet, or it has none.
  std::optional<CivilDate> ReachedOn(ledger::Ordinal village, int32_t year) const;

  // What `make` says of this situation, made once: for what several questions share, or the same one asks again.
  // `make` is a pure function; the result lives as long as the situation.
  template <typename T>
  const T& Memo(T (*make)(const Situation&)) const {
    std::shared_ptr<void>& slot = memos_[reinterpret_cast<void (*)()>(make)];
    if (slot == nullptr) slot = std::make_shared<T>(make(*this));
    return *static_cast<const T*>(slot.get());
  }

  // "Thôn 1 (23500-05)", as named at the position.
  std::string NameOf(ledger::Ordinal place) const;
  // The day on which the place was merged or split away; kNever: it exists.
  CivilDate GoneOn(ledger::Ordinal place) const;
  // Who is at the desk of a step: the collector, or the agency where none is named; empty: nobody.
  std::string_view AtDesk(uint32_t desk) const;

 private:
  std::vector<Product> ComputeProducts(ledger::Ordinal village, int32_t year) const;

  const Sources sources_;
  const std::optional<ledger::Ordinal> place_;
  std::vector<ledger::Ordinal> villages_;
  std::vector<ledger::Ordinal> villages_ever_;
  std::vector<ledger::Ordinal> communes_;
  mutable std::map<std::pair<uint32_t, int32_t>, std::vector<Product>> products_;
  mutable std::map<void (*)(), std::shared_ptr<void>> memos_;
};

}  // namespace sothon::oversight
