#include "cli/drive/baseline.h"

#include <algorithm>
#include <string>

namespace sothon::cli {
namespace {

// Of several measures of one product, those whom it asks to be developed come first.
const v1::ProductState* FindProduct(const v1::VillagePotential& village, v1::Scheme scheme, std::string_view group) {
  const auto found = std::find_if(village.products().begin(), village.products().end(), [&](const auto& product) {
    return product.scheme() == scheme && product.scheme_group_id() == group;
  });
  return found == village.products().end() ? nullptr : &*found;
}

}  // namespace

std::vector<v1::DriveOpened::Baseline> BaselinesOf(const v1::VillagePotential& village, bool year_begins) {
  std::vector<v1::DriveOpened::Baseline> baselines;
  const auto add = [&](v1::Scheme scheme, std::string_view group) {
    const v1::ProductState* product = FindProduct(village, scheme, group);
    if (product == nullptr || product->target() == 0) return;
    v1::DriveOpened::Baseline& baseline = baselines.emplace_back();
    baseline.set_scheme(scheme);
    baseline.set_scheme_group_id(std::string(group));
    baseline.set_target(product->target());
    baseline.set_achieved(year_begins ? 0 : product->achieved());
    baseline.set_remaining(std::max<int64_t>(0, baseline.target() - baseline.achieved()));
  };
  add(v1::BHXH_TN, "");
  add(v1::SCHEME_UNSPECIFIED, kSelfPaidGroup);
  return baselines;
}

std::string ProductName(const v1::DriveOpened::Baseline& baseline) {
  return baseline.scheme_group_id().empty() ? v1::Scheme_Name(baseline.scheme()) : baseline.scheme_group_id();
}

}  // namespace sothon::cli
