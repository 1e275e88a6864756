#include "projection-service/rules/given_numbers.h"

#include <algorithm>

#include "common/base/strings.h"

namespace sothon::rules {
namespace {

bool IsSummable(v1::Measure measure) { return measure != v1::COVERAGE_RATE && measure != v1::PER_PERSON_MINIMUM; }

const KnownTarget* NumberOf(const Part& part, const ProductKey& product, CivilMonth month) {
  for (const GivenNumbers* numbers : part) {
    if (const KnownTarget* known = numbers->Find(product, month)) return known;
  }
  return nullptr;
}

void Take(const KnownTarget& known, int64_t* sum, UnequalSums* sums) {
  *sum += known.target->value;
  sums->since = std::max(sums->since, ledger::DateOf(*known.event));
  sums->positions.push_back(known.event->position());
}

}  // namespace

void GivenNumbers::Add(const KnownTarget& known) {
  const MonthRange& months = known.target->months;
  for (CivilMonth month = months.first; month <= months.last; month = month.Plus(1)) {
    by_product_[ProductOf(*known.target)].insert_or_assign(month, known);
  }
}

const KnownTarget* GivenNumbers::Find(const ProductKey& product, CivilMonth month) const {
  const auto months = by_product_.find(product);
  if (months == by_product_.end()) return nullptr;
  const auto known = months->second.find(month);
  return known == months->second.end() ? nullptr : &known->second;
}

std::vector<UnequalSums> CompareSums(const GivenNumbers& whole, const std::vector<Part>& parts) {
  std::vector<UnequalSums> unequal;
  for (const auto& [product, months] : whole.by_product()) {
    if (!IsSummable(product.measure)) continue;
    std::map<int32_t, UnequalSums> years;
    std::map<int32_t, bool> has_part;
    for (const auto& [month, given] : months) {
      UnequalSums& sums = years[month.Year()];
      Take(given, &sums.whole, &sums);
      for (const Part& part : parts) {
        const KnownTarget* number = NumberOf(part, product, month);
        if (number == nullptr) continue;
        has_part[month.Year()] = true;
        Take(*number, &sums.parts, &sums);
      }
    }
    for (auto& [year, sums] : years) {
      if (!has_part[year] || sums.whole == sums.parts) continue;
      sums.product = product;
      sums.year = year;
      unequal.push_back(std::move(sums));
    }
  }
  return unequal;
}

Words InWords(const oversight::Situation& situation, const UnequalSums& sums) {
  return {StrCat(ProductVi(situation, sums.product), " giao ", sums.whole, ", cộng được ", sums.parts),
          StrCat(ProductEn(situation, sums.product), " ", sums.whole, " given, the parts add up to ", sums.parts)};
}

}  // namespace sothon::rules
