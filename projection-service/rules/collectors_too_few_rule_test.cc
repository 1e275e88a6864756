#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "collectors_too_few";

TEST(CollectorsTooFewTest, ThreeDistinctCollectorsAreDue_Plan44) {
  testing::DriveStory story;
  story.Contract("TCDVT-02");  // absent, so not also too few
  const uint64_t opened = story.Open(20251105);
  const uint64_t first = story.Attend("D-1", "TCDVT-01", {"NVT-01", "NVT-02"}, 20251105);
  const uint64_t again = story.Attend("D-1", "TCDVT-01", {"NVT-02"}, 20251106);
  EXPECT_THAT(story.Find(kCode, 20251107), IsEmpty()) << "more may come";
  const uint64_t closed = story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251106), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251107), ElementsAre(StrCat("23500-01 TCDVT-01 D-1 - - x1 20251107 [", opened, " ",
                                                              first, " ", again, " ", closed, "]")));
  story.Attend("D-1", "TCDVT-01", {"NVT-03"}, 20251107);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, closed).size(), 1u) << "as it was known then";
}

TEST(CollectorsTooFewTest, TheParameterOfTheDayAndPlaceDecides_Plan44) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Attend("D-1", "TCDVT-01", {"NVT-01", "NVT-02"}, 20251105);
  story.Close(20251105);
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  story.Parameter("drive.collectors_min", 2, 20251106);
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "only from the next day on";
  story.Parameter("drive.collectors_min", 1, 20251105, "23500-02");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "only elsewhere";
  story.Parameter("drive.collectors_min", 2, 20251105, "23500-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
