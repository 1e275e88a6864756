#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "collectors_too_many";

TEST(CollectorsTooManyTest, FiveDistinctCollectorsAreEnough_Plan44) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  const uint64_t five = story.Attend("D-1", "TCDVT-01", {"NVT-01", "NVT-02", "NVT-03", "NVT-04", "NVT-05"}, 20251105);
  const uint64_t closed = story.Close(20251106);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  const uint64_t sixth = story.Attend("D-1", "TCDVT-01", {"NVT-06"}, 20251106);
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty()) << "before the close";
  EXPECT_THAT(story.Find(kCode, 20251106), ElementsAre(StrCat("23500-01 TCDVT-01 D-1 - - x1 20251106 [", opened, " ",
                                                              five, " ", closed, " ", sixth, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231, closed), IsEmpty()) << "as it was known then";
}

TEST(CollectorsTooManyTest, TheParameterDecides_Plan44) {
  testing::DriveStory story;
  const uint64_t parameter = story.Parameter("drive.collectors_max", 1);
  const uint64_t opened = story.Open(20251105);
  const uint64_t there = story.Attend("D-1", "TCDVT-02", {"NVT-21", "NVT-22"}, 20251105);
  const uint64_t closed = story.Close(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), ElementsAre(StrCat("23500-01 TCDVT-02 D-1 - - x1 20251105 [", parameter, " ",
                                                              opened, " ", there, " ", closed, "]")));
  story.Parameter("drive.collectors_max", 2);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "corrected";
}

}  // namespace
}  // namespace sothon::rules
