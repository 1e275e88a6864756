#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "visits_missing";

TEST(VisitsMissingTest, HouseholdsAreVisitedInEveryDrive_Plan48) {
  testing::DriveStory story;
  const uint64_t parameter = story.Parameter("reach.household_visits", 1);
  const uint64_t opened = story.Open(20251105);
  story.Activity(20251105, v1::CONFERENCE);
  story.Activity(20251105, v1::HOUSEHOLD_VISIT, "D-2");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "it is still open";
  const uint64_t closed = story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251106), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251107),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251107 [", parameter, " ", opened, " ", closed, "]")));
  story.Activity(20251106, v1::HOUSEHOLD_VISIT);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, closed).size(), 1u) << "as it was known then";
}

TEST(VisitsMissingTest, OnlyWhereAPlanAsksForIt_Plan48) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
