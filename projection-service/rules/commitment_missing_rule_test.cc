#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "commitment_missing";

TEST(CommitmentMissingTest, TheVillageHeadSignsBeforeTheDrive_Plan46) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "it has not begun";
  EXPECT_THAT(story.Find(kCode, 20251105), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", opened, "]")));
  story.Commit(20251106, "TT-01");
  story.Commit(20251101, "TT-01", 0, "D-2");
  story.Commit(20251101, "TT-02", 0, "", "23500-02");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "afterwards, for another drive, or of another village";
  const uint64_t before = story.last_position();
  story.Commit(20251105, "TT-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, before).size(), 1u) << "as it was known then";
}

TEST(CommitmentMissingTest, WhereAHeadIsKnownOnlyTheirsCounts_Plan46) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Role("H-1", v1::VILLAGE_HEAD, "TT-01", "23500-01", 20250701);
  story.Commit(20251101, "CB-09");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  story.Commit(20250801, "TT-01", 0, "");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "a commitment to the model as a whole";
}

TEST(CommitmentMissingTest, WhereADriveNeedsNone_Plan46) {
  testing::DriveStory story;
  const uint64_t parameter = story.Parameter("duty.drive_survey", 1);
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", parameter, " ", opened, "]")));
  story.Parameter("duty.drive_survey", 0);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
