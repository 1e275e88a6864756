#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "contract_review_due";

using Decision = v1::DecisionRecorded;

class ContractReviewDueTest : public ::testing::Test {
 protected:
  uint64_t Decide(int32_t date, Decision::DecisionKind kind, const char* about = "TCDVT-01",
                  const char* place = "23500") {
    return story_.Tell(date, place, testing::DecisionOf(kind, about));
  }
  testing::Story story_;
};

TEST_F(ContractReviewDueTest, TheSecondBlameWithinAYear_Plan75) {
  const uint64_t first = Decide(20250301, Decision::REMINDER);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  Decide(20250601, Decision::CRITICISM, "NVT-01");
  Decide(20250602, Decision::COMMENDATION);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "another's, and praise";
  const uint64_t second = Decide(20250901, Decision::VIOLATION);
  EXPECT_THAT(story_.Find(kCode, 20250831), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20250901),
              ElementsAre(StrCat("23500 TCDVT-01 - - - x2 20250901 [", first, " ", second, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251231, second - 1), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231, 0, "23500-01"), IsEmpty()) << "the commune's decisions";
}

TEST_F(ContractReviewDueTest, AReviewAnswersIt_Plan75) {
  const uint64_t first = Decide(20250301, Decision::REMINDER);
  const uint64_t second = Decide(20250901, Decision::REMINDER);
  const uint64_t review = Decide(20251001, Decision::CONTRACT_REVIEW);
  EXPECT_EQ(story_.Find(kCode, 20250930).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251001), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251001, review - 1).size(), 1u);
  const uint64_t third = Decide(20251101, Decision::CRITICISM);
  EXPECT_THAT(story_.Find(kCode, 20251101),
              ElementsAre(StrCat("23500 TCDVT-01 - - - x3 20251101 [", first, " ", second, " ", third, "]")))
      << "blamed again within the year";
}

TEST_F(ContractReviewDueTest, AYearIs365Days_Plan75) {
  Decide(20241101, Decision::REMINDER);
  Decide(20251101, Decision::REMINDER);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  testing::Story story;
  story.Tell(20241101, "", testing::DecisionOf(Decision::REMINDER));
  story.Tell(20251031, "", testing::DecisionOf(Decision::REMINDER));
  EXPECT_EQ(story.Find(kCode, 20251231, 0, "23500-01").size(), 1u) << "of no place: everybody's";
}

TEST_F(ContractReviewDueTest, TheThresholdIsAParameter_Plan75) {
  story_.Parameter("threshold.contract_review", 3);
  Decide(20250301, Decision::REMINDER);
  Decide(20250901, Decision::REMINDER);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  Decide(20251001, Decision::REMINDER);
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
