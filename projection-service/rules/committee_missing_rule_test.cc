#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "committee_missing";

class CommitteeMissingTest : public ::testing::Test {
 protected:
  CommitteeMissingTest() { story_.Party("BVD", v1::OTHER_BODY); }
  testing::Story story_{3};
};

TEST_F(CommitteeMissingTest, OneForTheCommuneWithTheVillages_Plan66) {
  story_.Role("R1", v1::MOBILISING_COMMITTEE, "BVD", "23500-01", 20251001);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "no plan asks for it";
  const uint64_t duty = story_.Parameter("duty.mobilising_committee", 1, 20251017);
  EXPECT_THAT(story_.Find(kCode, 20251016), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251017), ElementsAre(StrCat("23500 - - - - x2 20251017 [", duty, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251017, 0, "23500-02"), IsEmpty()) << "a matter of the commune, with one count";
  const uint64_t second = story_.Role("R2", v1::MOBILISING_COMMITTEE, "BVD", "23500-02", 20251101, 20251130);
  story_.Role("R3", v1::MOBILISING_COMMITTEE, "BVD", "23500-03", 20251101);
  EXPECT_THAT(story_.Find(kCode, 20251101), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251101, second).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251201), ElementsAre(StrCat("23500 - - - - x1 20251201 [", duty, " ", second, "]")))
      << "its time has run out";
}

TEST_F(CommitteeMissingTest, OneThatEndedAndOtherRoles_Plan66) {
  const uint64_t duty = story_.Parameter("duty.mobilising_committee", 1, 20251017);
  for (const char* village : {"23500-01", "23500-02", "23500-03"}) {
    story_.Role(StrCat("R", village), v1::MOBILISING_COMMITTEE, "BVD", village, 20251001);
  }
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  story_.Role("G", v1::GUIDE, "BVD", "23500-01", 20251001);
  const uint64_t ended = story_.EndRole("R23500-01", 20251115);
  EXPECT_THAT(story_.Find(kCode, 20251114), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251115), ElementsAre(StrCat("23500 - - - - x1 20251115 [", duty, " ", ended, "]")));
}

}  // namespace
}  // namespace sothon::rules
