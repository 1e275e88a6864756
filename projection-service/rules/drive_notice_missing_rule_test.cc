#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_notice_missing";

TEST(DriveNoticeMissingTest, AfterTheClose_Plan37) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "it is still open";
  const uint64_t closed = story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251107), IsEmpty()) << "the day of the close is not over";
  EXPECT_THAT(story.Find(kCode, 20251108),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251108 [", opened, " ", closed, "]")));
  story.Report(20251108, "drive", {"UBND-XA"});
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "a report is no notice";
  const uint64_t before = story.last_position();
  story.Report(20251110, "drive_notice", {});
  EXPECT_EQ(story.Find(kCode, 20251109).size(), 1u) << "not issued by that day";
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, before).size(), 1u) << "as it was known then";
}

TEST(DriveNoticeMissingTest, OnlyAfterTheDeadline_Plan41) {
  testing::DriveStory story;
  const uint64_t deadline = story.Parameter("deadline.drive_notice", 5);
  const uint64_t opened = story.Open(20251105);
  const uint64_t closed = story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251112), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251113),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251113 [", deadline, " ", opened, " ", closed, "]")));
}

}  // namespace
}  // namespace sothon::rules
