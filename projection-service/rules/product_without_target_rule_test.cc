#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "product_without_target";

class ProductWithoutTargetTest : public ::testing::Test {
 protected:
  ProductWithoutTargetTest() { duty_ = story_.Parameter("duty.both_products", 1, 20251001); }
  uint64_t Give(const char* place, v1::Scheme scheme, const char* group = "", int32_t month = 202511,
                bool each_village = false) {
    v1::Event event = sothon::testing::VillageTarget(StrCat("T-", ++targets_), place, scheme, month, 5);
    event.mutable_target_set()->set_scheme_group_id(group);
    event.mutable_target_set()->set_each_village(each_village);
    return story_.Tell(event);
  }
  std::string Line(const char* place, const char* scheme, int count, int32_t year = 2025, int32_t since = 20251001) {
    return StrCat(place, " - - ", scheme, " ", year, " x", count, " ", since, " [", duty_, "]");
  }
  testing::Story story_{2};
  uint64_t duty_ = 0;
  int targets_ = 0;
};

TEST_F(ProductWithoutTargetTest, EachVillageThatLacksOneOrBoth_Plan26) {
  Give("23500-01", v1::BHXH_TN);
  EXPECT_THAT(story_.Find(kCode, 20250930), IsEmpty()) << "no duty yet";
  EXPECT_THAT(story_.Find(kCode, 20251031), ElementsAre(Line("23500-01", "-", 1), Line("23500-02", "-", 2)));
  EXPECT_THAT(story_.Find(kCode, 20251016), ElementsAre(Line("23500-01", "-", 2), Line("23500-02", "-", 2)));
  EXPECT_THAT(story_.Find(kCode, 20251031, 0, "23500-02"), ElementsAre(Line("23500-02", "-", 2)));
  Give("23500-01", v1::SCHEME_UNSPECIFIED, "BHYT_TU_DONG");
  const uint64_t household = Give("23500-02", v1::BHYT_HGD);
  EXPECT_THAT(story_.Find(kCode, 20251031), ElementsAre(Line("23500-02", "BHXH_TN", 1)));
  Give("23500-02", v1::BHXH_TN);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251031, household).size(), 1u);
}

TEST_F(ProductWithoutTargetTest, WhatTheStatePaysAndAllFormsAreNotSelfPaid_Plan26) {
  for (const char* place : {"23500-01", "23500-02"}) Give(place, v1::BHXH_TN);
  Give("23500-01", v1::BHYT_NSNN);
  Give("23500-02", v1::SCHEME_UNSPECIFIED, "BHYT_MOI_HINH_THUC");
  EXPECT_EQ(story_.Find(kCode, 20251031).size(), 2u);
  Give("23500", v1::SCHEME_UNSPECIFIED, "BHYT_TU_DONG");
  EXPECT_EQ(story_.Find(kCode, 20251031).size(), 2u) << "the commune's own number is no village's";
  Give("23500", v1::SCHEME_UNSPECIFIED, "BHYT_TU_DONG", 202511, true);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty()) << "for each village";
}

TEST_F(ProductWithoutTargetTest, EveryYearAnew_Plan26) {
  for (const char* place : {"23500-01", "23500-02"}) {
    Give(place, v1::BHXH_TN);
    Give(place, v1::BHYT_HGD);
  }
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20260101),
              ElementsAre(Line("23500-01", "-", 2, 2026, 20260101), Line("23500-02", "-", 2, 2026, 20260101)));
  story_.Parameter("duty.both_products", 0, 20260101);
  EXPECT_THAT(story_.Find(kCode, 20260101), IsEmpty()) << "the duty has ended";
}

}  // namespace
}  // namespace sothon::rules
