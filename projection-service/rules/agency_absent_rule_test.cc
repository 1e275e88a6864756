#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "agency_absent";

TEST(AgencyAbsentTest, EachAgencyUnderContractTakesPart_Plan43) {
  testing::DriveStory story;
  const uint64_t first = story.Contract("TCDVT-01");
  const uint64_t second = story.Contract("TCDVT-02", 20251001, 0, "23500-01");
  const uint64_t scheduled = story.Schedule(20251101, 20251105, 20251106);
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251106), IsEmpty()) << "its last day is not over";
  EXPECT_THAT(story.Find(kCode, 20251107),
              ElementsAre(StrCat("23500-01 TCDVT-01 D-1 - - x1 20251107 [", first, " ", scheduled, " ", opened, "]"),
                          StrCat("23500-01 TCDVT-02 D-1 - - x1 20251107 [", second, " ", scheduled, " ", opened, "]")));
  const uint64_t before = story.last_position();
  story.Attend("D-1", "TCDVT-02", {"NVT-21"}, 20251105);
  EXPECT_EQ(story.Find(kCode, 20251107).size(), 1u);
  EXPECT_EQ(story.Find(kCode, 20251107, before).size(), 2u) << "as it was known then";
  const uint64_t closed = story.Close(20251106);
  EXPECT_THAT(story.Find(kCode, 20251231), ElementsAre(StrCat("23500-01 TCDVT-01 D-1 - - x1 20251106 [", first, " ",
                                                              scheduled, " ", opened, " ", closed, "]")))
      << "from the close, where it comes earlier";
}

TEST(AgencyAbsentTest, ContractsOfOtherDaysAndPlaces_Plan43) {
  testing::DriveStory story;
  story.Contract("TCDVT-01", 20250101, 20251104);
  story.Contract("TCDVT-02", 20250101, 0, "23500-02");
  story.Open(20251105);
  story.Close(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

TEST(AgencyAbsentTest, AWorkingDriveWithoutAnEndIsNotJudged_Plan43) {
  testing::DriveStory story;
  story.Contract("TCDVT-01");
  story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  story.Close(20251231);
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
