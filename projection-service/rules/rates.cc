#include "projection-service/rules/rates.h"

#include <algorithm>

namespace sothon::rules {
namespace {

// Beyond so many different amounts every sum between the least and the largest is one of theirs, near enough.
constexpr size_t kAmountsMax = 4;

}  // namespace

std::vector<int64_t> RatesWithin(std::string_view name, const oversight::Circumstances& known,
                                 const oversight::Step& step) {
  std::vector<int64_t> rates;
  const auto add = [&](CivilDate date) {
    if (const auto rate = known.parameters.At(name, step.place, date)) rates.push_back(*rate);
  };
  add(step.date);
  const CivilMonth first = step.cover_first.Month();
  for (int32_t month = 0; month < step.months; ++month) {
    add(CivilDate::FirstOf(first.Plus(month)));
    add(CivilDate::LastOf(first.Plus(month)));
  }
  std::sort(rates.begin(), rates.end());
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  return rates;
}

bool MixMakes(absl::Span<const int64_t> amounts, int32_t months, int64_t sum, int64_t slack) {
  if (amounts.empty()) return false;
  const auto [least, largest] = std::minmax_element(amounts.begin(), amounts.end());
  if (sum < months * *least - slack || months * *largest + slack < sum) return false;
  if (amounts.size() > kAmountsMax) return true;
  if (amounts.size() == 1) return true;
  for (int32_t taken = 0; taken <= months; ++taken) {
    if (MixMakes(amounts.subspan(1), months - taken, sum - taken * amounts.front(), slack)) return true;
  }
  return false;
}

std::array<uint64_t, 3> ProofOf(std::string_view name, const oversight::Circumstances& known,
                                const oversight::Step& step) {
  const v1::Event* set = known.parameters.SetBy(name, step.place, step.date);
  if (set == nullptr) return {step.position, 0};
  return {std::min(set->position(), step.position), std::max(set->position(), step.position)};
}

}  // namespace sothon::rules
