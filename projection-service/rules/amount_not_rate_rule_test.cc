#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/rates.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCode[] = "amount_not_rate";

struct Receipt {
  v1::Scheme scheme = v1::BHYT_HGD;
  int64_t due = 0;
  uint32_t months = 12;
  int64_t income = 0;
  int32_t date = 20251105;
};

class AmountNotRateTest : public ::testing::Test {
 protected:
  void SetRates() {
    salary_ = story_.Parameter(kBaseSalary, 2'340'000);
    story_.Parameter(kBhytRate, 45);
    story_.Parameter("rate.bhyt_hgd_2nd", 70);
    story_.Parameter("rate.bhyt_hgd_3rd", 60);
    story_.Parameter("rate.bhyt_hgd_4th", 50);
    story_.Parameter("rate.bhyt_hgd_5th", 40);
    bhxh_ = story_.Parameter(kBhxhRate, 220);
    floor_ = story_.Parameter(kIncomeFloor, 1'500'000);
  }
  // A person of their own for each receipt.
  uint64_t Pay(const Receipt& receipt) {
    const uint64_t number = story_.last_position();
    v1::Event event = sothon::testing::Contribution({.receipt = std::to_string(number),
                                                     .person = number,
                                                     .scheme = receipt.scheme,
                                                     .date = receipt.date,
                                                     .months = receipt.months,
                                                     .due_vnd = receipt.due});
    event.mutable_contribution_recorded()->set_income_base_vnd(receipt.income);
    return story_.Tell(std::move(event));
  }
  std::vector<std::string> Find(int32_t date = 20261231) const { return story_.Find(kCode, date); }
  static std::string Line(const char* scheme, uint64_t setting, uint64_t position) {
    return std::string("23500-01 NVT-01 - ") + scheme + " 2025-11 x1 20251105 [" + std::to_string(setting) + " " +
           std::to_string(position) + "]";
  }

  testing::Story story_;
  uint64_t salary_ = 0;
  uint64_t bhxh_ = 0;
  uint64_t floor_ = 0;
};

TEST_F(AmountNotRateTest, AHouseholdPaysTheFullRateOrLess) {
  SetRates();
  // 4.5 % of 2,340,000 are 105,300 a month.
  for (const int64_t due : {1'263'600, 884'520, 758'160, 631'800, 505'440}) Pay({.due = due});
  Pay({.due = 1'263'612});  // a đồng a month of rounding
  EXPECT_THAT(Find(), IsEmpty());
  const uint64_t wrong = Pay({.due = 1'263'613});
  EXPECT_THAT(story_.Find(kCode, 20251104), IsEmpty()) << "not yet";
  EXPECT_THAT(Find(), ElementsAre(Line("BHYT_HGD", salary_, wrong)));
}

