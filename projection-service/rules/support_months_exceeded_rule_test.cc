#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCode[] = "support_months_exceeded";

class SupportMonthsExceededTest : public ::testing::Test {
 protected:
  uint64_t Pay(const char* receipt, int32_t date, uint32_t months, int64_t central, int64_t local = 0,
               v1::Scheme scheme = v1::BHXH_TN) {
    return story_.Tell(sothon::testing::Contribution({.receipt = receipt,
                                                      .scheme = scheme,
                                                      .date = date,
                                                      .months = months,
                                                      .central_support_vnd = central,
                                                      .local_support_vnd = local}));
  }

  testing::Story story_;
};

TEST_F(SupportMonthsExceededTest, CentralAndLocalSupportAreOneSum) {
  Pay("1", 20250105, 60, 66'000);
  Pay("2", 20250205, 60, 0);  // its own money
  Pay("3", 20250305, 60, 66'000, 0, v1::BHYT_HGD);
  Pay("4", 20250405, 60, 0, 30'000);
  EXPECT_THAT(story_.Find(kCode, 20301231), IsEmpty()) << "120 months";
  const uint64_t wrong = Pay("5", 20300105, 1, 66'000);
  EXPECT_THAT(story_.Find(kCode, 20300104), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20301231),
              ElementsAre("23500-01 NVT-01 - BHXH_TN 2030-01 x1 20300105 [" + std::to_string(wrong) + "]"));
  story_.Tell(sothon::testing::Reversal("1", 20300106));
  EXPECT_THAT(story_.Find(kCode, 20301231), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20301231, wrong), SizeIs(1));
}

TEST_F(SupportMonthsExceededTest, ByThePlacesOwnLimit) {
  const uint64_t limit = story_.Parameter("support.months_max", 12);
  Pay("1", 20250105, 12, 66'000);
  const uint64_t wrong = Pay("2", 20260105, 3, 66'000);
  EXPECT_THAT(story_.Find(kCode, 20261231), ElementsAre("23500-01 NVT-01 - BHXH_TN 2026-01 x1 20260105 [" +
                                                        std::to_string(limit) + " " + std::to_string(wrong) + "]"));
}

}  // namespace
}  // namespace sothon::rules
