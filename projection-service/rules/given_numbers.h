// Numbers given to a whole, held against those given to its parts: a commune and its villages (plan#25), an agency and
// its collectors (plan#28).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"

namespace sothon::rules {

// What one place or party was given, by product and month. Of several targets for a month the last one in the log
// holds; they never add up (docs/counting.md).
class GivenNumbers {
 public:
  void Add(const KnownTarget& known);
  bool empty() const { return by_product_.empty(); }
  // nullptr: nothing was given for that month.
  const KnownTarget* Find(const ProductKey& product, CivilMonth month) const;

  using ByMonth = std::map<CivilMonth, KnownTarget>;
  const std::map<ProductKey, ByMonth>& by_product() const { return by_product_; }

 private:
  std::map<ProductKey, ByMonth> by_product_;
};

// One of the parts: its own numbers, then those that it has with others, the nearest first.
using Part = std::vector<const GivenNumbers*>;

struct UnequalSums {
  ProductKey product;
  int32_t year = 0;
  int64_t whole = 0;
  int64_t parts = 0;
  CivilDate since;  // the day on which the last of the numbers took effect
  std::vector<uint64_t> positions;
};

// Over the months of each year for which the whole has a number; only where a part has one, too. Rates and per-person
// minimums are no sums, and are left out.
std::vector<UnequalSums> CompareSums(const GivenNumbers& whole, const std::vector<Part>& parts);

// "BHXH tự nguyện: giao 10, cộng 9", as an item of a finding.
Words InWords(const oversight::Situation& situation, const UnequalSums& sums);

}  // namespace sothon::rules
