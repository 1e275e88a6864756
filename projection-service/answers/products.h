// Products and schemes in the words of the wire.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

void FillProduct(const oversight::Product& product, v1::ProductState* state);

// A set of schemes: bit n for the scheme of number n.
using SchemeMask = uint32_t;
constexpr SchemeMask MaskOf(int scheme) { return SchemeMask{1} << scheme; }
inline constexpr SchemeMask kAllSchemes = (SchemeMask{1} << (v1::BHYT_KHAC + 1)) - 2;
inline constexpr SchemeMask kHealthInsurance = kAllSchemes & ~MaskOf(v1::BHXH_TN);
// What people pay for, so that somebody has to collect it: a card paid by the State is renewed by the State (plan#62).
inline constexpr SchemeMask kCollectedSchemes = kAllSchemes & ~MaskOf(v1::BHYT_NSNN);
inline constexpr size_t kSchemeSlots = v1::BHYT_KHAC + 1;

// Those of a request; `allowed` where it names none. INVALID_ARGUMENT (BadRequest, field "schemes[i]"): no scheme, or
// one that `allowed` does not have.
absl::StatusOr<SchemeMask> SchemesAsked(const google::protobuf::RepeatedField<int>& schemes, SchemeMask allowed);

}  // namespace sothon::answers
