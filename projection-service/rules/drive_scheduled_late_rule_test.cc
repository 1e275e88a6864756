#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_scheduled_late";

TEST(DriveScheduledLateTest, TheScheduleComesBeforeTheDrive_Plan51) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  const uint64_t scheduled = story.Schedule(20251106, 20251105, 20251107);
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty()) << "by then there is none at all";
  EXPECT_THAT(story.Find(kCode, 20251106),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251106 [", opened, " ", scheduled, "]")));
  story.Schedule(20251105, 20251105, 20251107);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "on the first day is in time, whatever came after it";
  EXPECT_EQ(story.Find(kCode, 20251231, scheduled).size(), 1u) << "as it was known then";
}

TEST(DriveScheduledLateTest, AlsoWhereItWasNeverOpened_Plan51) {
  testing::DriveStory story;
  const uint64_t scheduled = story.Schedule(20251106, 20251105, 20251107);
  EXPECT_THAT(story.Find(kCode, 20251231), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251106 [", scheduled, "]")));
}

}  // namespace
}  // namespace sothon::rules
