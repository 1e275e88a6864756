#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/people.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "collector_missing";

class CollectorMissingTest : public ::testing::Test {
 protected:
  CollectorMissingTest() { duty_ = story_.Parameter("duty.resident_collector", 1); }
  void Pay(uint64_t person, v1::Scheme scheme, int32_t date, uint32_t months) {
    story_.Tell(sothon::testing::Contribution({.receipt = std::to_string(story_.last_position()),
                                               .person = person,
                                               .scheme = scheme,
                                               .date = date,
                                               .months = months}));
  }

  testing::Story story_;
  uint64_t duty_ = 0;
};

TEST_F(CollectorMissingTest, PeopleCoveredOnTheDateAndNobodyToCollect) {
  Pay(1, v1::BHXH_TN, 20251005, 3);
  Pay(1, v1::BHYT_HGD, 20251006, 12);
  Pay(2, v1::BHYT_HSSV, 20251007, 1);
  Pay(3, v1::BHYT_NSNN, 20251008, 12);
  const std::string proof = " [" + std::to_string(duty_) + "]";
  EXPECT_THAT(story_.Find(kCode, 20251004), IsEmpty()) << "nobody is covered yet";
  EXPECT_THAT(story_.Find(kCode, 20251005), ElementsAre("23500-01 - - - - x1 20251005" + proof));
  EXPECT_THAT(story_.Find(kCode, 20251031), ElementsAre("23500-01 - - - - x2 20251005" + proof));
  EXPECT_THAT(story_.Find(kCode, 20251101), ElementsAre("23500-01 - - - - x1 20251005" + proof));
  EXPECT_THAT(story_.Find(kCode, 20261001), IsEmpty()) << "what the State pays for is not collected";
}

TEST_F(CollectorMissingTest, WhatIsPaidAheadCoversNobodyYet) {
  story_.Tell(sothon::testing::Contribution({.date = 20251005, .from_month = 202512}));
  EXPECT_THAT(story_.Find(kCode, 20251130), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251201),
              ElementsAre("23500-01 - - - - x1 20251201 [" + std::to_string(duty_) + "]"));
}

TEST_F(CollectorMissingTest, WhoPaidAheadAndMovedIsWithoutACollectorInTheNewVillage) {
  Pay(1, v1::BHYT_HGD, 20251005, 6);
  Pay(1, v1::BHYT_HGD, 20251110, 6);
  story_.Tell(sothon::testing::Move(1, "23500-02", 20251210));
  const std::string proof = " [" + std::to_string(duty_) + "]";
  EXPECT_THAT(story_.Find(kCode, 20251209), ElementsAre("23500-01 - - - - x1 20251005" + proof));
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre("23500-02 - - - - x1 20251210" + proof));
}

TEST_F(CollectorMissingTest, FromTheDayOnWhichTheLastOneLeft) {
  Pay(1, v1::BHYT_HGD, 20251005, 12);
  story_.Role("R1", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-01", 20251001);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t ended = story_.EndRole("R1", 20251110);
  EXPECT_THAT(story_.Find(kCode, 20251109), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre("23500-01 - - - - x1 20251110 [" + std::to_string(ended) + "]"));
  EXPECT_THAT(story_.Find(kCode, 20251231, ended - 1), IsEmpty()) << "as known before";
  story_.Role("R2", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-01", 20251201);
  EXPECT_EQ(story_.Find(kCode, 20251130).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(CollectorMissingTest, AContractThatEndedLeavesThemAlone) {
  Pay(1, v1::BHYT_HGD, 20251005, 12);
  story_.Role("HD", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500", 20250101);
  story_.Role("R1", v1::RESIDENT_COLLECTOR, "NVT-01", "23500-01", 20251001);
  const uint64_t ended = story_.EndRole("HD", 20251115);
  EXPECT_THAT(story_.Find(kCode, 20251114), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251115),
              ElementsAre("23500-01 - - - - x1 20251115 [" + std::to_string(ended) + "]"));
}

TEST_F(CollectorMissingTest, WherePeopleLiveNowAndOnlyWhereThePlanAsks) {
  Pay(1, v1::BHYT_HGD, 20251005, 12);
  story_.Tell(sothon::testing::Move(1, "23500-02", 20251015));
  EXPECT_EQ(story_.Find(kCode, 20251231).at(0).substr(0, 8), "23500-02");
  story_.Parameter("duty.resident_collector", 0, 20251201);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(CollectorMissingTest, AVillageThatIsGoneNeedsNobody) {
  Pay(1, v1::BHYT_HGD, 20251005, 12);
  story_.Tell(testing::MergerOf("23500-01", "23500-02", 20251101));
  EXPECT_EQ(story_.Find(kCode, 20251031).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251101), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