TEST_F(AmountNotRateTest, PupilsAndFarmHouseholdsPayTheFullRate) {
  SetRates();
  Pay({.scheme = v1::BHYT_HSSV, .due = 1'263'600});
  Pay({.scheme = v1::BHYT_NLNN, .due = 315'900, .months = 3});
  EXPECT_THAT(Find(), IsEmpty());
  const uint64_t pupil = Pay({.scheme = v1::BHYT_HSSV, .due = 884'520});
  EXPECT_THAT(Find(), ElementsAre(Line("BHYT_HSSV", salary_, pupil)));
}

TEST_F(AmountNotRateTest, WhenTheBaseSalaryChangesEachMonthMayBeAtEither) {
  SetRates();
  story_.Parameter(kBaseSalary, 2'530'000, 20260701);
  // November to October: 4 of the 12 months are at 113,850.
  Pay({.due = 8 * 105'300 + 4 * 113'850});
  Pay({.due = 12 * 113'850});
  Pay({.due = (8 * 105'300 + 4 * 113'850) * 7 / 10});
  EXPECT_THAT(Find(), IsEmpty());
  Pay({.due = 6 * 113'850, .months = 6});  // November to April know no such rate
  EXPECT_THAT(Find(), SizeIs(1));
}

TEST_F(AmountNotRateTest, VoluntaryInsuranceIsOfTheChosenIncome) {
  SetRates();
  Pay({.scheme = v1::BHXH_TN, .due = 330'000, .months = 1, .income = 1'500'000});
  Pay({.scheme = v1::BHXH_TN, .due = 1'320'000, .months = 3, .income = 2'000'000});
  EXPECT_THAT(Find(), IsEmpty());
  const uint64_t wrong = Pay({.scheme = v1::BHXH_TN, .due = 330'000, .months = 1, .income = 2'000'000});
  EXPECT_THAT(Find(), ElementsAre(Line("BHXH_TN", bhxh_, wrong)));
}

TEST_F(AmountNotRateTest, AnIncomeBelowTheFloorOrAboveTwentyBaseSalaries) {
  SetRates();
  Pay({.scheme = v1::BHXH_TN, .due = 20 * 2'340'000 * 22 / 100, .months = 1, .income = 20 * 2'340'000});
  EXPECT_THAT(Find(), IsEmpty());
  Pay({.scheme = v1::BHXH_TN, .due = 308'000, .months = 1, .income = 1'400'000});
  EXPECT_THAT(Find(), SizeIs(1));
  Pay({.scheme = v1::BHXH_TN, .months = 1, .income = 20 * 2'340'000 + 1});
  EXPECT_EQ(Find().at(0).substr(0, 37), "23500-01 NVT-01 - BHXH_TN 2025-11 x2 ");
}

TEST_F(AmountNotRateTest, WithoutAStatedIncomeTheFloorsContributionIsTheLeast) {
  SetRates();
  Pay({.scheme = v1::BHXH_TN, .due = 400'123, .months = 1});
  Pay({.scheme = v1::BHXH_TN, .due = 329'999, .months = 1});
  EXPECT_THAT(Find(), IsEmpty());
  const uint64_t wrong = Pay({.scheme = v1::BHXH_TN, .due = 329'998, .months = 1});
  EXPECT_THAT(Find(), ElementsAre(Line("BHXH_TN", floor_, wrong)));
}

TEST_F(AmountNotRateTest, SilentWhereNothingIsKnown) {
  Pay({.due = 1});
  Pay({.scheme = v1::BHXH_TN, .due = 1, .months = 1, .income = 1});
  EXPECT_THAT(Find(), IsEmpty()) << "no rates";
  story_.Parameter(kBaseSalary, 2'340'000);
  story_.Parameter(kBhytRate, 45);
  Pay({.due = 1});
  EXPECT_THAT(Find(), IsEmpty()) << "it may be a share that nobody recorded";
  SetRates();
  EXPECT_THAT(Find(), Not(IsEmpty()));
}

TEST_F(AmountNotRateTest, SilentWhereNothingIsSaid) {
  SetRates();
  Pay({.due = 0});
  Pay({.scheme = v1::BHYT_KHAC, .due = 1});
  Pay({.scheme = v1::BHYT_NSNN, .due = 1});
  Pay({.scheme = v1::BHXH_TN, .due = 1, .months = 24});
  EXPECT_THAT(Find(), IsEmpty());
}

TEST_F(AmountNotRateTest, AReversalTakesItBack) {
  SetRates();
  const uint64_t wrong = Pay({.due = 1});
  story_.Tell(sothon::testing::Reversal(std::to_string(wrong - 1), 20251106));
  EXPECT_THAT(Find(), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20261231, wrong), SizeIs(1));
}

TEST(MixMakesTest, AnyMixOfTheAmounts) {
  EXPECT_TRUE(MixMakes({10}, 3, 30, 0));
  EXPECT_FALSE(MixMakes({10}, 3, 31, 0));
  EXPECT_TRUE(MixMakes({10}, 3, 31, 1));
  EXPECT_TRUE(MixMakes({10, 100}, 3, 120, 0));
  EXPECT_FALSE(MixMakes({10, 100}, 3, 130, 0));
  EXPECT_TRUE(MixMakes({10, 100, 1000}, 3, 1110, 0));
  EXPECT_FALSE(MixMakes({}, 3, 0, 0));
}

}  // namespace
}  // namespace sothon::rules
