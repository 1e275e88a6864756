#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_not_scheduled";

TEST(DriveNotScheduledTest, OpenedOutOfTheBlue_Plan51) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "not opened yet";
  EXPECT_THAT(story.Find(kCode, 20251105), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", opened, "]")));
  story.Schedule(20251107, 20251105, 20251107);
  EXPECT_EQ(story.Find(kCode, 20251106).size(), 1u) << "not scheduled by that day";
  EXPECT_THAT(story.Find(kCode, 20251107), IsEmpty()) << "scheduled, though late";
  EXPECT_EQ(story.Find(kCode, 20251107, opened).size(), 1u) << "as it was known then";
}

}  // namespace
}  // namespace sothon::rules
