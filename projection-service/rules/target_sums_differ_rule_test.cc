#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "target_sums_differ";

class TargetSumsDifferTest : public ::testing::Test {
 protected:
  uint64_t Month(int32_t month, int64_t value, int64_t total, const char* place = "23500-01") {
    v1::Event event = sothon::testing::VillageTarget(StrCat(place, "-", month), place, v1::BHXH_TN, month, value);
    event.mutable_target_set()->set_declared_row_total(total);
    return story_.Tell(event);
  }
  uint64_t Revise(const char* document, int64_t value, int64_t total) {
    v1::Event event = sothon::testing::VillageTarget("T-new", "23500-01", v1::BHXH_TN, 202512, value, document);
    event.mutable_target_set()->set_revises_target_id("23500-01-202512");
    event.mutable_target_set()->set_declared_row_total(total);
    return story_.Tell(event);
  }
  testing::Story story_;
};

TEST_F(TargetSumsDifferTest, TheStatedTotalIsNotTheSumOfTheMonths_Plan9) {
  Month(202510, 2, 8);
  Month(202511, 3, 8);
  const uint64_t last = Month(202512, 3, 8);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t october = Month(202510, 2, 8, "23500-02");
  const uint64_t november = Month(202511, 3, 8, "23500-02");
  const uint64_t december = Month(202512, 2, 8, "23500-02");
  EXPECT_THAT(story_.Find(kCode, 20251016), IsEmpty()) << "not yet in effect";
  EXPECT_THAT(story_.Find(kCode, 20251017),
              ElementsAre(StrCat("23500-02 - - BHXH_TN - x1 20251017 [", october, " ", november, " ", december, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251231, last), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231, 0, "23500-01"), IsEmpty()) << "another village's";
}

TEST_F(TargetSumsDifferTest, ACorrectionInTheSameDocumentTakesItBack_Plan9) {
  Month(202510, 2, 8);
  Month(202511, 3, 8);
  const uint64_t wrong = Month(202512, 2, 8);
  Revise(sothon::testing::kDocumentId, 3, 8);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, wrong).size(), 1u);
}

TEST_F(TargetSumsDifferTest, ARowThatAnotherDocumentChangedIsNotCompared_Plan9) {
  Month(202510, 2, 8);
  Month(202511, 3, 8);
  Month(202512, 3, 8);
  Revise("KH-2", 5, 0);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(TargetSumsDifferTest, ARevisionLeavesTheDaysBeforeItAsTheyWere_Plan9) {
  Month(202510, 2, 8);
  Month(202511, 3, 8);
  Month(202512, 3, 8);
  v1::Event revision = sothon::testing::VillageTarget("T-new", "23500-01", v1::BHXH_TN, 202512, 6, "KH-2");
  revision.mutable_target_set()->set_revises_target_id("23500-01-202512");
  revision.set_effective_date(20251201);
  story_.Tell(revision);
  EXPECT_THAT(story_.Find(kCode, 20251130), IsEmpty()) << "2 + 3 + 3 on that day, whatever was recorded since";
  EXPECT_THAT(story_.Find(kCode, 20251201), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
