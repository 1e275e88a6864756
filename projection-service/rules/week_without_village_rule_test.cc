#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "week_without_village";

class WeekWithoutVillageTest : public ::testing::Test {
 protected:
  WeekWithoutVillageTest() {
    duty_ = story_.Parameter("duty.week_ladder", 1, 20251001);
    for (const char* village : {"23500-01", "23500-02"}) {
      story_.Tell(sothon::testing::VillageTarget(std::string("T-") + village, village, v1::BHXH_TN, 202510, 2));
    }
  }
  void Join(const char* village, int32_t date, int people) {
    for (int i = 0; i < people; ++i, ++person_) {
      story_.Tell(sothon::testing::Contribution(
          {.receipt = std::to_string(person_), .person = person_, .place_id = village, .date = date}));
    }
  }

  testing::Story story_;
  uint64_t duty_ = 0;
  uint64_t person_ = 1;
};

TEST_F(WeekWithoutVillageTest, WeeksWithoutAVillageUntilAllHave) {
  Join("23500-01", 20251002, 1);
  Join("23500-01", 20251008, 1);  // W41: reached
  Join("23500-02", 20251023, 3);  // W43: reached, and more
  const std::string proof = " [" + std::to_string(duty_) + "]";
  EXPECT_THAT(story_.Find(kCode, 20251005), IsEmpty()) << "the first week is not over";
  EXPECT_THAT(story_.Find(kCode, 20251006), ElementsAre("23500 - - - 2025-W40 x1 20251006" + proof));
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre("23500 - - - 2025-W40 x1 20251006" + proof, "23500 - - - 2025-W42 x1 20251020" + proof));
}

TEST_F(WeekWithoutVillageTest, LateReceiptsFillTheWeekTheyBelongTo) {
  Join("23500-01", 20251008, 2);
  const uint64_t before = story_.last_position();
  Join("23500-02", 20251003, 2);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251012, before).size(), 1u);
}

TEST_F(WeekWithoutVillageTest, OnlyWhereAPlanAsksForIt) {
  testing::Story quiet;
  quiet.Tell(sothon::testing::VillageTarget("T", "23500-01", v1::BHXH_TN, 202510, 2));
  EXPECT_THAT(quiet.Find(kCode, 20251231), IsEmpty());
}

TEST_F(WeekWithoutVillageTest, IsAMatterOfTheCommuneNotOfOneVillage) {
  Join("23500-01", 20251002, 2);  // W40
  EXPECT_THAT(story_.Find(kCode, 20251006), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251013, 0, "23500-02"), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251013, 0, "23500").size(), 1u);
  EXPECT_EQ(story_.Find(kCode, 20251013, 0, "51").size(), 1u);
}

// plan#13
TEST_F(WeekWithoutVillageTest, AMergerLeavesTheWeeksBeforeItAsTheyWere) {
  Join("23500-01", 20251002, 2);  // W40
  v1::Event merger;
  merger.mutable_place_changed()->set_place_id("23500-01");
  merger.mutable_place_changed()->set_change(v1::PlaceChanged::MERGED);
  merger.mutable_place_changed()->add_into_place_ids("23500-02");
  story_.Tell(20251020, "23500-01", std::move(merger));
  const std::string proof = " [" + std::to_string(duty_) + "]";
  EXPECT_THAT(story_.Find(kCode, 20251021),
              ElementsAre("23500 - - - 2025-W41 x1 20251013" + proof, "23500 - - - 2025-W42 x1 20251020" + proof));
}

}  // namespace
}  // namespace sothon::rules
