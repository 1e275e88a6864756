// Words that sentences of findings share.
#pragma once

#include <string>
#include <string_view>

#include "common/base/civil_time.h"
#include "sothon/v1/vocabulary.pb.h"

namespace sothon::rules {

// "17/10/2025", as Vietnamese documents write it.
std::string DayVi(CivilDate date);
// "tháng 11/2025"
std::string MonthVi(CivilMonth month);
// "BHXH tự nguyện", "BHYT hộ gia đình"; empty for SCHEME_UNSPECIFIED.
std::string_view SchemeVi(v1::Scheme scheme);
// "voluntary social insurance", "household health insurance"
std::string_view SchemeEn(v1::Scheme scheme);
// "person" or "people": for 1 and for others.
std::string_view PeopleEn(uint64_t count);

}  // namespace sothon::rules
