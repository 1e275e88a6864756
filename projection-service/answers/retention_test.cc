#include "projection-service/answers/retention.h"

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

class RetentionTest : public ::testing::Test {
 protected:
  uint64_t Pay(uint64_t person, int32_t date, uint32_t months, const char* village = "23500-01") {
    return story_.Tell(sothon::testing::Contribution(
        {.receipt = StrCat(++receipts_), .person = person, .place_id = village, .date = date, .months = months}));
  }
  v1::GetRetentionResponse Ask(int32_t date, std::string_view period, uint32_t depth = 0, uint64_t position = 0) const {
    v1::GetRetentionRequest request;
    request.set_period(std::string(period));
    request.set_depth(depth);
    v1::GetRetentionResponse response;
    EXPECT_TRUE(FillRetention(story_.SituationOn(date, position), request, &response).ok());
    return response;
  }
  // "place month first returned renewed | ended = kept lapsed pending | net percent"; rows without anything left out
  static std::vector<std::string> Lines(const v1::GetRetentionResponse& response) {
    std::vector<std::string> lines;
    for (const v1::RetentionRow& row : response.rows()) {
      if (row.first() + row.returned() + row.renewed() + row.ended() == 0) continue;
      lines.push_back(StrCat(row.place_id(), " ", row.month(), " ", row.first(), " ", row.returned(), " ",
                             row.renewed(), " | ", row.ended(), " = ", row.kept(), " ", row.lapsed(), " ",
                             row.pending(), " | ", row.net(), " ",
                             row.has_retention_percent() ? StrCat(row.retention_percent()) : "-"));
    }
    return lines;
  }

  Story story_{2};
  int receipts_ = 0;
};

TEST_F(RetentionTest, KeptLapsedAndPending_Plan57) {
  Pay(1, 20250105, 1);  // until 31 January
  Pay(1, 20250305, 1);  // within the grace
  Pay(2, 20250105, 1);  // never again
  Pay(3, 20250105, 1);
  Pay(3, 20250605, 1);  // after it
  EXPECT_THAT(Lines(Ask(20250220, "2025-01")), ElementsAre("23500 202501 3 0 0 | 3 = 0 0 3 | 3 -"));
  EXPECT_THAT(Lines(Ask(20250331, "2025-01")), ElementsAre("23500 202501 3 0 0 | 3 = 1 0 2 | 3 100"));
  EXPECT_THAT(Lines(Ask(20250502, "2025-01")), ElementsAre("23500 202501 3 0 0 | 3 = 1 0 2 | 3 100"))
      << "a payment of May would begin on its first day: 90 days, still within";
  EXPECT_THAT(Lines(Ask(20250503, "2025-01"))[0].substr(0, 38), "23500 202501 3 0 0 | 3 = 1 2 0 | 1 33.");
  EXPECT_THAT(Lines(Ask(20250731, "2025-03..2025-06")),
              ElementsAre("23500 202503 0 0 1 | 1 = 0 1 0 | -1 0", "23500 202506 0 1 0 | 1 = 0 0 1 | 1 -"));
}

TEST_F(RetentionTest, PaymentsAheadAndTwiceEndOnce) {
  Pay(1, 20250105, 3);  // until 31 March
  Pay(1, 20250110, 1);  // reaches no further
  EXPECT_THAT(Lines(Ask(20250115, "2025-01..2025-06")),
              ElementsAre("23500 202501 1 0 0 | 0 = 0 0 0 | 1 -", "23500 202503 0 0 0 | 1 = 0 0 1 | 0 -"));
  const uint64_t before = story_.last_position();
  Pay(1, 20250205, 5);  // until 30 June
  EXPECT_THAT(Lines(Ask(20250210, "2025-03..2025-06")),
              ElementsAre("23500 202503 0 0 0 | 1 = 1 0 0 | 0 100", "23500 202506 0 0 0 | 1 = 0 0 1 | 0 -"));
  EXPECT_THAT(Lines(Ask(20250210, "2025-03..2025-06", 0, before)), ElementsAre("23500 202503 0 0 0 | 1 = 0 0 1 | 0 -"));
}

TEST_F(RetentionTest, PlacesAsInProgressAndMovesTakeTheCoverAlong) {
  Pay(1, 20250105, 1, "23500-02");
  Pay(2, 20250105, 2);
  story_.Tell(sothon::testing::Move(2, "23500-02", 20250201));
  EXPECT_THAT(Lines(Ask(20250131, "2025Q1", 1)),
              ElementsAre("23500 202501 2 0 0 | 1 = 0 0 1 | 2 -", "23500 202502 0 0 0 | 1 = 0 0 1 | 0 -",
                          "23500-01 202501 1 0 0 | 0 = 0 0 0 | 1 -", "23500-01 202502 0 0 0 | 1 = 0 0 1 | 0 -",
                          "23500-02 202501 1 0 0 | 1 = 0 0 1 | 1 -"))
      << "the day before the move";
  EXPECT_THAT(Lines(Ask(20250201, "2025Q1", 1)),
              ElementsAre("23500 202501 2 0 0 | 1 = 0 0 1 | 2 -", "23500 202502 0 0 0 | 1 = 0 0 1 | 0 -",
                          "23500-01 202501 1 0 0 | 0 = 0 0 0 | 1 -", "23500-02 202501 1 0 0 | 1 = 0 0 1 | 1 -",
                          "23500-02 202502 0 0 0 | 1 = 0 0 1 | 0 -"));
  EXPECT_EQ(Ask(20250131, "2025Q1", 1).rows_size(), 9) << "three places, three months, the one scheme there is";
}

TEST_F(RetentionTest, TheGraceIsThatOfTheRules) {
  Pay(1, 20250105, 1);
  Pay(1, 20250305, 1);
  ledger::CountingRules strict;
  strict.grace_days[v1::BHXH_TN] = 10;
  v1::GetRetentionRequest request;
  request.set_period("2025-01");
  v1::GetRetentionResponse response;
  ASSERT_TRUE(FillRetention(story_.SituationOn(20250331), request, &response, strict).ok());
  EXPECT_EQ(response.rows(0).lapsed(), 1);
}

TEST_F(RetentionTest, WhatCannotBeAsked) {
  v1::GetRetentionRequest request;
  v1::GetRetentionResponse response;
  EXPECT_EQ(FieldViolationsOf(FillRetention(story_.SituationOn(20250331), request, &response))[0].field, "period");
  request.set_period("2025");
  request.add_schemes(static_cast<v1::Scheme>(77));
  EXPECT_EQ(FieldViolationsOf(FillRetention(story_.SituationOn(20250331), request, &response))[0].field, "schemes[0]");
}

}  // namespace
}  // namespace sothon::answers
