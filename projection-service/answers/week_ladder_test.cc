#include "projection-service/answers/week_ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WeekLadderAnswerTest : public ::testing::Test {
 protected:
  WeekLadderAnswerTest() {
    story_.Parameter("duty.week_ladder", 1, 20251001);
    for (const char* village : {"23500-01", "23500-02"}) {
      story_.Tell(sothon::testing::VillageTarget(StrCat("T-", village), village, v1::BHXH_TN, 202510, 2));
    }
  }
  uint64_t Join(const char* village, int32_t date, uint64_t person) {
    return story_.Tell(sothon::testing::Contribution(
        {.receipt = StrCat(++receipts_), .person = person, .place_id = village, .date = date}));
  }
  absl::Status Fill(const char* from, const char* to, v1::GetWeekLadderResponse* response, int32_t date = 20251231,
                    std::string_view place = "23500") const {
    v1::GetWeekLadderRequest request;
    request.set_from_week(from);
    request.set_to_week(to);
    request.set_with_rows(true);
    return FillWeekLadder(story_.SituationOn(date, 0, place), request, response);
  }
  // "week so-far due empty: village@position ..."
  static std::vector<std::string> Lines(const v1::GetWeekLadderResponse& response) {
    std::vector<std::string> lines;
    for (const v1::LadderWeek& week : response.weeks()) {
      std::string line =
          StrCat(week.week(), " ", week.reached_so_far(), week.due() ? " due" : "", week.empty() ? " empty" : "", ":");
      for (const v1::VillageReached& one : week.reached()) StrAppend(&line, " ", one.place_id(), "@", one.position());
      lines.push_back(line);
    }
    return lines;
  }
  // "week place developed collected paid cumulative remaining"
  static std::vector<std::string> Rows(const v1::GetWeekLadderResponse& response) {
    std::vector<std::string> lines;
    for (const v1::LadderWeek& week : response.weeks()) {
      for (const v1::WeekRow& row : week.rows()) {
        lines.push_back(StrCat(week.week(), " ", row.place_id(), " ", row.developed(), " ", row.collected(), " ",
                               row.paid_vnd(), " ", row.developed_cumulative(), " ", row.remaining()));
      }
    }
    return lines;
  }

  Story story_;
  int receipts_ = 0;
};

TEST_F(WeekLadderAnswerTest, WeeksWithTheirVillages_Plan31) {
  Join("23500-01", 20251002, 1);
  const uint64_t last = Join("23500-01", 20251016, 2);
  v1::GetWeekLadderResponse response;
  ASSERT_TRUE(Fill("2025-W40", "2025-W43", &response, 20251022).ok());
  EXPECT_THAT(Lines(response), ElementsAre("2025-W40 0 due empty:", "2025-W41 0 due empty:",
                                           StrCat("2025-W42 1 due: 23500-01@", last), "2025-W43 1 due:"));
  EXPECT_EQ(response.villages(), 2u);
  EXPECT_EQ(response.weeks(0).from_date(), 20250929);
  EXPECT_EQ(response.weeks(0).to_date(), 20251005);
  ASSERT_EQ(response.weeks(2).reached(0).products_size(), 1);
  EXPECT_EQ(response.weeks(2).reached(0).products(0).reached_date(), 20251016);
  EXPECT_EQ(response.weeks(2).reached(0).products(0).achieved(), 2);
  EXPECT_EQ(response.answered().date(), 20251022);
}

TEST_F(WeekLadderAnswerTest, RowsAddUpFromTheYearsBeginning_Plan35) {
  Join("23500-01", 20251001, 1);
  Join("23500-01", 20251008, 2);
  Join("23500-01", 20251009, 2);  // a repeat
  v1::GetWeekLadderResponse response;
  ASSERT_TRUE(Fill("2025-W41", "2025-W42", &response, 20251008, "23500-01").ok());
  EXPECT_THAT(Rows(response), ElementsAre("2025-W41 23500-01 1 1 264000 2 0", "2025-W42 23500-01 0 0 0 2 0"))
      << "what is dated later is not known";
  response.Clear();
  ASSERT_TRUE(Fill("2025-W41", "2025-W41", &response).ok());
  EXPECT_THAT(Rows(response), ElementsAre("2025-W41 23500-01 1 1 528000 2 0", "2025-W41 23500-02 0 0 0 0 2"));
}

TEST_F(WeekLadderAnswerTest, AWeekOfTwoYearsHasTheTargetsOfItsMonday_Plan32) {
  story_.Tell(sothon::testing::VillageTarget("T-2026", "23500-01", v1::BHXH_TN, 202601, 5));
  Join("23500-01", 20260102, 1);
  v1::GetWeekLadderResponse response;
  ASSERT_TRUE(Fill("2026-W01", "2026-W02", &response, 20260131, "23500-01").ok());
  EXPECT_THAT(Rows(response), ElementsAre("2026-W01 23500-01 1 1 264000 0 2", "2026-W02 23500-01 0 0 0 1 4"));
}

TEST_F(WeekLadderAnswerTest, WhatCannotBeAnswered) {
  v1::GetWeekLadderResponse response;
  const auto fields = [&](const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    std::vector<std::string> names;
    for (const FieldViolation& violation : FieldViolationsOf(status)) names.push_back(violation.field);
    return names;
  };
  EXPECT_THAT(fields(Fill("2025-40", "", &response)), ElementsAre("from_week", "to_week"));
  EXPECT_THAT(fields(Fill("2025-W40", "2025-W39", &response)), ElementsAre("to_week"));
  EXPECT_THAT(fields(Fill("2025-W01", "2027-W02", &response)), ElementsAre("to_week")) << "107 weeks";
  response.Clear();
  EXPECT_TRUE(Fill("2025-W01", "2027-W01", &response).ok());
  EXPECT_TRUE(Fill("2025-W40", "2025-W40", &response, 20251231, "51").ok()) << "its only commune";
  story_.Tell(sothon::testing::Commune("23501", "51", "Đăk Ngọk"));
  EXPECT_THAT(fields(Fill("2025-W40", "2025-W40", &response, 20251231, "51")), ElementsAre("inquiry.place_id"));
}

}  // namespace
}  // namespace sothon::answers
