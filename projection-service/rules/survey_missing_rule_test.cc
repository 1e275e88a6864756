#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "survey_missing";

TEST(SurveyMissingTest, BeforeTheDrive_Plan46) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "it has not begun";
  EXPECT_THAT(story.Find(kCode, 20251105), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", opened, "]")));
  story.Activity(20251106, v1::SURVEY);
  story.Activity(20251101, v1::COMMUNICATION);
  story.Commit(20251101, "TT-01", 0);
  story.Activity(20251101, v1::SURVEY, "", "23500-02");
  story.Activity(20251005, v1::SURVEY, "");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "afterwards, another thing, elsewhere, or 31 days before";
  const uint64_t before = story.last_position();
  story.Activity(20251006, v1::SURVEY, "");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "30 days before";
  EXPECT_EQ(story.Find(kCode, 20251231, before).size(), 1u) << "as it was known then";
}

TEST(SurveyMissingTest, ASurveyOfTheDriveOrACountOfTheVillageHead_Plan46) {
  testing::DriveStory survey;
  survey.Open(20251105);
  survey.Activity(20250901, v1::SURVEY);
  EXPECT_THAT(survey.Find(kCode, 20251231), IsEmpty()) << "of the drive, whenever before it";
  testing::DriveStory count;
  count.Open(20251105);
  count.Commit(20251105, "TT-01", 12);
  EXPECT_THAT(count.Find(kCode, 20251231), IsEmpty());
}

TEST(SurveyMissingTest, WhereADriveNeedsNone_Plan46) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Parameter("duty.drive_survey", 0, 20251106);
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "only from the next day on";
  story.Parameter("duty.drive_survey", 0, 20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
