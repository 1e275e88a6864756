#include "projection-service/answers/products.h"

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::answers {

void FillProduct(const oversight::Product& product, v1::ProductState* state) {
  state->set_scheme(product.scheme);
  state->set_scheme_group_id(product.group_id);
  state->set_target(product.target);
  state->set_achieved(product.achieved);
  state->set_remaining(product.Remaining());
  if (!product.reached_on) return;
  state->set_reached_date(product.reached_on->ToWire());
  state->set_reached_position(product.reached_position);
}

absl::StatusOr<SchemeMask> SchemesAsked(const google::protobuf::RepeatedField<int>& schemes, SchemeMask allowed) {
  if (schemes.empty()) return allowed;
  SchemeMask asked = 0;
  for (int i = 0; i < schemes.size(); ++i) {
    const int scheme = schemes[i];
    if (scheme <= 0 || scheme > v1::BHYT_KHAC) {
      return BadRequest({{StrCat("schemes[", i, "]"), StrCat(scheme, " is not a scheme; leave it out for all")}});
    }
    if ((allowed & MaskOf(scheme)) == 0) {
      return BadRequest(
          {{StrCat("schemes[", i, "]"), StrCat(SchemeName(static_cast<v1::Scheme>(scheme)),
                                               " is paid by the State and not collected from anybody; leave it out")}});
    }
    asked |= MaskOf(scheme);
  }
  return asked;
}

}  // namespace sothon::answers
