// What a village still lacks of its year's targets when a drive opens (plan#27). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "sothon/v1/fieldwork.pb.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// The two products of a drive: BHXH_TN, and self-paid BHYT (a scheme group).
inline constexpr char kSelfPaidGroup[] = "BHYT_TU_DONG";

// One for each product that `place_id` has monthly targets for, from the rows of single months of `progress`: the
// targets' sum; what was achieved in the months that have one, and in no others; what is left, never below 0. Where
// people are to be developed and to be maintained in the same product, a drive is about developing.
std::vector<v1::DriveOpened::Baseline> BaselinesOf(const v1::GetProgressResponse& progress, std::string_view place_id);

// "BHXH_TN", "BHYT_TU_DONG".
std::string ProductName(const v1::DriveOpened::Baseline& baseline);

}  // namespace sothon::cli
