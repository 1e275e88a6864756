#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCode[] = "collection_of_unknown_drive";

TEST(CollectionOfUnknownDriveTest, AMisspeltIdIsNobodysResult_Plan27) {
  testing::DriveStory story;
  story.Open(20251105);
  story.Collect("1", 1, 20251105, "NVT-01");
  story.Collect("2", 2, 20251105, "NVT-01", "");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "of the drive that is open, and of none";
  const uint64_t first = story.Collect("3", 3, 20251106, "NVT-01", "D-l");
  const uint64_t second = story.Collect("4", 4, 20251107, "NVT-21", "D-l", "TCDVT-02");
  const uint64_t third = story.Collect("5", 4, 20251207, "NVT-21", "D-l", "TCDVT-02");
  const uint64_t elsewhere = story.Collect("6", 5, 20251107, "NVT-01", "D-l", "TCDVT-01", "23500-02");
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty()) << "not yet";
  EXPECT_THAT(story.Find(kCode, 20251106), ElementsAre(StrCat("23500-01 - D-l - 2025-11 x1 20251106 [", first, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231),
              ElementsAre(StrCat("23500-01 - D-l - 2025-11 x2 20251106 [", first, " ", second, "]"),
                          StrCat("23500-01 - D-l - 2025-12 x1 20251207 [", third, "]"),
                          StrCat("23500-02 - D-l - 2025-11 x1 20251107 [", elsewhere, "]")))
      << "whoever collected, first or not";
}

TEST(CollectionOfUnknownDriveTest, SaysWhichDriveHowManyAndWhatToDo_Plan27) {
  testing::DriveStory story;
  story.Collect("1", 1, 20251106, "NVT-01", "D-l");
  story.Collect("2", 2, 20251106, "NVT-01", "D-l");
  const Rule* rule = FindRule(kCode);
  ASSERT_NE(rule, nullptr);
  const std::vector<Judged> judged = Judge(story.SituationOn(20251231), {&rule, 1});
  ASSERT_EQ(judged.size(), 1u);
  EXPECT_EQ(judged[0].info.severity, v1::WARNING);
  EXPECT_THAT(judged[0].finding.text_vi, HasSubstr("2 biên lai ghi đợt ra quân D-l chưa được mở; hủy biên lai"));
  EXPECT_THAT(judged[0].finding.text_en, HasSubstr("2 receipts name drive D-l, which was not opened; reverse"));
}

TEST(CollectionOfUnknownDriveTest, TakenBackFromTheDayOfTheOpening_Plan52) {
  testing::DriveStory story;
  const uint64_t early = story.Collect("1", 1, 20251103, "NVT-01");
  story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251102), IsEmpty()) << "not collected yet";
  EXPECT_THAT(story.Find(kCode, 20251103), ElementsAre(StrCat("23500-01 - D-1 - 2025-11 x1 20251103 [", early, "]")));
  EXPECT_EQ(story.Find(kCode, 20251104).size(), 1u);
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty()) << "open now: another rule's";
}

TEST(CollectionOfUnknownDriveTest, TakenBackFromThePositionOfTheOpening_Plan52) {
  testing::DriveStory story;
  const uint64_t early = story.Collect("1", 1, 20251105, "NVT-01");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "events may arrive in any order";
  EXPECT_THAT(story.Find(kCode, 20251105), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, early).size(), 1u) << "as it was known then";
  EXPECT_THAT(story.Find(kCode, 20251231, opened), IsEmpty());
}

TEST(CollectionOfUnknownDriveTest, ScheduledAndAttendedIsNotOpened_Plan52) {
  testing::DriveStory story;
  story.Agree(20251101);
  story.Schedule(20251102, 20251105, 20251107);
  story.Attend("D-1", "TCDVT-01", {"NVT-01"}, 20251105);
  story.Collect("1", 1, 20251105, "NVT-01");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
}

TEST(CollectionOfUnknownDriveTest, AReversalTakesItBack_Plan27) {
  testing::DriveStory story;
  story.Open(20251105);
  const uint64_t wrong = story.Collect("1", 1, 20251106, "NVT-01", "D-l");
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  story.Tell(sothon::testing::Reversal("1", 20251110));
  story.Collect("2", 1, 20251106, "NVT-01");
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, wrong).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
