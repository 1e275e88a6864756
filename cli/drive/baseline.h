// What a village still lacks of its year's targets when a drive opens (plan#27). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sothon/v1/fieldwork.pb.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::cli {

// The two products of a drive: BHXH_TN, and self-paid BHYT (a scheme group).
inline constexpr char kSelfPaidGroup[] = "BHYT_TU_DONG";

// One for each of them that `village` has targets for in the year: their sum, what counted in the months that have one,
// what is left, never below 0. Where people are to be developed and to be maintained in the same product, a drive is
// about developing. `year_begins`: the drive opens on 1 January, so that nothing of its year counted before it.
std::vector<v1::DriveOpened::Baseline> BaselinesOf(const v1::VillagePotential& village, bool year_begins);

// "BHXH_TN", "BHYT_TU_DONG".
std::string ProductName(const v1::DriveOpened::Baseline& baseline);

}  // namespace sothon::cli
