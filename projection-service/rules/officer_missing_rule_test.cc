#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "officer_missing";

TEST(OfficerMissingTest, TheScheduleNamesTheOfficer_Plan51) {
  testing::DriveStory story;
  const uint64_t scheduled = story.Schedule(20251101, 20251105, 20251106, "");
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "the day has not come";
  EXPECT_THAT(story.Find(kCode, 20251105), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", scheduled, "]")));
  story.Schedule(20251107, 20251105, 20251106, "CB-01");
  EXPECT_EQ(story.Find(kCode, 20251106).size(), 1u) << "not yet named on that day";
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "the newest schedule holds";
  EXPECT_EQ(story.Find(kCode, 20251231, scheduled).size(), 1u) << "as it was known then";
}

TEST(OfficerMissingTest, OfficersByRole_Plan51) {
  testing::DriveStory story;
  story.Schedule(20251101, 20251105, 20251106, "");
  story.Role("O-1", v1::OFFICER_IN_CHARGE, "CB-01", "23500-02", 20251001);
  story.Role("O-2", v1::OFFICER_IN_CHARGE, "CB-01", "23500", 20251001, 20251104);
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  story.Role("O-3", v1::OFFICER_IN_CHARGE, "CB-02", "23500", 20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

TEST(OfficerMissingTest, WithoutAScheduleAnotherRuleSpeaks_Plan51) {
  testing::DriveStory story;
  story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
