#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "baseline_differs";

class BaselineDiffersTest : public ::testing::Test {
 protected:
  BaselineDiffersTest() {
    target_ = story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 8));
    story_.Collect("1", 1, 20251102, "NVT-01", "");
    known_ = story_.Collect("2", 2, 20251103, "NVT-01", "");
  }
  // Opened on 05/11/2025 with a baseline of BHXH_TN.
  uint64_t Open(int64_t target, int64_t achieved, uint64_t position = 0) {
    v1::Event event;
    v1::DriveOpened* opened = event.mutable_drive_opened();
    opened->set_drive_id("D-1");
    opened->set_baseline_position(position);
    v1::DriveOpened::Baseline* baseline = opened->add_baselines();
    baseline->set_scheme(v1::BHXH_TN);
    baseline->set_target(target);
    baseline->set_achieved(achieved);
    baseline->set_remaining(target - achieved);
    return story_.Tell(20251105, "23500-01", event);
  }
  std::vector<std::string> Find(int32_t date = 20251231, uint64_t position = 0) {
    return story_.Find(kCode, date, position);
  }
  std::string FindingOf(uint64_t opened) {
    return StrCat("23500-01 - D-1 - - x1 20251105 [", target_, " ", opened, "]");
  }

  testing::DriveStory story_;
  uint64_t target_ = 0;
  uint64_t known_ = 0;
};

TEST_F(BaselineDiffersTest, WhatTheLogSays_Plan27) {
  Open(8, 2, known_);
  EXPECT_THAT(Find(), IsEmpty());
  story_.Collect("3", 3, 20251104, "NVT-01", "");
  EXPECT_THAT(Find(), IsEmpty()) << "recorded after the baseline";
}

TEST_F(BaselineDiffersTest, AnotherAchievementOrTarget_Plan27) {
  const uint64_t opened = Open(8, 3, known_);
  EXPECT_THAT(Find(20251104), IsEmpty()) << "not opened yet";
  EXPECT_THAT(Find(20251105), ElementsAre(FindingOf(opened)));
  EXPECT_THAT(Find(20251231, known_), IsEmpty()) << "as it was known then";
  testing::DriveStory no_target;
  no_target.Open(20251105);
  EXPECT_THAT(no_target.Find(kCode, 20251231), IsEmpty()) << "no product, no baseline";
}

TEST_F(BaselineDiffersTest, UpToTheDayBeforeTheOpening_Plan27) {
  story_.Collect("3", 3, 20251105, "NVT-01", "");
  known_ = story_.Collect("4", 4, 20251120, "NVT-01", "");
  Open(8, 2, known_);
  EXPECT_THAT(Find(), IsEmpty());
}

TEST_F(BaselineDiffersTest, TheOpeningDayAndLaterAreNoPartOfIt_Plan27) {
  story_.Collect("3", 3, 20251105, "NVT-01", "");
  const uint64_t opened = Open(8, 3);
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened))) << "counts through the opening day";
}

TEST_F(BaselineDiffersTest, TheRestOfTheYearIsNoPartOfIt_Plan27) {
  story_.Collect("3", 3, 20251120, "NVT-01", "");
  const uint64_t opened = Open(8, 3);
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened)));
}

TEST_F(BaselineDiffersTest, WhatNamesTheDriveIsItsResult_Plan27) {
  story_.Collect("3", 3, 20251104, "NVT-01", "D-1");
  Open(8, 2);
  EXPECT_THAT(Find(), IsEmpty());
}

TEST_F(BaselineDiffersTest, WhatNamesTheDriveIsNoPartOfItsBaseline_Plan27) {
  story_.Collect("3", 3, 20251104, "NVT-01", "D-1");
  const uint64_t opened = Open(8, 3);
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened)));
  story_.Tell(sothon::testing::Reversal("3", 20251106));
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened))) << "reversed or not";
}

TEST_F(BaselineDiffersTest, TheTargetsOfThePosition_Plan27) {
  const uint64_t opened = Open(9, 2, known_);
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened)));
  v1::Event revision = sothon::testing::VillageTarget("T-2", "23500-01", v1::BHXH_TN, 202511, 9);
  revision.mutable_target_set()->set_revises_target_id("T-1");
  story_.Tell(revision);
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened))) << "revised after the baseline";
}

TEST_F(BaselineDiffersTest, TheOpeningsOwnPositionWhereNoneIsGiven_Plan27) {
  Open(8, 2);
  EXPECT_THAT(Find(), IsEmpty());
}

TEST_F(BaselineDiffersTest, AProductWithoutABaseline_Plan27) {
  story_.Tell(sothon::testing::VillageTarget("T-3", "23500-01", v1::BHYT_NSNN, 202512, 4));
  Open(8, 2);
  EXPECT_THAT(Find(), IsEmpty()) << "a drive is not about those whom the State pays for";
  testing::DriveStory story;
  v1::Event self_paid = sothon::testing::VillageTarget("T-3", "23500-01", v1::SCHEME_UNSPECIFIED, 202512, 4);
  self_paid.mutable_target_set()->set_scheme_group_id("BHYT_TU_DONG");
  const uint64_t target = story.Tell(self_paid);
  const uint64_t opened = story.Open(20251105);
  EXPECT_THAT(story.Find(kCode, 20251231),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251105 [", target, " ", opened, "]")));
}

TEST_F(BaselineDiffersTest, TheBenefitOfTheDoubt_Plan27) {
  const uint64_t opened = Open(8, 2, known_);
  story_.Tell(sothon::testing::Reversal("2", 20251106));
  EXPECT_THAT(Find(), IsEmpty()) << "reversed since: it counted then";
  story_.Tell(sothon::testing::Opening({.person = 1}));
  EXPECT_THAT(Find(), IsEmpty()) << "an opening recorded since makes a first collection a renewal";
  EXPECT_THAT(Find(20251231, opened), IsEmpty());
}

TEST_F(BaselineDiffersTest, DoubtDoesNotCoverEverything_Plan27) {
  const uint64_t opened = Open(8, 3, known_);
  story_.Tell(sothon::testing::Reversal("2", 20251106));
  EXPECT_THAT(Find(), ElementsAre(FindingOf(opened))) << "it was 2 with the one reversed since";
  testing::DriveStory early;
  early.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 8));
  early.Collect("1", 1, 20251102, "NVT-01", "");
  early.Tell(sothon::testing::Reversal("1", 20251103));
  v1::Event event;
  event.mutable_drive_opened()->set_drive_id("D-1");
  event.mutable_drive_opened()->add_baselines()->set_scheme(v1::BHXH_TN);
  event.mutable_drive_opened()->mutable_baselines(0)->set_target(8);
  event.mutable_drive_opened()->mutable_baselines(0)->set_achieved(1);
  early.Tell(20251105, "23500-01", event);
  EXPECT_EQ(early.Find(kCode, 20251231).size(), 1u) << "reversed before the baseline";
}

}  // namespace
}  // namespace sothon::rules
