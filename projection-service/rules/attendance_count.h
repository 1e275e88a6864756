// How many collectors each agency sent to a drive, against how many it is to send (plan#44). Pure.
#pragma once

#include <functional>
#include <string_view>

#include "projection-service/rules/drive_case.h"

namespace sothon::rules {

struct AttendanceCount {
  std::string_view agency_id;
  int64_t collectors = 0;  // distinct ones
  int64_t bound = 0;       // the parameter on the drive's first day
};

// A finding, without words, for each attending agency of each drive whose attendance is complete and breaks `parameter`
// as `breaks(collectors, bound)` says. `words` adds them.
void ReportAttendance(Case* hearing, std::string_view parameter, bool (*breaks)(int64_t collectors, int64_t bound),
                      const std::function<void(const DriveCase&, const AttendanceCount&, Finding*)>& words);

}  // namespace sothon::rules
