#include "projection-service/oversight/situation.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "common/base/strings.h"

namespace sothon::oversight {
namespace {

using ledger::Ordinal;
using ledger::Place;
using ledger::Target;

constexpr int32_t kMonthsOfYear = 12;

bool CountsPeople(v1::Measure measure) { return measure == v1::DEVELOPED || measure == v1::MAINTAINED_OR_DEVELOPED; }

}  // namespace

bool Product::Counts(const Step& step) const {
  return Includes(step.scheme) && (measure == v1::DEVELOPED ? step.IsDeveloped() : step.IsCollected());
}

int64_t Product::TargetOf(CivilMonth month) const {
  return month.Year() == year ? by_month[static_cast<size_t>(month.Month() - 1)] : 0;
}

Situation::Situation(const Sources& sources, std::optional<Ordinal> place) : sources_(sources), place_(place) {
  std::vector<Ordinal> tree;
  if (place) {
    tree = reference_view().TreeUnder(*place, UINT32_MAX, position());
    for (std::optional<Ordinal> above = reference().place(*place).parent; above;
         above = reference().place(*above).parent) {
      if (reference().place(*above).level == v1::COMMUNE) communes_.push_back(*above);
    }
  } else {
    for (const Ordinal root : reference_view().Roots()) {
      const std::vector<Ordinal> below = reference_view().TreeUnder(root, UINT32_MAX, position());
      tree.insert(tree.end(), below.begin(), below.end());
    }
  }
  for (const Ordinal one : tree) {
    if (reference().place(one).level == v1::COMMUNE) communes_.push_back(one);
    if (!reference().place(one).IsLeaf()) continue;
    villages_ever_.push_back(one);
    if (GoneOn(one) > date()) villages_.push_back(one);
  }
  std::sort(communes_.begin(), communes_.end());
}

bool Situation::Covers(Ordinal place) const {
  if (!place_) return true;
  for (std::optional<Ordinal> at = place; at; at = reference().place(*at).parent) {
    if (*at == *place_) return true;
  }
  return false;
}

bool Situation::Covers(std::string_view place_id) const {
  if (!place_) return true;
  const Place* place = reference_view().FindPlace(place_id, position());
  return place != nullptr && Covers(place->ordinal);
}

const VillageRegister& Situation::RegisterOf(Ordinal village) const {
  static const auto* const nobody = new VillageRegister;
  const Registers& registers = *sources_.registers;
  return village.value < registers.size() && registers[village.value] != nullptr ? *registers[village.value] : *nobody;
}

const std::vector<Product>& Situation::ProductsOf(Ordinal village, int32_t year) const {
  const auto [slot, is_new] = products_.try_emplace({village.value, year});
  if (is_new) slot->second = ComputeProducts(village, year);
  return slot->second;
}

std::vector<Product> Situation::TargetsOf(Ordinal village, int32_t year, Position as_of) const {
  const MonthRange months{CivilMonth{year * kMonthsOfYear}, CivilMonth{year * kMonthsOfYear + kMonthsOfYear - 1}};
  std::map<std::tuple<int, std::string_view, int>, Product> products;
  const auto add = [&](const Target& target) {
    if (!ledger::InForce(target, as_of) || !CountsPeople(target.measure)) return;
    if (target.months.last < months.first || months.last < target.months.first) return;
    Product& product = products[{target.scheme, target.scheme_group_id, target.measure}];
    product.scheme = target.scheme;
    product.group_id = target.scheme_group_id;
    product.measure = target.measure;
    product.year = year;
    product.targets.push_back(&target);
    product.by_month.resize(kMonthsOfYear);
    for (CivilMonth month = std::max(months.first, target.months.first);
         month <= std::min(months.last, target.months.last); month = month.Plus(1)) {
      product.by_month[static_cast<size_t>(month.value - months.first.value)] += target.value;
      product.target += target.value;
    }
  };
  for (std::optional<Ordinal> at = village; at; at = reference().place(*at).parent) {
    for (const Target* target : reference_view().TargetsOf(*at)) {
      if (*at == village || target->each_village) add(*target);
    }
  }
  std::vector<Product> out;
  for (auto& [key, product] : products) {
    if (product.scheme != v1::SCHEME_UNSPECIFIED) product.schemes = {product.scheme};
    for (const SchemeGroupDefinition& group : groups()) {
      if (group.id == product.group_id) product.schemes = group.schemes;
    }
    for (const v1::Scheme scheme : product.schemes) product.scheme_bits |= 1u << scheme;
    if (product.target > 0) out.push_back(std::move(product));
  }
  return out;
}

std::vector<Product> Situation::ComputeProducts(Ordinal village, int32_t year) const {
  std::vector<Product> products = TargetsOf(village, year, position());
  const VillageRegister& people = RegisterOf(village);
  const CivilDate first = CivilDate::FirstOf(CivilMonth{year * kMonthsOfYear});
  const CivilDate last = std::min(date(), CivilDate::LastOf(CivilMonth{year * kMonthsOfYear + kMonthsOfYear - 1}));
  for (Product& product : products) {
    // Hardly a branch in here: a commune has 200,000 collections, and which of them count nobody can guess.
    std::array<bool, kMonthsOfYear> has_target{};
    for (size_t i = 0; i < has_target.size(); ++i) has_target[i] = product.by_month[i] != 0;
    const int32_t january = first.Month().value;
    for (auto one = people.CollectionsFrom(first); one != people.collections.end() && one->date <= last; ++one) {
      const bool in_time = has_target[static_cast<size_t>(one->month - january)];
      const bool counts = product.Counts(*one) & in_time;
      product.achieved += counts;
      if (!(counts & (product.achieved == product.target))) continue;
      product.reached_on = one->date;
      product.reached_position = people.steps[one->step].position;
    }
  }
  return products;
}

std::optional<CivilDate> Situation::ReachedOn(Ordinal village, int32_t year) const {
  std::optional<CivilDate> last;
  for (const Product& product : ProductsOf(village, year)) {
    if (!product.reached_on) return std::nullopt;
    last = std::max(last.value_or(*product.reached_on), *product.reached_on);
  }
  return last;
}

std::string Situation::NameOf(Ordinal place) const {
  const Place& named = reference().place(place);
  return StrCat(named.NameAsOf(position()), " (", named.id, ")");
}

CivilDate Situation::GoneOn(Ordinal place) const {
  const v1::Event* gone = known().GoneBy(place);
  return gone == nullptr ? kNever : ledger::DateOf(*gone);
}

std::string_view Situation::AtDesk(uint32_t desk) const {
  if (desk == 0) return {};
  const ledger::Names::Desk at = names().DeskAt({desk - 1});
  return at.collector_id.empty() ? at.agency_id : at.collector_id;
}

}  // namespace sothon::oversight
