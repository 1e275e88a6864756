#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCode[] = "cover_overlap";

class CoverOverlapTest : public ::testing::Test {
 protected:
  uint64_t Pay(v1::Scheme scheme, int32_t date, int32_t from_month, uint32_t months) {
    const uint64_t number = story_.last_position();
    return story_.Tell(sothon::testing::Contribution({.receipt = std::to_string(number),
                                                      .scheme = scheme,
                                                      .date = date,
                                                      .from_month = from_month,
                                                      .months = months}));
  }
  static std::string Line(const char* what, uint64_t a, uint64_t b) {
    return std::string("23500-01 - - ") + what + " [" + std::to_string(a) + " " + std::to_string(b) + "]";
  }

  testing::Story story_;
};

TEST_F(CoverOverlapTest, TwoCardsFromTheFirstCommonDayOn) {
  const uint64_t household = Pay(v1::BHYT_HGD, 20250105, 202501, 12);
  const uint64_t poor = Pay(v1::BHYT_NSNN, 20250920, 202510, 12);
  EXPECT_THAT(story_.Find(kCode, 20250930), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251001), ElementsAre(Line("- - x1 20251001", household, poor)));
  EXPECT_THAT(story_.Find(kCode, 20271231), SizeIs(1)) << "it was paid for twice";
  EXPECT_THAT(story_.Find(kCode, 20251001, household), IsEmpty());
  story_.Tell(sothon::testing::Reversal(std::to_string(poor - 1), 20251005));
  EXPECT_THAT(story_.Find(kCode, 20271231), IsEmpty());
}

TEST_F(CoverOverlapTest, WhereThePersonLivedWhenItBegan) {
  Pay(v1::BHYT_HGD, 20250105, 202501, 12);
  Pay(v1::BHYT_NSNN, 20250920, 202510, 12);
  story_.Tell(sothon::testing::Move(1, "23500-02", 20250925));
  story_.Tell(sothon::testing::Move(1, "23500-01", 20251115));
  EXPECT_EQ(story_.Find(kCode, 20251001).at(0).substr(0, 8), "23500-02");
  EXPECT_EQ(story_.Find(kCode, 20251231).at(0).substr(0, 8), "23500-02") << "whatever happens later";
}

TEST_F(CoverOverlapTest, ACommonMonthIsAChangeOfCards) {
  Pay(v1::BHYT_HGD, 20250105, 202501, 10);
  Pay(v1::BHYT_HSSV, 20250920, 202510, 12);
  EXPECT_THAT(story_.Find(kCode, 20271231), IsEmpty());
}

TEST_F(CoverOverlapTest, VoluntarySocialInsuranceIsNoCardAndTheSameTwiceIsNone) {
  Pay(v1::BHYT_HGD, 20250105, 202501, 12);
  Pay(v1::BHXH_TN, 20250105, 202501, 12);
  Pay(v1::BHYT_HGD, 20250205, 202501, 12);
  EXPECT_THAT(story_.Find(kCode, 20271231), IsEmpty());
}

TEST_F(CoverOverlapTest, APupilCoveredElsewherePaidMonthByMonth) {
  const uint64_t household = Pay(v1::BHYT_HGD, 20250105, 202501, 12);
  Pay(v1::BHYT_HSSV, 20250905, 202509, 1);
  EXPECT_THAT(story_.Find(kCode, 20271231), IsEmpty()) << "30 days";
  const uint64_t second = Pay(v1::BHYT_HSSV, 20251005, 202510, 1);
  EXPECT_THAT(story_.Find(kCode, 20251004), IsEmpty()) << "nobody knew";
  EXPECT_THAT(story_.Find(kCode, 20251005), ElementsAre(Line("BHYT_HSSV - x1 20251005", household, second)));
  Pay(v1::BHYT_HSSV, 20251105, 202511, 1);
  EXPECT_THAT(story_.Find(kCode, 20271231), ElementsAre(Line("BHYT_HSSV - x1 20251005", household, second)))
      << "the same overlap, and no second one";
}

TEST_F(CoverOverlapTest, AnOpeningIsACard) {
  story_.Tell(sothon::testing::Opening({.scheme = v1::BHYT_KHAC, .covered_until = 20251231}));
  Pay(v1::BHYT_HGD, 20251005, 202510, 12);
  EXPECT_THAT(story_.Find(kCode, 20251005), SizeIs(1));
}

}  // namespace
}  // namespace sothon::rules
