#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "drive_not_agreed";

TEST(DriveNotAgreedTest, OpenedWithoutAgreement_Plan42) {
  testing::DriveStory story;
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251104), IsEmpty()) << "not opened yet";
  EXPECT_THAT(story.Find(kCode, 20251105), ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", opened, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231, opened - 1), IsEmpty()) << "not recorded yet";
  EXPECT_THAT(story.Find(kCode, 20251231, 0, "23500-02"), IsEmpty()) << "in the other village";
  story.Agree(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "on the day of the opening, though recorded after it";
  EXPECT_EQ(story.Find(kCode, 20251231, opened).size(), 1u) << "as it was known then";
}

TEST(DriveNotAgreedTest, AgreedTooLate_Plan42) {
  testing::DriveStory story;
  const uint64_t agreed = story.Agree(20251106);
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", agreed, " ", opened, "]")));
  story.Agree(20251101);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "the earliest counts";
}

TEST(DriveNotAgreedTest, WhatWasNeverOpenedNeedsNone_Plan42) {
  testing::DriveStory story;
  story.Schedule(20251101, 20251105, 20251106);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
