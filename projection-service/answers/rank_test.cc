#include "projection-service/answers/rank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::answers {
namespace {

using rules::testing::DriveStory;
using ::testing::ElementsAre;

class RankTest : public ::testing::Test {
 protected:
  void Target(const char* village, int64_t value) {
    story_.Tell(sothon::testing::VillageTarget(StrCat("T-", village), village, v1::BHXH_TN, 202510, value));
  }
  void Population(const char* village, int64_t value, int32_t as_of = 20250901) {
    v1::Event event;
    event.mutable_denominator_declared()->set_of("population");
    event.mutable_denominator_declared()->set_value(value);
    event.mutable_denominator_declared()->set_as_of_date(as_of);
    story_.Tell(20250901, village, event);
  }
  uint64_t Insure(const char* village, uint64_t person, v1::Scheme scheme, uint32_t months, int32_t date = 20251005) {
    return story_.Tell(sothon::testing::Contribution({.receipt = StrCat(++receipts_),
                                                      .person = person,
                                                      .scheme = scheme,
                                                      .place_id = village,
                                                      .date = date,
                                                      .months = months}));
  }
  std::vector<v1::VillagePotential> Ask(int32_t date = 20251031, uint64_t position = 0) const {
    v1::RankVillagesResponse response;
    EXPECT_TRUE(FillRank(story_.SituationOn(date, position), {}, &response).ok());
    return {response.villages().begin(), response.villages().end()};
  }
  std::vector<std::string> Order(int32_t date = 20251031) const {
    std::vector<std::string> ids;
    for (const v1::VillagePotential& village : Ask(date)) ids.push_back(village.place_id());
    return ids;
  }

  DriveStory story_{5};
  int receipts_ = 0;
};

TEST_F(RankTest, InsuredIsWhoeverLivesThereOnTheDate_Plan19) {
  const auto insured = [&](const char* village, int32_t date) {
    for (const v1::VillagePotential& one : Ask(date)) {
      if (one.place_id() == village) return one.insured();
    }
    return int64_t{-1};
  };
  Insure("23500-01", 1, v1::BHYT_HGD, 6);
  Insure("23500-01", 1, v1::BHYT_HGD, 6, 20251110);  // paid ahead; then moved
  story_.Tell(sothon::testing::Move(1, "23500-02", 20251210));
  Insure("23500-03", 2, v1::BHYT_HGD, 6);
  Insure("23500-04", 2, v1::BHYT_HGD, 6, 20251110);  // paid ahead where the person lives now
  EXPECT_EQ(insured("23500-01", 20251209), 1);
  EXPECT_EQ(insured("23500-02", 20251209), 0);
  EXPECT_EQ(insured("23500-01", 20251210), 0);
  EXPECT_EQ(insured("23500-02", 20251210), 1);
  EXPECT_EQ(insured("23500-03", 20251109), 1);
  EXPECT_EQ(insured("23500-03", 20251110), 0);
  EXPECT_EQ(insured("23500-04", 20251110), 1);
}

TEST_F(RankTest, TheEasiestFirst_Plan42) {
  Target("23500-01", 4);
  Target("23500-02", 1);  // reached
  Target("23500-03", 2);
  Target("23500-04", 2);
  Population("23500-03", 50);
  Population("23500-04", 100);
  Insure("23500-02", 1, v1::BHXH_TN, 3);
  EXPECT_THAT(Order(), ElementsAre("23500-04", "23500-03", "23500-01", "23500-02", "23500-05"));
  EXPECT_THAT(Order(20251004), ElementsAre("23500-02", "23500-04", "23500-03", "23500-01", "23500-05"))
      << "before it had reached its target";
}

TEST_F(RankTest, TheLastWeekOfAYearBelongsToItsPlan_Plan32) {
  Target("23500-02", 3);
  EXPECT_EQ(Ask(20260104)[0].place_id(), "23500-02");
  EXPECT_EQ(Ask(20260104)[0].products_size(), 1);
  EXPECT_EQ(Ask(20260105)[0].products_size(), 0);
}

TEST_F(RankTest, WhoParticipatesAndWhatIsDueSoon) {
  Population("23500-01", 10, 20240101);
  Population("23500-01", 20);
  Insure("23500-01", 1, v1::BHYT_HGD, 2);   // until 30 November
  Insure("23500-01", 1, v1::BHYT_KHAC, 1);  // the same person; until 31 October
  Insure("23500-01", 2, v1::BHYT_NSNN, 12);
  Insure("23500-01", 3, v1::BHXH_TN, 1);  // no health insurance
  Insure("23500-01", 4, v1::BHYT_HSSV, 12);
  Insure("23500-01", 5, v1::BHYT_HGD, 1);
  Insure("23500-01", 5, v1::BHYT_HGD, 6);  // paid ahead: nothing is due
  const v1::VillagePotential village = Ask()[0];
  EXPECT_TRUE(village.population_known());
  EXPECT_EQ(village.population(), 20);
  EXPECT_EQ(village.insured(), 4);
  EXPECT_EQ(village.not_participating(), 16);
  EXPECT_EQ(village.due_soon(), 3) << "1 in two schemes, 3";
  EXPECT_FALSE(Ask()[1].population_known());
  EXPECT_EQ(Ask(20251004)[0].insured(), 0);
  EXPECT_EQ(Ask(20251201)[0].insured(), 3);
}

TEST_F(RankTest, ADriveThatIsNotClosed) {
  story_.Open(20251006);
  EXPECT_TRUE(Ask()[0].in_drive());
  EXPECT_FALSE(Ask()[1].in_drive());
  const uint64_t before = story_.last_position();
  story_.Close(20251010);
  EXPECT_FALSE(Ask()[0].in_drive());
  EXPECT_TRUE(Ask(20251009)[0].in_drive());
  EXPECT_TRUE(Ask(20251031, before)[0].in_drive());
}

}  // namespace
}  // namespace sothon::answers
