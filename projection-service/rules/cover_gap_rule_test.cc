#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "cover_gap";

class CoverGapTest : public ::testing::Test {
 protected:
  CoverGapTest() { story_.Parameter("duty.continuity", 1); }
  uint64_t Pay(const char* receipt, int32_t date, int32_t from_month = 0, uint32_t months = 1, uint64_t person = 1) {
    return story_.Tell(sothon::testing::Contribution(
        {.receipt = receipt, .person = person, .date = date, .from_month = from_month, .months = months}));
  }
  static std::string Line(const char* what, std::initializer_list<uint64_t> positions) {
    std::string line = std::string("23500-01 - - BHXH_TN ") + what + " [";
    for (const uint64_t position : positions) line += (line.back() == '[' ? "" : " ") + std::to_string(position);
    return line + "]";
  }

  testing::Story story_;
};

TEST_F(CoverGapTest, FromTheDayAfterACoverEnded) {
  const uint64_t one = Pay("1", 20251005, 0, 1);
  const uint64_t two = Pay("2", 20251006, 0, 1, 2);
  Pay("3", 20251007, 0, 2, 3);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty()) << "covered on the last day";
  EXPECT_THAT(story_.Find(kCode, 20251101), ElementsAre(Line("2025-10 x2 20251101", {one, two})));
  EXPECT_EQ(story_.Find(kCode, 20251201).size(), 2u);
}

TEST_F(CoverGapTest, ContinuedInTimeOrLaterForTheSameDays) {
  Pay("1", 20251005, 0, 1);
  const uint64_t before = story_.last_position();
  Pay("2", 20251120, 202511, 14);
  EXPECT_EQ(story_.Find(kCode, 20251119).size(), 1u) << "nobody had paid for November yet";
  EXPECT_THAT(story_.Find(kCode, 20251120), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251120, before).size(), 1u) << "as known then";
}

TEST_F(CoverGapTest, AGapThatWasLeftStays) {
  const uint64_t first = Pay("1", 20251005, 0, 1);
  const uint64_t second = Pay("2", 20251210, 202512, 14);
  EXPECT_THAT(story_.Find(kCode, 20251209), ElementsAre(Line("2025-10 x1 20251101", {first})));
  EXPECT_THAT(story_.Find(kCode, 20251210), ElementsAre(Line("2025-10 x1 20251210", {first, second})));
  EXPECT_THAT(story_.Find(kCode, 20261231), ElementsAre(Line("2025-10 x1 20251210", {first, second})));
  // Paid for after all.
  Pay("3", 20260105, 202511, 1);
  EXPECT_EQ(story_.Find(kCode, 20260104).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20260105), IsEmpty());
}

TEST_F(CoverGapTest, AGapAheadIsNoneBeforeItBegins) {
  Pay("1", 20251005, 0, 1);
  Pay("2", 20251020, 202512, 14);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251101).size(), 1u);
}

TEST_F(CoverGapTest, OpeningsEndToo) {
  const uint64_t opening = story_.Tell(sothon::testing::Opening({.covered_until = 20251015}));
  EXPECT_THAT(story_.Find(kCode, 20251015), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251016), ElementsAre(Line("2025-10 x1 20251016", {opening})));
}

TEST_F(CoverGapTest, APaymentWithinTheCoverChangesNothing) {
  const uint64_t year = Pay("1", 20250105, 0, 10);
  Pay("2", 20250305, 202503, 1);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251101), ElementsAre(Line("2025-10 x1 20251101", {year})));
}

TEST_F(CoverGapTest, NobodyCollectsWhatTheStatePays) {
  story_.Tell(sothon::testing::Contribution({.scheme = v1::BHYT_NSNN, .date = 20251005}));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(CoverGapTest, WhereThePersonLives) {
  Pay("1", 20251005, 0, 1);
  story_.Tell(sothon::testing::Move(1, "23500-02", 20251015));
  EXPECT_EQ(story_.Find(kCode, 20251101).at(0).substr(0, 8), "23500-02");
  story_.Tell(sothon::testing::Move(1, "23500-01", 20251115));
  EXPECT_EQ(story_.Find(kCode, 20251101).at(0).substr(0, 8), "23500-02") << "whatever happens later";
  EXPECT_EQ(story_.Find(kCode, 20251231).at(0).substr(0, 8), "23500-02") << "that is where it was left";
}

TEST_F(CoverGapTest, AReversalOpensItAgain) {
  Pay("1", 20251005, 0, 1);
  const uint64_t second = Pay("2", 20251102, 202511, 14);
  story_.Tell(sothon::testing::Reversal("2", 20251103));
  EXPECT_EQ(story_.Find(kCode, 20251105).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251105, second), IsEmpty());
}

TEST_F(CoverGapTest, OnlyWhereAPlanAsksForIt) {
  story_.Parameter("duty.continuity", 0, 20251101);
  Pay("1", 20251005, 0, 1);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
