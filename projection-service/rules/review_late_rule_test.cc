#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "review_late";

class ReviewLateTest : public ::testing::Test {
 protected:
  ReviewLateTest() { duty_ = story_.Parameter("duty.review_quarterly", 1, 20251017); }
  uint64_t Review(int32_t date) {
    return story_.Tell(date, "23500", testing::ReportOf("quarterly_review", 20251001, 20251231));
  }
  testing::Story story_;
  uint64_t duty_ = 0;
};

TEST_F(ReviewLateTest, AfterTheDeadlineItIsLateForEver_Plan40) {
  const uint64_t deadline = story_.Parameter("deadline.review", 5);
  const uint64_t late = Review(20260106);
  EXPECT_THAT(story_.Find(kCode, 20260105), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20261231),
              ElementsAre(StrCat("23500 - - - 2025Q4 x1 20260106 [", duty_, " ", deadline, " ", late, "]")));
  EXPECT_THAT(story_.Find(kCode, 20260106, deadline), IsEmpty());
  Review(20260105);
  EXPECT_THAT(story_.Find(kCode, 20260201), IsEmpty()) << "one in time was recorded after all";
}

TEST_F(ReviewLateTest, WithoutADeadlineNothingIsLate_Plan41) {
  Review(20260301);
  EXPECT_THAT(story_.Find(kCode, 20260301), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
