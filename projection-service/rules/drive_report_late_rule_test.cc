#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_report_late";

TEST(DriveReportLateTest, AfterTheDeadline_Plan36) {
  testing::DriveStory story;
  const uint64_t deadline = story.Parameter("deadline.drive_report", 3);
  const uint64_t opened = story.Open(20251105);
  const uint64_t closed = story.Close(20251107);
  story.Report(20251110, "drive", {"BHXH-DC"});
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "missing is not late";
  const uint64_t late = story.Report(20251111, "drive", {"BHXH-DC", "UBND-XA"});
  EXPECT_THAT(story.Find(kCode, 20251110), IsEmpty()) << "not filed by that day";
  EXPECT_THAT(story.Find(kCode, 20251111), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251111 [", deadline, " ", opened,
                                                              " ", closed, " ", late, "]")));
  EXPECT_EQ(story.Find(kCode, 20261231).size(), 1u) << "for ever";
  EXPECT_THAT(story.Find(kCode, 20251231, closed), IsEmpty()) << "as it was known then";
  story.Report(20251109, "drive", {"UBND-XA"});
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "recorded late, but filed in time";
}

TEST(DriveReportLateTest, WithoutADeadlineNothingIsLate_Plan41) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Close(20251107);
  story.Report(20251231, "drive", {"BHXH-DC", "UBND-XA"});
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
