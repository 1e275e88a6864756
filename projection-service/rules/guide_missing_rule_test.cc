#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "guide_missing";

TEST(GuideMissingTest, SomebodyLeadsTheCollectors_Plan45) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "it has not begun";
  EXPECT_THAT(story.Find(kCode, 20251105), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", opened, "]")));
  v1::Event attendance;
  attendance.mutable_attendance_recorded()->set_drive_id("D-1");
  attendance.mutable_attendance_recorded()->set_agency_id("TCDVT-01");
  attendance.mutable_attendance_recorded()->add_guide_ids("TT-01");
  story.Tell(20251106, "23500-01", attendance);
  EXPECT_EQ(story.Find(kCode, 20251105).size(), 1u) << "not known on that day";
  EXPECT_THAT(story.Find(kCode, 20251106), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, opened).size(), 1u) << "as it was known then";
}

TEST(GuideMissingTest, AScheduledDriveHasBegunOnItsDay_Plan45) {
  testing::DriveStory story;
  story.Schedule(20251101, 20251105, 20251106);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251105).size(), 1u);
}

TEST(GuideMissingTest, GuidesByRole_Plan45) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Role("G-0", v1::GUIDE, "TT-01", "23500-02", 20251001);
  story.Role("G-1", v1::GUIDE, "TT-01", "23500-01", 20251001, 20251104);
  v1::Event other;
  other.mutable_role_assigned()->set_role_id("G-2");
  other.mutable_role_assigned()->set_role(v1::GUIDE);
  other.mutable_role_assigned()->set_party_id("TT-01");
  other.mutable_role_assigned()->set_drive_id("D-2");
  story.Tell(20251101, "23500-01", other);
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "of another village, day or drive";
  const uint64_t before = story.last_position();
  story.Role("G-3", v1::GUIDE, "TT-01", "23500-01", 20251101);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, before).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
