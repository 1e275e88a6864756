// The register of people, village by village: what collections, covers and rules about single people come from.
//
// Operation
//   Made of the histories of everybody, at one position. Later ones are made from an earlier one by putting in the
//   people whose histories changed; villages that none of them is in are shared between the two.
// Concurrency
//   A VillageRegister never changes. RegisterBuilder is thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "projection-service/oversight/person.h"

namespace sothon::oversight {

// What a rule says of one person: so it is from `since` to `until`, because of the events at `positions`.
struct Trace {
  uint16_t rule = 0;  // who says so: the number that the examiner gives its rules
  uint8_t scheme = 0;
  ledger::Ordinal place;
  CivilDate since;
  CivilDate until = kNever;  // last day
  uint32_t desk = 0;         // as of ledger::Named; 0: nobody's
  uint32_t drive = 0;
  CivilMonth month{-1};                 // whose; -1: of no month
  uint32_t person = 0;                  // index into VillageRegister::people
  std::array<uint64_t, 2> positions{};  // ascending; 0: none

  bool HoldsOn(CivilDate date) const { return since <= date && date <= until; }
};

// Somebody belongs to a group of people (plan#61, #62).
struct Classification {
  uint64_t position = 0;
  CivilDate from;
  CivilDate until;  // last day, unless a later one of the same group says otherwise
  uint32_t person = 0;
  uint16_t group = 0;  // ordinal of its name
};

// Everybody whom any entry of their history puts into the village. All their steps are here, also those collected or
// lived elsewhere: ask Step::place and Step::home.
struct VillageRegister {
  std::vector<SubjectId> people;
  std::vector<Step> steps;                      // by date, then position
  std::vector<Classification> classifications;  // by position
  std::vector<Trace> traces;                    // of this place; by rule, since, positions, person
};

// All villages, by ordinal; nullptr: nobody.
using Registers = std::vector<std::shared_ptr<const VillageRegister>>;

// Appends what the rules say of a person.
using Examiner = std::function<void(const Person&, std::vector<Trace>*)>;

class RegisterBuilder {
 public:
  explicit RegisterBuilder(ledger::CountingRules rules) : rules_(rules) {}

  // A person as of now, in the place of what was known before. Gathers until Finish(); everybody at most once before
  // it.
  void Put(const SubjectId& id, absl::Span<const ledger::HistoryEntry> history, const Examiner& examiner);
  // The registers with everything put so far.
  const Registers& Finish();
  // Forgets everything.
  void Clear();

 private:
  struct Changes {
    std::vector<SubjectId> removed;  // or to be replaced
    struct Added {
      SubjectId id;
      std::vector<Step> steps;
      std::vector<Classification> classifications;
      std::vector<Trace> traces;
    };
    std::vector<Added> added;
  };
  using Places = absl::InlinedVector<uint32_t, 2>;

  static std::shared_ptr<const VillageRegister> Change(const VillageRegister* before, Changes changes);

  ledger::CountingRules rules_;
  absl::flat_hash_map<SubjectId, Places> places_of_;
  absl::flat_hash_map<uint32_t, Changes> changes_;  // by ordinal of the place
  std::vector<Trace> traces_;                       // scratch
  Registers registers_;
};

}  // namespace sothon::oversight
