// Pupils of each school in its year: who is covered, and who is not (plan#20, #21, #64).
#pragma once

#include <string>
#include <vector>

#include "projection-service/answers/insured.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// The insurance of everybody in the villages of a situation on its date; looked up once for schools and groups.
struct VillageInsured {
  ledger::Ordinal village;
  Insured as_pupil;   // by a BHYT_HSSV card
  Insured otherwise;  // by any other form of health insurance
  bool Is(uint32_t person) const { return as_pupil.Is(person) || otherwise.Is(person); }
};
std::vector<VillageInsured> InsuredOf(const oversight::Situation& situation);

// September to August.
struct SchoolYear {
  CivilDate first;
  CivilDate last;
  std::string ToString() const;  // "2025-2026"
  static SchoolYear Of(CivilDate date);
};

// In order of id: schools of which something was declared at the place or below it, or nowhere at all (so that one
// whose numbers nobody told is seen), or which a card in these villages names. How many pupils there are is what was
// declared as of a day of the school year: last year's number says nothing of this year's. Covered are people of these
// villages whose newest BHYT_HSSV step that covers the date is credited to the school.
std::vector<v1::SchoolState> SchoolsOf(const oversight::Situation& situation,
                                       const std::vector<VillageInsured>& insured);

}  // namespace sothon::answers
