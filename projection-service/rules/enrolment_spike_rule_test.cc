#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCode[] = "enrolment_spike";

class EnrolmentSpikeTest : public ::testing::Test {
 protected:
  EnrolmentSpikeTest() {
    story_.Parameter("threshold.spike_people", 4);
    story_.Parameter("threshold.spike_percent", 50);
  }
  uint64_t Pay(uint64_t person, int32_t date, uint32_t months, const char* collector = "NVT-01") {
    return story_.Tell(sothon::testing::Contribution({.receipt = std::to_string(story_.last_position()),
                                                      .person = person,
                                                      .date = date,
                                                      .months = months,
                                                      .collector_id = collector}));
  }
  static std::string Line(const char* what, uint64_t a, uint64_t b) {
    return std::string("23500-01 NVT-01 - - 2025-10 ") + what + " [" + std::to_string(a) + " " + std::to_string(b) +
           "]";
  }

  testing::Story story_;
};

TEST_F(EnrolmentSpikeTest, HalfOfThemLapsedAtOnce) {
  const uint64_t one = Pay(1, 20251005, 1);
  const uint64_t two = Pay(2, 20251006, 1);
  Pay(3, 20251007, 6);
  Pay(4, 20251008, 12);
  // Covered until 31/10; after 90 days without cover, 01/11 to 29/01, another one may still begin on 30/01.
  EXPECT_THAT(story_.Find(kCode, 20260130), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20260131), ElementsAre(Line("x2 20260131", one, two)));
  EXPECT_THAT(story_.Find(kCode, 20281231), ElementsAre(Line("x2 20260131", one, two))) << "6 months are not at once";
  EXPECT_THAT(story_.Find(kCode, 20281231, two), IsEmpty()) << "two people are no spike";
}

TEST_F(EnrolmentSpikeTest, WhoContinuedDidNotLapse) {
  const uint64_t one = Pay(1, 20251005, 1);
  const uint64_t two = Pay(2, 20251006, 3);
  Pay(3, 20251007, 6);
  Pay(4, 20251008, 12);
  const uint64_t before = story_.last_position();
  Pay(1, 20260105, 3);  // within 90 days
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20261231, before), ElementsAre(Line("x2 20260402", one, two)));
}

// What the book counts as renewed has not lapsed.
TEST_F(EnrolmentSpikeTest, AGapOfExactly90DaysIsContinued) {
  const uint64_t one = Pay(1, 20251005, 3);
  const uint64_t two = Pay(2, 20251006, 3);
  Pay(3, 20251007, 6);
  Pay(4, 20251008, 12);
  EXPECT_THAT(story_.Find(kCode, 20260401), IsEmpty()) << "covered until 31/12; the 90th day without is 31/03";
  EXPECT_THAT(story_.Find(kCode, 20260402), ElementsAre(Line("x2 20260402", one, two)));
  Pay(1, 20260401, 3);
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
}

TEST_F(EnrolmentSpikeTest, AGapOf91DaysIsNot) {
  const uint64_t one = Pay(1, 20260105, 3);
  const uint64_t two = Pay(2, 20260106, 3);
  Pay(3, 20260107, 6);
  Pay(4, 20260108, 12);
  Pay(1, 20260701, 3);  // covered until 31/03; the 91st day without is 30/06
  EXPECT_THAT(story_.Find(kCode, 20260630), IsEmpty());
  const std::string positions = " [" + std::to_string(one) + " " + std::to_string(two) + "]";
  EXPECT_THAT(story_.Find(kCode, 20260701), ElementsAre("23500-01 NVT-01 - - 2026-01 x2 20260701" + positions));
}

TEST_F(EnrolmentSpikeTest, WhoReturnedLaterHadLapsed) {
  Pay(1, 20251005, 1);
  Pay(2, 20251006, 1);
  Pay(3, 20251007, 6);
  Pay(4, 20251008, 12);
  Pay(1, 20260301, 12);
  EXPECT_THAT(story_.Find(kCode, 20261231), SizeIs(1));
}

TEST_F(EnrolmentSpikeTest, OfOneCollectorAndOfNewPeopleOnly) {
  story_.Party("NVT-02", v1::COLLECTOR, "TCDVT-01");
  for (uint64_t person = 1; person <= 3; ++person) Pay(person, 20251005, 1);
  Pay(4, 20251005, 1, "NVT-02");
  story_.Tell(sothon::testing::Opening({.person = 5}));
  Pay(5, 20251005, 1);  // renewed
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
  const uint64_t fourth = Pay(6, 20251031, 1);
  EXPECT_THAT(story_.Find(kCode, 20261231), SizeIs(1));
  story_.Tell(sothon::testing::Reversal(std::to_string(fourth - 1), 20251101));
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
