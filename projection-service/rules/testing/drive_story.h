// A story of drives in the smallest commune: shorthands for the steps of a drive.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "projection-service/rules/testing/story.h"

namespace sothon::rules::testing {

// Beside Story's registry: the BHXH office "BHXH-DC", the people's committee "UBND-XA", the agency "TCDVT-02", and the
// collectors NVT-02 to NVT-06 of TCDVT-01 and NVT-21 to NVT-23 of TCDVT-02.
class DriveStory : public Story {
 public:
  explicit DriveStory(int villages = 2);

  // Each returns its position. The drive is "D-1" in the first village unless said otherwise.
  uint64_t Contract(std::string_view agency, int32_t from = 20250101, int32_t until = 0,
                    std::string_view place = "23500");
  uint64_t Agree(int32_t date, std::string_view drive = "D-1");
  // Scheduled on `date` for the days from `from` to `to`; `officer` and agencies may be left out.
  uint64_t Schedule(int32_t date, int32_t from, int32_t to, std::string_view officer = "CB-01",
                    std::vector<std::string> notified = {}, std::string_view drive = "D-1",
                    std::string_view place = "23500-01");
  uint64_t Open(int32_t date, std::string_view drive = "D-1", std::string_view place = "23500-01");
  uint64_t Close(int32_t date, std::string_view drive = "D-1");
  uint64_t Activity(int32_t date, v1::ActivityKind kind, std::string_view drive = "D-1",
                    std::string_view place = "23500-01");
  uint64_t Commit(int32_t date, std::string_view head, int64_t surveyed = 0, std::string_view drive = "D-1",
                  std::string_view place = "23500-01");
  uint64_t Report(int32_t date, std::string_view kind, std::vector<std::string> to, std::string_view drive = "D-1");
  // A receipt of synthetic person `person`, of the drive where one is named.
  uint64_t Collect(std::string_view receipt, uint64_t person, int32_t date, std::string_view collector,
                   std::string_view drive = "D-1", std::string_view agency = "TCDVT-01",
                   std::string_view place = "23500-01");
};

}  // namespace sothon::rules::testing
