#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "support_over_budget";

class SupportOverBudgetTest : public ::testing::Test {
 protected:
  uint64_t Budget(int64_t vnd, int32_t as_of = 20250101, const char* place = "23500") {
    v1::Event event;
    event.mutable_denominator_declared()->set_denominator_id(StrCat("B-", vnd));
    event.mutable_denominator_declared()->set_of("support_budget_vnd");
    event.mutable_denominator_declared()->set_value(vnd);
    event.mutable_denominator_declared()->set_as_of_date(as_of);
    return story_.Tell(20250115, place, event);
  }
  uint64_t Pay(const char* receipt, int32_t date, int64_t local_vnd, const char* place = "23500-01",
               v1::Scheme scheme = v1::BHXH_TN) {
    return story_.Tell(sothon::testing::Contribution({.receipt = receipt,
                                                      .person = ++people_,
                                                      .scheme = scheme,
                                                      .place_id = place,
                                                      .date = date,
                                                      .local_support_vnd = local_vnd}));
  }
  testing::Story story_;
  uint64_t people_ = 0;
};

TEST_F(SupportOverBudgetTest, FromTheReceiptThatExceedsIt_Plan65) {
  const uint64_t budget = Budget(100'000);
  Pay("1", 20251001, 60'000);
  Pay("2", 20251105, 40'000, "23500-02");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "just spent";
  const uint64_t beyond = Pay("3", 20251110, 1, "23500-02");
  EXPECT_THAT(story_.Find(kCode, 20251109), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251110),
              ElementsAre(StrCat("23500 - - BHXH_TN 2025 x1 20251110 [", budget, " ", beyond, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251231, 0, "23500-01"), IsEmpty()) << "it is the commune's budget";
  story_.Tell(sothon::testing::Reversal("1", 20251120));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "taken back";
  EXPECT_EQ(story_.Find(kCode, 20251231, beyond).size(), 1u);
}

TEST_F(SupportOverBudgetTest, OtherYearsAndSchemesAndNoBudget_Plan65) {
  Pay("1", 20251001, 60'000);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "no budget is known, which is not 0";
  Budget(50'000, 20260101);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  Pay("2", 20260105, 60'000, "23500-01", v1::BHYT_HGD);
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
  Pay("3", 20260106, 60'000);
  EXPECT_EQ(story_.Find(kCode, 20261231).size(), 1u);
}

TEST_F(SupportOverBudgetTest, TheNewestBudgetHolds_Plan65) {
  Budget(50'000);
  Pay("1", 20251001, 60'000);
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u);
  Budget(70'000);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
