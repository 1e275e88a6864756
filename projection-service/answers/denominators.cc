#include "projection-service/answers/denominators.h"

namespace sothon::answers {

CivilDate DayOf(const v1::Event& declared) {
  return CivilDate::FromWire(declared.denominator_declared().as_of_date()).value_or(ledger::DateOf(declared));
}

Denominators::Denominators(const oversight::Situation& situation, CivilDate from, CivilDate to) {
  for (const v1::Event* event : situation.Facts(v1::Event::kDenominatorDeclared)) {
    const v1::DenominatorDeclared& declared = event->denominator_declared();
    const CivilDate day = DayOf(*event);
    if (day < from || to < day) continue;
    const std::string_view place = declared.party_id().empty() ? std::string_view(event->place_id()) : "";
    const v1::Event*& newest = newest_[{declared.of(), declared.party_id(), place}];
    if (newest == nullptr || DayOf(*newest) <= day) newest = event;
  }
}

const v1::Event* Denominators::OfPlace(std::string_view of, std::string_view place_id) const {
  const auto found = newest_.find({of, {}, place_id});
  return found == newest_.end() ? nullptr : found->second;
}

const v1::Event* Denominators::OfParty(std::string_view of, std::string_view party_id) const {
  const auto found = newest_.find({of, party_id, {}});
  return found == newest_.end() ? nullptr : found->second;
}

}  // namespace sothon::answers
