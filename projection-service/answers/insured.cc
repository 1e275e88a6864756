#include "projection-service/answers/insured.h"

#include <algorithm>

namespace sothon::answers {

Insured::Insured(const oversight::VillageRegister& people, CivilDate date, SchemeMask schemes)
    : newest_(people.people.size()) {
  // Steps are numbered in order of date and position, so the largest number is the newest step.
  for (auto cover = people.CoversUntil(date); cover != people.covers.end(); ++cover) {
    if ((schemes & MaskOf(cover->scheme)) == 0 || !cover->Covers(date)) continue;
    uint32_t& newest = newest_[cover->person];
    newest = std::max(newest, 2 * (cover->step + 1) + (cover->IsHereOn(date) ? 1u : 0u));
  }
}

int64_t Insured::CountHere() const {
  return std::count_if(newest_.begin(), newest_.end(), [](uint32_t newest) { return (newest & 1) != 0; });
}

}  // namespace sothon::answers
