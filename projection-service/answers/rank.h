// RankVillages: where the next drive is easiest (plan#42).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic.
//
// "Dễ làm trước", the easiest first, as we read it: a village is the easier, the fewer people are still missing from
// its targets of the year (the sum of `remaining` over its products). Of equal ones that comes first where they are the
// smaller part of those who do not participate yet; where nobody declared how many that are, after those where it is
// known. Villages that have reached everything, and then those without targets, come last: nothing is left to do there.
// What is still equal stays in order of the source document.
//
// `insured`: people with a card of any form that covers the date; a card bought is one person, however many they hold.
// `due_soon`: covers that end on the date or within 60 days and that nothing follows yet, without cards that the State
// pays. `population` is what the newest DenominatorDeclared of "population" for the village says.
absl::Status FillRank(const oversight::Situation& situation, const v1::RankVillagesRequest& request,
                      v1::RankVillagesResponse* response);

}  // namespace sothon::answers
