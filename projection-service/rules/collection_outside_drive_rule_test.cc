#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"
#include "projection-service/rules/testing/people.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCode[] = "collection_outside_drive";

TEST(CollectionOutsideDriveTest, FromItsOpeningOnInItsVillage_Plan27) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Close(20251107);
  story.Collect("1", 1, 20251105, "NVT-01");
  story.Collect("2", 2, 20251107, "NVT-01");
  story.Collect("3", 3, 20251101, "NVT-01", "", "TCDVT-01", "23500-02");
  story.Collect("4", 4, 20251101, "NVT-01", "D-l");
  EXPECT_THAT(story.Find(kCode, 20261231), IsEmpty()) << "of the drive, of none, and of one that nobody opened";
}

TEST(CollectionOutsideDriveTest, BeforeTheOpeningFromTheOpeningOn_Plan27) {
  testing::DriveStory story;
  const uint64_t early = story.Collect("1", 1, 20251031, "NVT-01");
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "nobody knew by that day";
  EXPECT_THAT(story.Find(kCode, 20251105),
              ElementsAre(StrCat("23500-01 - D-1 - 2025-10 x1 20251105 [", early, " ", opened, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231, early), IsEmpty()) << "as it was known then";
  EXPECT_EQ(story.Find(kCode, 20251231, opened).size(), 1u);
}

TEST(CollectionOutsideDriveTest, AMonthAfterTheCloseProspectsAreFollowedUp_Plan47) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Collect("1", 1, 20251207, "NVT-01");
  const uint64_t late = story.Collect("2", 2, 20251208, "NVT-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "open still";
  const uint64_t closed = story.Close(20251107);
  EXPECT_THAT(story.Find(kCode, 20251207), IsEmpty()) << "30 days after the close";
  EXPECT_THAT(story.Find(kCode, 20251208),
              ElementsAre(StrCat("23500-01 - D-1 - 2025-12 x1 20251208 [", late, " ", closed, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231, late), IsEmpty()) << "as it was known then";
}

TEST(CollectionOutsideDriveTest, InAnotherVillage_Plan27) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  const uint64_t first = story.Collect("1", 1, 20251106, "NVT-01", "D-1", "TCDVT-01", "23500-02");
  const uint64_t second = story.Collect("2", 2, 20251107, "NVT-21", "D-1", "TCDVT-02", "23500-02");
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty()) << "not yet";
  EXPECT_THAT(story.Find(kCode, 20251106),
              ElementsAre(StrCat("23500-02 - D-1 - 2025-11 x1 20251106 [", opened, " ", first, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231),
              ElementsAre(StrCat("23500-02 - D-1 - 2025-11 x2 20251106 [", opened, " ", first, " ", second, "]")));
  const Rule* rule = FindRule(kCode);
  const std::vector<Judged> judged = Judge(story.SituationOn(20251231), {&rule, 1});
  ASSERT_EQ(judged.size(), 1u);
  EXPECT_THAT(judged[0].finding.text_vi, HasSubstr("2 biên lai ghi đợt ra quân D-1 nhưng không thuộc đợt này (ở Thôn "
                                                   "thử 1 (23500-01), mở ngày 05/11/2025)"));
  EXPECT_THAT(judged[0].finding.text_en, HasSubstr("2 receipts that name drive D-1 do not belong to it (in Thôn thử 1 "
                                                   "(23500-01), opened on 2025-11-05)"));
}

TEST(CollectionOutsideDriveTest, TheVillageThatTheDrivesWasMergedInto_Plan27) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Collect("1", 1, 20251109, "NVT-01", "D-1", "TCDVT-01", "23500-02");
  story.Collect("2", 2, 20251110, "NVT-01", "D-1", "TCDVT-01", "23500-02");
  const uint64_t before = story.last_position();
  story.Tell(testing::MergerOf("23500-01", "23500-02", 20251110));
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u) << "the one before the merger";
  EXPECT_THAT(story.Find(kCode, 20251231)[0], HasSubstr(" x1 20251109 "));
  EXPECT_THAT(story.Find(kCode, 20251231, before)[0], HasSubstr(" x2 20251109 "));
}

TEST(CollectionOutsideDriveTest, AReversalTakesItBack_Plan27) {
  testing::DriveStory story;
  story.Open(20251105);
  const uint64_t wrong = story.Collect("1", 1, 20251106, "NVT-01", "D-1", "TCDVT-01", "23500-02");
  story.Tell(sothon::testing::Reversal("1", 20251110));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, wrong).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
