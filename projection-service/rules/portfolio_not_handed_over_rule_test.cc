#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "portfolio_not_handed_over";

class PortfolioNotHandedOverTest : public ::testing::Test {
 protected:
  PortfolioNotHandedOverTest() {
    duty_ = story_.Parameter("duty.resident_collector", 1);
    resident_ = story_.Role("R-1", v1::RESIDENT_COLLECTOR, "NVT-05", "23500-01", 20251001);
    opened_ = story_.Open(20251105);
  }
  // `person` 0: of everybody.
  uint64_t HandOver(int32_t date, const char* from, uint64_t person, const char* place = "") {
    v1::Event event;
    event.mutable_portfolio_handed_over()->set_from_party_id(from);
    event.mutable_portfolio_handed_over()->set_to_party_id("NVT-05");
    if (person != 0)
      event.mutable_portfolio_handed_over()->add_subject_ids(std::string(sothon::testing::SubjectOf(person).AsBytes()));
    return story_.Tell(date, place, event);
  }
  std::vector<std::string> Find(int32_t date, uint64_t position = 0) { return story_.Find(kCode, date, position); }

  testing::DriveStory story_;
  uint64_t duty_ = 0;
  uint64_t resident_ = 0;
  uint64_t opened_ = 0;
};

TEST_F(PortfolioNotHandedOverTest, AfterTheDeadline_Plan54) {
  const uint64_t deadline = story_.Parameter("deadline.handover", 10);
  const uint64_t first = story_.Collect("1", 1, 20251105, "NVT-01");
  const uint64_t second = story_.Collect("2", 2, 20251106, "NVT-01");
  story_.Collect("3", 3, 20251106, "NVT-05");      // the resident's own
  story_.Collect("4", 4, 20251106, "NVT-01", "");  // outside the drive
  EXPECT_THAT(Find(20261231), IsEmpty()) << "it is still open";
  const uint64_t closed = story_.Close(20251107);
  EXPECT_THAT(Find(20251117), IsEmpty());
  EXPECT_THAT(Find(20251118), ElementsAre(StrCat("23500-01 NVT-01 D-1 - - x2 20251118 [", duty_, " ", resident_, " ",
                                                 opened_, " ", deadline, " ", first, " ", second, " ", closed, "]")));
  HandOver(20251120, "NVT-01", 1);
  EXPECT_EQ(Find(20251119).size(), 1u) << "as it was on that day";
  EXPECT_THAT(Find(20251231), ElementsAre(StrCat("23500-01 NVT-01 D-1 - - x1 20251118 [", duty_, " ", resident_, " ",
                                                 opened_, " ", deadline, " ", second, " ", closed, "]")));
  story_.Tell(sothon::testing::Reversal("2", 20251121));
  EXPECT_THAT(Find(20251231), IsEmpty());
  EXPECT_EQ(Find(20251231, closed).size(), 1u) << "as it was known then";
}

TEST_F(PortfolioNotHandedOverTest, WithoutADeadlineOnceTheFilesAreNeeded_Plan41) {
  story_.Collect("1", 1, 20251105, "NVT-01");
  story_.Collect("2", 2, 20251106, "NVT-01");
  story_.Close(20251107);
  EXPECT_THAT(Find(20261231), IsEmpty());
  story_.Collect("3", 2, 20251210, "NVT-05", "");
  EXPECT_THAT(Find(20251209), IsEmpty());
  EXPECT_EQ(Find(20251210).size(), 1u);
  EXPECT_NE(Find(20251210)[0].find(" x2 20251210 "), std::string::npos) << "of everybody in the portfolio";
}

TEST_F(PortfolioNotHandedOverTest, WhatIsAHandover_Plan54) {
  story_.Parameter("deadline.handover", 0);
  story_.Collect("1", 1, 20251105, "NVT-01");
  story_.Close(20251107);
  HandOver(20251104, "NVT-01", 0);
  HandOver(20251108, "NVT-02", 0);
  HandOver(20251108, "NVT-01", 0, "23500-02");
  EXPECT_EQ(Find(20251231).size(), 1u) << "before it, by another, or of another place";
  const uint64_t before = story_.last_position();
  HandOver(20251108, "TCDVT-01", 0);
  EXPECT_THAT(Find(20251231), IsEmpty()) << "by the agency";
  EXPECT_EQ(Find(20251231, before).size(), 1u);
}

TEST_F(PortfolioNotHandedOverTest, AHandoverOfThePlace_Plan54) {
  story_.Parameter("deadline.handover", 0);
  story_.Collect("1", 1, 20251105, "NVT-01");
  story_.Close(20251107);
  EXPECT_EQ(Find(20251231).size(), 1u);
  HandOver(20251108, "NVT-02", 0, "23500");
  EXPECT_THAT(Find(20251231), IsEmpty());
}

TEST_F(PortfolioNotHandedOverTest, OnlyWhereSomebodyIsAppointedAndItIsADuty_Plan54) {
  story_.Parameter("deadline.handover", 0);
  story_.Collect("1", 1, 20251105, "NVT-01");
  story_.Close(20251107);
  story_.EndRole("R-1", 20251107);
  EXPECT_THAT(Find(20251231), IsEmpty()) << "nobody is appointed on the closing day";
  story_.Role("R-2", v1::RESIDENT_COLLECTOR, "NVT-06", "23500-01", 20251107);
  EXPECT_EQ(Find(20251231).size(), 1u);
  story_.Parameter("duty.resident_collector", 0);
  EXPECT_THAT(Find(20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
