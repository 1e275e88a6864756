#include "projection-service/answers/activities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using ::testing::ElementsAre;

class ActivitiesTest : public ::testing::Test {
 protected:
  uint64_t Do(v1::ActivityKind kind, int32_t date, std::string_view place, std::string_view party, int64_t households,
              int64_t people) {
    v1::Event event;
    event.mutable_activity_recorded()->set_kind(kind);
    event.mutable_activity_recorded()->set_party_id(std::string(party));
    event.mutable_activity_recorded()->set_households(households);
    event.mutable_activity_recorded()->set_people(people);
    return story_.Tell(date, place, std::move(event));
  }
  // "month kind party activities households people villages"
  std::vector<std::string> Ask(std::string_view period = "2025Q4", int32_t date = 20251231, uint64_t position = 0,
                               std::string_view place = "23500") const {
    v1::CountActivitiesRequest request;
    request.set_period(std::string(period));
    v1::CountActivitiesResponse response;
    EXPECT_TRUE(FillActivities(story_.SituationOn(date, position, place), request, &response).ok());
    EXPECT_EQ(response.answered().date(), date);
    std::vector<std::string> lines;
    for (const v1::ActivityCount& count : response.counts()) {
      lines.push_back(StrCat(count.month(), " ", v1::ActivityKind_Name(count.kind()), " ", count.party_id(), " ",
                             count.activities(), " ", count.households(), " ", count.people(), " ", count.villages()));
    }
    return lines;
  }
  Story story_{3};
};

TEST_F(ActivitiesTest, ByMonthKindAndBody_Plan34_Plan48_Plan68) {
  Do(v1::HOUSEHOLD_VISIT, 20251103, "23500-01", "hoi-phu-nu", 12, 30);
  Do(v1::HOUSEHOLD_VISIT, 20251110, "23500-02", "hoi-phu-nu", 8, 20);
  Do(v1::HOUSEHOLD_VISIT, 20251111, "23500-02", "hoi-phu-nu", 1, 2);
  Do(v1::HOUSEHOLD_VISIT, 20251103, "23500-01", "doan-thanh-nien", 5, 9);
  Do(v1::DIALOGUE, 20251015, "23500", "ubnd-xa", 0, 60);
  Do(v1::COMMUNICATION, 20250930, "23500", "dai-truyen-thanh", 0, 0);
  EXPECT_THAT(Ask(), ElementsAre("202510 DIALOGUE ubnd-xa 1 0 60 0",  //
                                 "202511 HOUSEHOLD_VISIT doan-thanh-nien 1 5 9 1",
                                 "202511 HOUSEHOLD_VISIT hoi-phu-nu 3 21 52 2"));
  EXPECT_THAT(Ask("2025-10"), ElementsAre("202510 DIALOGUE ubnd-xa 1 0 60 0"));
  EXPECT_THAT(Ask("2025-09"), ElementsAre("202509 COMMUNICATION dai-truyen-thanh 1 0 0 0"));
  EXPECT_THAT(Ask("2025-11", 20251231, 0, "23500-01"), ElementsAre("202511 HOUSEHOLD_VISIT doan-thanh-nien 1 5 9 1",
                                                                   "202511 HOUSEHOLD_VISIT hoi-phu-nu 1 12 30 1"));
}

// What schools find out and sponsors give, what is inspected, and what those who supervise find.
TEST_F(ActivitiesTest, SponsorsInspectionsAndSupervision_Plan64_Plan70_Plan78) {
  Do(v1::SURVEY, 20251006, "23500-01", "TH-01", 0, 7);
  Do(v1::SPONSORSHIP, 20251020, "23500-01", "TH-01", 0, 4);
  Do(v1::INSPECTION, 20251021, "23500", "ubnd-xa", 0, 0);
  Do(v1::SUPERVISION_FINDING, 20251022, "23500-02", "mttq-xa", 0, 0);
  EXPECT_THAT(Ask("2025-10"),
              ElementsAre("202510 SURVEY TH-01 1 0 7 1", "202510 INSPECTION ubnd-xa 1 0 0 0",
                          "202510 SUPERVISION_FINDING mttq-xa 1 0 0 1", "202510 SPONSORSHIP TH-01 1 0 4 1"));
}

TEST_F(ActivitiesTest, UpToTheDateAndThePosition) {
  const uint64_t first = Do(v1::INSPECTION, 20251103, "23500-01", "ubnd-xa", 0, 0);
  Do(v1::INSPECTION, 20251110, "23500-02", "ubnd-xa", 0, 0);
  EXPECT_THAT(Ask("2025-11", 20251109), ElementsAre("202511 INSPECTION ubnd-xa 1 0 0 1"));
  EXPECT_THAT(Ask("2025-11", 20251231, first), ElementsAre("202511 INSPECTION ubnd-xa 1 0 0 1"));
  EXPECT_THAT(Ask("2025-11"), ElementsAre("202511 INSPECTION ubnd-xa 2 0 0 2"));
}

TEST_F(ActivitiesTest, APeriodThatIsNoneIsRefused) {
  for (const char* period : {"", "2025-13", "November", "2000..2020", "2000-01..2020-12"}) {
    v1::CountActivitiesRequest request;
    request.set_period(period);
    v1::CountActivitiesResponse response;
    const absl::Status status = FillActivities(story_.SituationOn(20251231), request, &response);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << period;
  }
}

}  // namespace
}  // namespace sothon::answers
