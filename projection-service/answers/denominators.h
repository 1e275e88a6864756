// How many there are of something, as declared (DenominatorDeclared, plan#19, #20). What was not declared is unknown.
#pragma once

#include <map>
#include <string_view>
#include <tuple>

#include "projection-service/oversight/situation.h"

namespace sothon::answers {

// Borrows the situation's facts.
class Denominators {
 public:
  // Those that are of a day in [from, to]; nothing recorded as effective after the situation's date.
  Denominators(const oversight::Situation& situation, CivilDate from, CivilDate to);

  // The newest by its day, of one day the later in the log; nullptr: never declared.
  const v1::Event* OfPlace(std::string_view of, std::string_view place_id) const;
  const v1::Event* OfParty(std::string_view of, std::string_view party_id) const;

 private:
  // of, party, place; declared for a party, the place says only where it is.
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, const v1::Event*> newest_;
};

// The day that a declaration is of: as it says, otherwise its effective date.
CivilDate DayOf(const v1::Event& declared);

}  // namespace sothon::answers
