#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "target_cascade_differs";

class TargetCascadeDiffersTest : public ::testing::Test {
 protected:
  uint64_t Give(const char* target, const char* place, int32_t month, int64_t value, bool each_village = false) {
    v1::Event event = sothon::testing::VillageTarget(target, place, v1::BHXH_TN, month, value);
    event.mutable_target_set()->set_each_village(each_village);
    return story_.Tell(event);
  }
  testing::Story story_;
};

TEST_F(TargetCascadeDiffersTest, TheVillagesDoNotAddUpToTheCommune_Plan25) {
  const uint64_t whole = Give("T", "23500", 202512, 10);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "nothing is handed down yet";
  const uint64_t first = Give("T-1", "23500-01", 202512, 6);
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(StrCat("23500 - - BHXH_TN 2025 x1 20251017 [", whole, " ", first, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251016), IsEmpty());
  Give("T-2", "23500-02", 202512, 4);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, first).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251231, first, "23500-01"), IsEmpty()) << "it is about the commune";
}

TEST_F(TargetCascadeDiffersTest, OtherMonthsYearsAndProductsAreOtherNumbers_Plan25) {
  Give("T", "23500", 202512, 10);
  Give("T-1", "23500-01", 202511, 6);
  Give("T-2", "23500-01", 202612, 6);
  v1::Event other = sothon::testing::VillageTarget("T-3", "23500-01", v1::BHYT_HGD, 202512, 3);
  story_.Tell(other);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(TargetCascadeDiffersTest, ANumberForEachVillageCountsForEach_Plan25) {
  const uint64_t whole = Give("T", "23500", 202512, 10);
  const uint64_t each = Give("T-each", "23500", 202512, 5, true);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "5 + 5";
  const uint64_t own = Give("T-1", "23500-01", 202512, 6);
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(StrCat("23500 - - BHXH_TN 2025 x1 20251017 [", whole, " ", each, " ", own, "]")))
      << "6 + 5: its own goes before";
  Give("T-2", "23500-02", 202512, 4);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "6 + 4";
}

TEST_F(TargetCascadeDiffersTest, ARevisionTakesItBack_Plan25) {
  Give("T", "23500", 202512, 10);
  const uint64_t wrong = Give("T-1", "23500-01", 202512, 6);
  v1::Event revision = sothon::testing::VillageTarget("T-1b", "23500-01", v1::BHXH_TN, 202512, 10);
  revision.mutable_target_set()->set_revises_target_id("T-1");
  story_.Tell(revision);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, wrong).size(), 1u);
}

TEST_F(TargetCascadeDiffersTest, ARevisionLeavesTheDaysBeforeItAsTheyWere_Plan25) {
  Give("T", "23500", 202512, 10);
  Give("T-1", "23500-01", 202512, 6);
  Give("T-2", "23500-02", 202512, 4);
  v1::Event revision = sothon::testing::VillageTarget("T-1b", "23500-01", v1::BHXH_TN, 202512, 5);
  revision.mutable_target_set()->set_revises_target_id("T-1");
  revision.set_effective_date(20251201);
  story_.Tell(revision);
  EXPECT_THAT(story_.Find(kCode, 20251130), IsEmpty()) << "6 + 4 on that day";
  EXPECT_EQ(story_.Find(kCode, 20251201).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
