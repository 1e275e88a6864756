#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_report_missing";

TEST(DriveReportMissingTest, ToTheOfficeAndToTheCommittee_Plan36) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  const uint64_t closed = story.Close(20251107);
  const std::string finding = StrCat("23500-01 - D-1 - - x1 20251108 [", opened, " ", closed, "]");
  EXPECT_THAT(story.Find(kCode, 20251107), IsEmpty()) << "the day of the close is not over";
  EXPECT_THAT(story.Find(kCode, 20251108), ElementsAre(finding));
  story.Report(20251106, "drive", {"BHXH-DC", "UBND-XA"});
  story.Report(20251108, "weekly", {"BHXH-DC", "UBND-XA"});
  story.Report(20251108, "drive", {"BHXH-DC", "UBND-XA"}, "D-2");
  EXPECT_THAT(story.Find(kCode, 20251231), ElementsAre(finding)) << "before the close, of another kind or drive";
  story.Report(20251109, "drive", {"TCDVT-01", "BHXH-DC"});
  EXPECT_THAT(story.Find(kCode, 20251231), ElementsAre(finding)) << "the committee lacks it";
  const uint64_t before = story.last_position();
  story.Report(20251120, "drive", {"UBND-XA"});
  EXPECT_EQ(story.Find(kCode, 20251119).size(), 1u) << "not filed by that day";
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "in two reports";
  EXPECT_EQ(story.Find(kCode, 20251231, before).size(), 1u) << "as it was known then";
}

TEST(DriveReportMissingTest, OnlyAfterTheDeadline_Plan41) {
  testing::DriveStory story;
  const uint64_t deadline = story.Parameter("deadline.drive_report", 3);
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "it is still open";
  const uint64_t closed = story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251110), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251111),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251111 [", deadline, " ", opened, " ", closed, "]")));
}

}  // namespace
}  // namespace sothon::rules
