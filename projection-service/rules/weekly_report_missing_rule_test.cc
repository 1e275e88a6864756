#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "weekly_report_missing";

class WeeklyReportMissingTest : public ::testing::Test {
 protected:
  // A Wednesday.
  WeeklyReportMissingTest() { duty_ = story_.Parameter("duty.weekly_report", 1, 20251001); }
  uint64_t Report(int32_t date, int32_t from, int32_t to, const char* place = "23500", const char* kind = "weekly") {
    return story_.Tell(date, place, testing::ReportOf(kind, from, to));
  }
  testing::Story story_;
  uint64_t duty_ = 0;
};

TEST_F(WeeklyReportMissingTest, EveryWeekThatIsOver_Plan35) {
  EXPECT_THAT(story_.Find(kCode, 20251005), IsEmpty()) << "the first week is not over";
  EXPECT_THAT(story_.Find(kCode, 20251013), ElementsAre(StrCat("23500 - - - 2025-W40 x1 20251006 [", duty_, "]"),
                                                        StrCat("23500 - - - 2025-W41 x1 20251013 [", duty_, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251013, duty_ - 1), IsEmpty());
  Report(20251006, 20250929, 20251005);
  const uint64_t second = Report(20251013, 20251006, 20251012);
  EXPECT_THAT(story_.Find(kCode, 20251013), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251012).size(), 0u);
  EXPECT_EQ(story_.Find(kCode, 20251013, second - 1).size(), 1u);
}

TEST_F(WeeklyReportMissingTest, ReportsOnSomethingElse_Plan35) {
  Report(20251006, 20250930, 20251005);
  Report(20251006, 20250929, 20251005, "23500-01");
  Report(20251006, 20250929, 20251005, "23500", "monthly_review");
  Report(20251006, 0, 0);
  EXPECT_EQ(story_.Find(kCode, 20251006).size(), 1u) << "not the whole week, one village, another kind, no period";
  Report(20251006, 20250922, 20251005, "51");
  EXPECT_THAT(story_.Find(kCode, 20251006), IsEmpty()) << "the province's report on two weeks";
}

TEST_F(WeeklyReportMissingTest, FromTheDayAfterTheDeadline_Plan41) {
  const uint64_t deadline = story_.Parameter("deadline.weekly_report", 2);
  EXPECT_THAT(story_.Find(kCode, 20251007), IsEmpty()) << "due on Tuesday";
  EXPECT_THAT(story_.Find(kCode, 20251008),
              ElementsAre(StrCat("23500 - - - 2025-W40 x1 20251008 [", duty_, " ", deadline, "]")));
  Report(20251009, 20250929, 20251005);
  EXPECT_EQ(story_.Find(kCode, 20251008).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251009), IsEmpty()) << "late, and no more missing";
}

TEST_F(WeeklyReportMissingTest, NoDayIsNamedThatNobodySet_Plan41) {
  const auto sentence = [&] {
    const Rule* rule = FindRule(kCode);
    return Judge(story_.SituationOn(20251008), {&rule, 1}).front().finding.text_vi;
  };
  EXPECT_EQ(sentence(), "Đăk Hà (23500), tuần 2025-W40 (29/09/2025 - 05/10/2025): chưa có báo cáo tuần");
  story_.Parameter("deadline.weekly_report", 2);
  EXPECT_EQ(sentence(),
            "Đăk Hà (23500), tuần 2025-W40 (29/09/2025 - 05/10/2025): chưa có báo cáo tuần, hạn 07/10/2025");
}

TEST_F(WeeklyReportMissingTest, TheTurnOfTheYear_Plan32) {
  for (int32_t from : {20250929, 20251006, 20251013, 20251020, 20251027, 20251103, 20251110, 20251117, 20251124,
                       20251201, 20251208, 20251215, 20251222}) {
    const CivilDate first = CivilDate::FromWire(from).value();
    Report(first.Plus(7).ToWire(), from, first.Plus(6).ToWire());
  }
  EXPECT_THAT(story_.Find(kCode, 20260104), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20260105), ElementsAre(StrCat("23500 - - - 2026-W01 x1 20260105 [", duty_, "]")));
}

}  // namespace
}  // namespace sothon::rules
