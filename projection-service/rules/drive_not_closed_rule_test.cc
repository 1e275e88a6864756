#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_not_closed";

TEST(DriveNotClosedTest, OpenAMonthAfterItsLastPlannedDay_Plan36) {
  testing::DriveStory story;
  const uint64_t scheduled = story.Schedule(20251101, 20251105, 20251107);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "never opened";
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251206), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251207),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251207 [", scheduled, " ", opened, "]")));
  story.Close(20251220);
  EXPECT_EQ(story.Find(kCode, 20251219).size(), 1u) << "not closed by that day";
  EXPECT_THAT(story.Find(kCode, 20251220), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, opened).size(), 1u) << "as it was known then";
}

TEST(DriveNotClosedTest, WithoutAScheduleFromTheOpening_Plan36) {
  testing::DriveStory story;
  story.Open(20251101);
  EXPECT_THAT(story.Find(kCode, 20251130), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251201).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
