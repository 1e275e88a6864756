#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/rates.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "support_too_high";

class SupportTooHighTest : public ::testing::Test {
 protected:
  uint64_t Pay(const char* receipt, int64_t central, int64_t local = 0, v1::Scheme scheme = v1::BHXH_TN) {
    return story_.Tell(sothon::testing::Contribution({.receipt = receipt,
                                                      .scheme = scheme,
                                                      .date = 20251105,
                                                      .months = 3,
                                                      .central_support_vnd = central,
                                                      .local_support_vnd = local}));
  }

  testing::Story story_;
};

TEST_F(SupportTooHighTest, MoreThanTheLargestShareOfTheFloorsContribution) {
  story_.Parameter(kBhxhRate, 220);
  story_.Parameter(kIncomeFloor, 1'500'000);
  Pay("1", 600'000);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "nobody recorded a largest share";
  const uint64_t share = story_.Parameter(kSupportMax, 50);
  story_.Tell(sothon::testing::Reversal("1", 20251106));
  // Half of 330,000, three months.
  Pay("2", 495'000, 900'000);
  Pay("3", 495'003);
  Pay("4", 900'000, 0, v1::BHYT_HGD);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t wrong = Pay("5", 495'004);
  EXPECT_THAT(story_.Find(kCode, 20251104), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre("23500-01 NVT-01 - BHXH_TN 2025-11 x1 20251105 [" +
                                                        std::to_string(share) + " " + std::to_string(wrong) + "]"));
  EXPECT_THAT(story_.Find(kCode, 20251231, wrong - 1), IsEmpty());
  story_.Tell(sothon::testing::Reversal("5", 20251106));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(SupportTooHighTest, AFloorThatRisesWithinTheMonthsCounts) {
  story_.Parameter(kBhxhRate, 220);
  story_.Parameter(kIncomeFloor, 1'500'000);
  story_.Parameter(kSupportMax, 50);
  story_.Parameter(kIncomeFloor, 1'600'000, 20260101);
  Pay("1", 3 * 176'000);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
