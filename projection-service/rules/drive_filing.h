// What is filed after a drive's close: reports of its result, and the commune's notice (plan#36, #37). Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "projection-service/rules/drive_case.h"

namespace sothon::rules {

// Until when something is to be filed. Without a deadline nothing is ever late, and it is missing once the day of the
// close is over (plan#41).
struct FilingTime {
  CivilDate closed_on;
  CivilDate last_day;
  bool has_deadline = false;
};

// nullopt: the drive is not closed. `parameter`: "deadline.drive_report"; its event joins `positions`.
std::optional<FilingTime> FilingTimeOf(const DriveCase& drive, std::string_view parameter,
                                       std::vector<uint64_t>* positions);
// The earliest report of `kind` on or after the close, addressed to a party of `recipient` where one is asked for;
// nullptr: there is none.
const v1::Event* FirstFiling(const DriveCase& drive, CivilDate closed_on, std::string_view kind,
                             std::optional<v1::PartyKind> recipient);

// To whom the result of a drive is reported: BHXH tỉnh and UBND xã (plan#36).
struct Recipient {
  v1::PartyKind kind;
  std::string_view name_vi;
  std::string_view name_en;
};
inline constexpr Recipient kReportRecipients[] = {{v1::BHXH_OFFICE, "cơ quan BHXH", "the social insurance office"},
                                                  {v1::PEOPLES_COMMITTEE, "UBND xã", "the people's committee"}};

}  // namespace sothon::rules
