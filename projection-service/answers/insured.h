// Who of a village is insured on a date, by which forms of insurance.
#pragma once

#include <cstdint>
#include <vector>

#include "projection-service/answers/products.h"
#include "projection-service/oversight/register.h"

namespace sothon::answers {

// Of everybody in a register: whether a step known on the date, of these schemes, covers it by itself. Somebody who is
// covered by several belongs where the newest of them is; so nobody counts in two villages. Borrows nothing.
class Insured {
 public:
  Insured(const oversight::VillageRegister& people, CivilDate date, SchemeMask schemes);

  bool Is(uint32_t person) const { return newest_[person] != 0; }
  // Insured, and of this village.
  bool IsHere(uint32_t person) const { return (newest_[person] & 1) != 0; }
  // The step that covers, the newest of several: index into VillageRegister::steps. Of people who are insured.
  uint32_t StepOf(uint32_t person) const { return (newest_[person] >> 1) - 1; }
  int64_t CountHere() const;

 private:
  // By person; 0: not insured, otherwise 2 * (step + 1), and 1 more where the person lives in the village on the date.
  std::vector<uint32_t> newest_;
};

}  // namespace sothon::answers
