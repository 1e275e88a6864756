#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "review_missing";

class ReviewMissingTest : public ::testing::Test {
 protected:
  uint64_t Review(const char* kind, int32_t date, int32_t from, int32_t to) {
    return story_.Tell(date, "23500", testing::ReportOf(kind, from, to));
  }
  testing::Story story_;
};

TEST_F(ReviewMissingTest, OfMonthsQuartersAndYears_Plan40) {
  const uint64_t month = story_.Parameter("duty.review_monthly", 1, 20251101);
  const uint64_t quarter = story_.Parameter("duty.review_quarterly", 1, 20251017);
  const uint64_t year = story_.Parameter("duty.review_yearly", 1, 20251017);
  EXPECT_THAT(story_.Find(kCode, 20251130), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(StrCat("23500 - - - 2025-11 x1 20251201 [", month, "]")));
  EXPECT_THAT(story_.Find(kCode, 20260101), ElementsAre(StrCat("23500 - - - 2025 x1 20260101 [", year, "]"),
                                                        StrCat("23500 - - - 2025-11 x1 20251201 [", month, "]"),
                                                        StrCat("23500 - - - 2025-12 x1 20260101 [", month, "]"),
                                                        StrCat("23500 - - - 2025Q4 x1 20260101 [", quarter, "]")));
  EXPECT_EQ(story_.Find(kCode, 20260101, quarter).size(), 3u) << "the year's duty is not known yet";
}

TEST_F(ReviewMissingTest, EachKindAnswersItsOwnDuty_Plan40) {
  story_.Parameter("duty.review_monthly", 1, 20251201);
  story_.Parameter("duty.review_quarterly", 1, 20251201);
  Review("monthly_review", 20260101, 20251001, 20251231);
  EXPECT_EQ(story_.Find(kCode, 20260101).size(), 1u) << "the quarter's is another";
  const uint64_t quarterly = Review("quarterly_review", 20260101, 20251001, 20251231);
  EXPECT_THAT(story_.Find(kCode, 20260101), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20260101, quarterly - 1).size(), 1u);
}

TEST_F(ReviewMissingTest, FromTheDayAfterTheDeadline_Plan41) {
  const uint64_t duty = story_.Parameter("duty.review_monthly", 1, 20251101);
  const uint64_t deadline = story_.Parameter("deadline.review", 5);
  EXPECT_THAT(story_.Find(kCode, 20251205), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251206),
              ElementsAre(StrCat("23500 - - - 2025-11 x1 20251206 [", duty, " ", deadline, "]")));
  Review("monthly_review", 20251207, 20251101, 20251130);
  EXPECT_THAT(story_.Find(kCode, 20251207), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
