// The register of people, village by village: what collections, covers and rules about single people come from.
//
// Operation
//   Made of the histories of everybody, at one position. Later ones are made from an earlier one by putting in the
//   people whose histories changed; villages that none of them is in are shared between the two.
// Concurrency
//   A VillageRegister never changes. RegisterBuilder is thread-compatible.
#pragma once

#include <algorithm>
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
  std::array<uint64_t, 3> positions{};  // each once, ascending; 0, at the end: none

  bool HoldsOn(CivilDate date) const { return since <= date && date <= until; }
};

// Somebody belongs to a group of people (plan#61, #62).
struct Classification {
  uint64_t position = 0;
  CivilDate from;
  CivilDate until;  // last day, unless a later one of the same group says otherwise
  uint32_t person = 0;
  uint16_t group = 0;     // ordinal of its name
  ledger::Ordinal place;  // where the person was classified, or moved to since; a move makes another one of it
  CivilDate there_since;
  CivilDate there_until = kNever;  // last day

  bool IsThereOn(CivilDate date) const { return there_since <= date && date <= there_until; }
};

// Somebody who was known in several villages lived in `place`, as far as `scheme` and the moves tell
// (docs/counting.md, "Where a covered person counts").
struct Stay {
  uint32_t person = 0;
  uint8_t scheme = 0;
  ledger::Ordinal place;
  CivilDate since;
  CivilDate until = kNever;  // last day
};

// A contribution of the village in few bytes: questions about targets, weeks and drives go through all of them.
struct Collection {
  CivilDate date;
  uint16_t month = 0;  // CivilMonth::value
  uint8_t scheme = 0;
  ledger::Counter what = ledger::Counter::kFirst;
  uint32_t drive = 0;  // as of ledger::Named
  uint32_t step = 0;   // index into VillageRegister::steps

  // As of Step.
  bool IsDeveloped() const { return (what == ledger::Counter::kFirst) | (what == ledger::Counter::kReturned); }
  bool IsCollected() const { return what != ledger::Counter::kRepeat; }
};

// What a step covers, in few bytes: questions about renewals, retention and who is insured go through these. A step of
// somebody who came to the village twice stands here twice.
struct Cover {
  CivilDate covered_until;  // by this step and everything before it
  CivilDate since;          // the step's date
  CivilDate until;          // when it was the newest one last; as of Step
  CivilDate first;          // paid for by this step itself: first day
  CivilDate last;           // and last day
  CivilDate next_first;     // as of Step
  uint32_t step = 0;        // index into VillageRegister::steps
  uint32_t person = 0;
  uint8_t scheme = 0;
  bool outlasted = false;
  bool ended_here = false;  // the person lived in the village when this ended, and in these days
  // The days on which the person lives in the village, whatever the step; never: since kNever.
  CivilDate here_since;
  CivilDate here_until;  // last day

  // Who has to collect, and whom a village counts: where the person lives on the date.
  bool IsHereOn(CivilDate date) const { return here_since <= date && date <= here_until; }
  // What became of it: where the person lived when the cover ended or another step followed; before that, where the
  // person lives on the date.
  bool IsAnsweredForOn(CivilDate date) const { return date < Ends() ? IsHereOn(date) : ended_here; }
  CivilDate Ends() const { return std::max(since, std::min(covered_until, until)); }
  bool StandsOn(CivilDate date) const { return since <= date && date <= until; }
  // Whether it covers `date`, as known on that date.
  bool Covers(CivilDate date) const { return first <= date && date <= last && since <= date; }
};

// A contribution that was reversed: what was known before tells what was published and frozen then (plan#27, #60).
struct Withdrawn {
  ledger::HistoryEntry entry;
  uint32_t person = 0;
};

// Everybody whom any entry of their history puts into the village. All their steps are here, also those collected or
// lived elsewhere: ask Step::place and Cover::IsHereOn.
struct VillageRegister {
  std::vector<SubjectId> people;
  std::vector<Step> steps;                      // by date, then position
  std::vector<Classification> classifications;  // by position
  std::vector<Stay> stays;                      // anywhere; by person, scheme, since
  std::vector<Trace> traces;                    // of this place; by rule, since, positions, person
  std::vector<Withdrawn> withdrawn;             // of everybody here, wherever; by position
  // What of `steps` most questions ask, so that they need not read all of each.
  std::vector<Collection> collections;  // contributions of this village; by date, then position
  std::vector<Cover> covers;            // all steps; by covered_until, then date and position

  // The first of `collections` on or after `date`.
  std::vector<Collection>::const_iterator CollectionsFrom(CivilDate date) const;
  // The first of `covers` that last until `date` or longer.
  std::vector<Cover>::const_iterator CoversUntil(CivilDate date) const;
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
      std::vector<Stay> stays;
      std::vector<Trace> traces;
      std::vector<Withdrawn> withdrawn;
    };
    std::vector<Added> added;
  };
  using Places = absl::InlinedVector<uint32_t, 2>;

  static std::shared_ptr<const VillageRegister> Change(ledger::Ordinal place, const VillageRegister* before,
                                                       Changes changes);

  ledger::CountingRules rules_;
  absl::flat_hash_map<SubjectId, Places> places_of_;
  absl::flat_hash_map<uint32_t, Changes> changes_;  // by ordinal of the place
  std::vector<Trace> traces_;                       // scratch
  Registers registers_;
};

}  // namespace sothon::oversight
