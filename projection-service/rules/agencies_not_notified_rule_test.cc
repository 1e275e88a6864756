#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "agencies_not_notified";

TEST(AgenciesNotNotifiedTest, EachAgencyUnderContractIsNotified_Plan51) {
  testing::DriveStory story;
  const uint64_t first = story.Contract("TCDVT-01");
  const uint64_t second = story.Contract("TCDVT-02");
  const uint64_t scheduled = story.Schedule(20251101, 20251105, 20251106);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "the day has not come";
  EXPECT_THAT(story.Find(kCode, 20251105),
              ElementsAre(StrCat("23500-01 - D-1 - - x2 20251105 [", first, " ", second, " ", scheduled, "]")));
  const uint64_t again = story.Schedule(20251102, 20251105, 20251106, "CB-01", {"TCDVT-02"});
  EXPECT_THAT(story.Find(kCode, 20251105),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", first, " ", again, "]")));
  story.Schedule(20251103, 20251105, 20251106, "CB-01", {"TCDVT-02", "TCDVT-01"});
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, again).size(), 1u) << "as it was known then";
}

TEST(AgenciesNotNotifiedTest, WithoutAContractOrAScheduleThereIsNothingToSay_Plan51) {
  testing::DriveStory story;
  story.Contract("TCDVT-01", 20251106);
  story.Schedule(20251101, 20251105, 20251106);
  story.Open(20251107, "D-2");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
