#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "first_collection_by_outsider";

TEST(FirstCollectionByOutsiderTest, OnlyThoseWhoAttendedCollectFirst_Plan53) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  story.Attend("D-1", "TCDVT-01", {"NVT-01", "NVT-02"}, 20251105);
  story.Collect("1", 1, 20251105, "NVT-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  const uint64_t other = story.Collect("2", 2, 20251106, "NVT-03");
  const uint64_t stranger = story.Collect("3", 3, 20251106, "NVT-21", "D-1", "TCDVT-02");
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty()) << "not yet";
  EXPECT_THAT(story.Find(kCode, 20251106),
              ElementsAre(StrCat("23500-01 NVT-03 D-1 BHXH_TN - x1 20251106 [", opened, " ", other, "]"),
                          StrCat("23500-01 NVT-21 D-1 BHXH_TN - x1 20251106 [", opened, " ", stranger, "]")));
  story.Collect("4", 1, 20251206, "NVT-04");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 2u) << "a second collection is another rule's";
}

TEST(FirstCollectionByOutsiderTest, AttendanceRecordedLater_Plan53) {
  testing::DriveStory story;
  story.Open(20251105);
  const uint64_t wrong = story.Collect("1", 1, 20251105, "NVT-01");
  story.Attend("D-1", "TCDVT-01", {"NVT-01"}, 20251107);
  EXPECT_EQ(story.Find(kCode, 20251106).size(), 1u) << "nobody knew by that day";
  EXPECT_THAT(story.Find(kCode, 20251107), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, wrong).size(), 1u) << "as it was known then";
}

TEST(FirstCollectionByOutsiderTest, AgenciesWithoutACollectorNamed_Plan53) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Attend("D-1", "TCDVT-01", {"NVT-01"}, 20251105);
  story.Collect("1", 1, 20251105, "", "D-1", "TCDVT-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  story.Collect("2", 2, 20251105, "", "D-1", "TCDVT-02");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
}

TEST(FirstCollectionByOutsiderTest, EnrolmentsOutsideDrivesAndReversedOnes_Plan55) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Collect("1", 1, 20251105, "NVT-01", "");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  story.Tell(sothon::testing::Opening({.person = 2}));
  story.Collect("2", 2, 20251105, "NVT-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "insured before the log began";
  const uint64_t wrong = story.Collect("3", 3, 20251105, "NVT-01");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  story.Tell(sothon::testing::Reversal("3", 20251106));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, wrong).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
