#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "weekly_report_late";

class WeeklyReportLateTest : public ::testing::Test {
 protected:
  WeeklyReportLateTest() { duty_ = story_.Parameter("duty.weekly_report", 1, 20251001); }
  uint64_t Report(int32_t date) { return story_.Tell(date, "23500", testing::ReportOf("weekly", 20250929, 20251005)); }
  testing::Story story_;
  uint64_t duty_ = 0;
};

TEST_F(WeeklyReportLateTest, FiledAfterTheDeadlineItIsLateForEver_Plan35) {
  const uint64_t deadline = story_.Parameter("deadline.weekly_report", 2);
  const uint64_t late = Report(20251008);
  EXPECT_THAT(story_.Find(kCode, 20251007), IsEmpty()) << "only missing";
  const std::string line = StrCat("23500 - - - 2025-W40 x1 20251008 [", duty_, " ", deadline, " ", late, "]");
  EXPECT_THAT(story_.Find(kCode, 20251008), ElementsAre(line));
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(line));
  EXPECT_THAT(story_.Find(kCode, 20251231, deadline), IsEmpty());
  Report(20251007);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "an earlier one was recorded after all";
  EXPECT_EQ(story_.Find(kCode, 20251231, late).size(), 1u);
}

TEST_F(WeeklyReportLateTest, WithoutADeadlineNothingIsLate_Plan41) {
  Report(20251201);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
