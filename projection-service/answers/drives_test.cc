#include "projection-service/answers/drives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::answers {
namespace {

using rules::testing::DriveStory;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DrivesAnswerTest : public ::testing::Test {
 protected:
  uint64_t Open(int32_t date, int64_t target, int64_t achieved, uint64_t position) {
    v1::Event event;
    v1::DriveOpened* opened = event.mutable_drive_opened();
    opened->set_drive_id("D-1");
    opened->set_office_party_id("BHXH-DC");
    opened->set_baseline_position(position);
    v1::DriveOpened::Baseline* baseline = opened->add_baselines();
    baseline->set_scheme(v1::BHXH_TN);
    baseline->set_target(target);
    baseline->set_achieved(achieved);
    baseline->set_remaining(std::max<int64_t>(0, target - achieved));
    return story_.Tell(date, "23500-01", event);
  }
  void Prospect(const char* id) {
    v1::Event event;
    event.mutable_prospect_recorded()->set_prospect_id(id);
    event.mutable_prospect_recorded()->set_drive_id("D-1");
    story_.Tell(20251105, "23500-01", event);
  }
  void Resolve(const char* id, v1::ProspectResolved::Outcome outcome, int32_t date) {
    v1::Event event;
    event.mutable_prospect_resolved()->set_prospect_id(id);
    event.mutable_prospect_resolved()->set_outcome(outcome);
    story_.Tell(date, "23500-01", event);
  }
  std::vector<v1::DriveView> Ask(int32_t date = 20251231, uint64_t position = 0,
                                 std::string_view place = "23500") const {
    v1::ListDrivesResponse response;
    EXPECT_TRUE(FillDrives(story_.SituationOn(date, position, place), {}, &response).ok());
    return {response.drives().begin(), response.drives().end()};
  }
  v1::DriveView::State StateOn(int32_t date) const { return Ask(date)[0].state(); }
  // "target achieved remaining result rest holds"
  std::string Product(int32_t date = 20251231, uint64_t position = 0) const {
    const v1::DriveProduct product = Ask(date, position)[0].products(0);
    return StrCat(product.target(), " ", product.achieved_before(), " ", product.remaining_before(), " ",
                  product.result(), " ", product.rest(), product.baseline_holds() ? " holds" : " differs");
  }

  DriveStory story_{3};
};

TEST_F(DrivesAnswerTest, EveryStepWithItsStateOnItsDay) {
  v1::Event proposal;
  proposal.mutable_drive_proposed()->set_drive_id("D-1");
  proposal.mutable_drive_proposed()->set_agency_id("TCDVT-01");
  proposal.mutable_drive_proposed()->set_reason("dễ làm trước");
  const uint64_t proposed = story_.Tell(20251020, "23500-01", proposal);
  const uint64_t agreed = story_.Agree(20251022);
  story_.Schedule(20251025, 20251105, 20251107, "CB-01", {"TCDVT-01"});
  story_.Open(20251105);
  story_.Close(20251107);
  story_.Report(20251108, "drive", {"BHXH-DC"});
  story_.Report(20251109, "drive", {"UBND-XA"});
  const uint64_t notice = story_.Report(20251110, "drive_notice", {});
  EXPECT_THAT(Ask(20251019), IsEmpty());
  EXPECT_EQ(StateOn(20251020), v1::DriveView::PROPOSED);
  EXPECT_EQ(StateOn(20251022), v1::DriveView::AGREED);
  EXPECT_EQ(StateOn(20251025), v1::DriveView::SCHEDULED);
  EXPECT_EQ(StateOn(20251105), v1::DriveView::OPEN);
  EXPECT_EQ(StateOn(20251107), v1::DriveView::CLOSED);
  EXPECT_EQ(StateOn(20251109), v1::DriveView::CLOSED) << "no notice yet";
  EXPECT_EQ(StateOn(20251110), v1::DriveView::REPORTED);
  const v1::DriveView drive = Ask()[0];
  EXPECT_EQ(drive.proposed().position(), proposed);
  EXPECT_EQ(drive.proposed().party_id(), "TCDVT-01");
  EXPECT_EQ(drive.reason(), "dễ làm trước");
  EXPECT_EQ(drive.agreed().position(), agreed);
  EXPECT_EQ(drive.scheduled().party_id(), "CB-01");
  EXPECT_EQ(drive.from_date(), 20251105);
  EXPECT_EQ(drive.to_date(), 20251107);
  EXPECT_THAT(drive.notified_agency_ids(), ElementsAre("TCDVT-01"));
  ASSERT_EQ(drive.reports_size(), 2);
  EXPECT_EQ(drive.reports(1).party_id(), "UBND-XA");
  EXPECT_EQ(drive.reports(1).date(), 20251109);
  EXPECT_EQ(drive.notice().position(), notice);
  EXPECT_EQ(Ask(20251231, agreed)[0].state(), v1::DriveView::AGREED) << "as it was known then";
}

TEST_F(DrivesAnswerTest, WhoCameAndWhoDidNot_Plan43) {
  story_.Contract("TCDVT-01");
  story_.Contract("TCDVT-02");
  story_.Contract("TCDVT-03", 20250101, 20251031);
  story_.Open(20251105);
  const uint64_t first = story_.Attend("D-1", "TCDVT-01", {"NVT-02", "NVT-01"}, 20251105);
  const uint64_t second = story_.Attend("D-1", "TCDVT-01", {"NVT-02", "NVT-03"}, 20251106);
  const v1::DriveView drive = Ask()[0];
  ASSERT_EQ(drive.attendance_size(), 2);
  EXPECT_THAT(drive.attendance(0).collector_ids(), ElementsAre("NVT-01", "NVT-02", "NVT-03"));
  EXPECT_THAT(drive.attendance(0).positions(), ElementsAre(first, second));
  EXPECT_EQ(drive.attendance(1).agency_id(), "TCDVT-02");
  EXPECT_THAT(drive.attendance(1).positions(), IsEmpty());
  EXPECT_THAT(Ask(20251105)[0].attendance(0).collector_ids(), ElementsAre("NVT-01", "NVT-02"));
}

TEST_F(DrivesAnswerTest, WhatWasDoneThere_Plan46_Plan47_Plan48) {
  story_.Open(20251105);
  const uint64_t committed = story_.Commit(20251101, "TT-01", 40);
  v1::Event visit;
  visit.mutable_activity_recorded()->set_kind(v1::HOUSEHOLD_VISIT);
  visit.mutable_activity_recorded()->set_drive_id("D-1");
  visit.mutable_activity_recorded()->set_households(12);
  story_.Tell(20251105, "23500-01", visit);
  story_.Tell(20251106, "23500-01", visit);
  story_.Activity(20251106, v1::CONFERENCE);
  for (const char* id : {"P-1", "P-2", "P-3"}) Prospect(id);
  Resolve("P-1", v1::ProspectResolved::JOINED, 20251110);
  Resolve("P-2", v1::ProspectResolved::DECLINED, 20251110);
  const v1::DriveView drive = Ask()[0];
  EXPECT_EQ(drive.committed().position(), committed);
  EXPECT_EQ(drive.committed().party_id(), "TT-01");
  EXPECT_EQ(drive.surveyed_non_participants(), 40);
  EXPECT_EQ(drive.households_visited(), 24);
  EXPECT_EQ(drive.conferences(), 1);
  EXPECT_EQ(drive.prospects(), 3);
  EXPECT_EQ(drive.prospects_joined(), 1);
  EXPECT_EQ(drive.prospects_open(), 1);
  EXPECT_EQ(Ask(20251109)[0].prospects_open(), 3);
}

TEST_F(DrivesAnswerTest, BaselineResultAndRest_Plan27) {
  story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 4));
  const uint64_t known = story_.Collect("1", 1, 20251102, "NVT-01", "");
  Open(20251105, 4, 1, known);
  story_.Collect("2", 2, 20251105, "NVT-01");
  story_.Collect("3", 2, 20251106, "NVT-01");                                 // a repeat
  story_.Collect("4", 3, 20251106, "NVT-01", "");                             // outside the drive
  story_.Collect("5", 4, 20251106, "NVT-01", "D-1", "TCDVT-01", "23500-02");  // a neighbour
  story_.Collect("6", 5, 20251107, "NVT-01");
  EXPECT_EQ(Product(20251105), "4 1 3 1 2 holds");
  EXPECT_EQ(Product(), "4 1 3 2 1 holds");
  story_.Tell(sothon::testing::Reversal("6", 20251120));
  EXPECT_EQ(Product(), "4 1 3 1 2 holds");
  for (uint64_t person = 6; person < 10; ++person) story_.Collect(StrCat("x", person), person, 20251107, "NVT-01");
  EXPECT_EQ(Product(), "4 1 3 5 0 holds") << "never less than nothing";
}

// What the drive was opened for is what it is held against: where targets count who is kept, so does the result.
TEST_F(DrivesAnswerTest, TheResultCountsAsTheTargetDoes_Plan18_Plan27) {
  v1::Event target = sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 4);
  target.mutable_target_set()->set_measure(v1::MAINTAINED_OR_DEVELOPED);
  story_.Tell(target);
  story_.Collect("1", 1, 20251005, "NVT-01", "");
  Open(20251105, 4, 0, story_.last_position());
  story_.Collect("2", 1, 20251106, "NVT-01");  // renewed
  story_.Collect("3", 2, 20251106, "NVT-01");
  EXPECT_EQ(Product(), "4 0 4 2 2 holds");
}

TEST_F(DrivesAnswerTest, TheBaselineIsHeldAgainstWhatWasKnownThen) {
  story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 4));
  story_.Collect("1", 1, 20251102, "NVT-01", "");
  const uint64_t known = story_.Collect("2", 2, 20251103, "NVT-01", "");
  Open(20251105, 4, 2, known);
  story_.Tell(sothon::testing::Reversal("1", 20251110));
  EXPECT_EQ(Product().substr(6), "0 2 holds") << "reversed since";
  story_.Tell(sothon::testing::Opening({.person = 2, .covered_until = 20251031}));
  EXPECT_EQ(Product().substr(6), "0 2 holds") << "not developed, as we know since";
  story_.Collect("3", 3, 20251101, "NVT-01", "");
  EXPECT_EQ(Product().substr(6), "0 2 holds") << "a late receipt";
}

TEST_F(DrivesAnswerTest, ABaselineThatIsNotWhatTheLogSaid) {
  story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 4));
  story_.Collect("1", 1, 20251102, "NVT-01", "");
  Open(20251105, 4, 2, 0);
  EXPECT_EQ(Product().substr(6), "0 2 differs");
}

TEST_F(DrivesAnswerTest, ABaselineIsOfTheDayBeforeTheOpeningWithoutTheDrive_Plan27) {
  story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 4));
  story_.Collect("1", 1, 20251104, "NVT-01", "");
  story_.Collect("2", 2, 20251104, "NVT-01");      // names it
  story_.Collect("3", 3, 20251105, "NVT-01", "");  // on its day
  story_.Collect("4", 4, 20251106, "NVT-01", "");
  Open(20251105, 4, 1, 0);
  EXPECT_EQ(Product().substr(0, 5), "4 1 3");
  EXPECT_THAT(Product(), ::testing::HasSubstr("holds"));
  story_.Tell(sothon::testing::Reversal("2", 20251107));
  EXPECT_THAT(Product(), ::testing::HasSubstr("holds")) << "reversed since";
}

TEST_F(DrivesAnswerTest, ABaselineOfTheOpeningDayOrOfTheYearDiffers_Plan27) {
  story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202511, 4));
  story_.Collect("1", 1, 20251104, "NVT-01", "");
  story_.Collect("2", 2, 20251105, "NVT-01", "");
  Open(20251105, 4, 2, 0);
  EXPECT_THAT(Product(), ::testing::HasSubstr("differs"));
}

TEST_F(DrivesAnswerTest, OfThePlaceByFirstDay) {
  story_.Open(20251110, "D-1", "23500-01");
  story_.Open(20251105, "D-2", "23500-02");
  v1::Event proposal;
  proposal.mutable_drive_proposed()->set_drive_id("D-0");
  story_.Tell(20251101, "23500-03", proposal);
  std::vector<std::string> ids;
  for (const v1::DriveView& drive : Ask()) ids.push_back(drive.drive_id());
  EXPECT_THAT(ids, ElementsAre("D-2", "D-1", "D-0"));
  ASSERT_EQ(Ask(20251231, 0, "23500-02").size(), 1u);
  v1::ListDrivesRequest request;
  request.set_drive_id("D-1");
  v1::ListDrivesResponse response;
  ASSERT_TRUE(FillDrives(story_.SituationOn(20251231), request, &response).ok());
  EXPECT_EQ(response.drives_size(), 1);
  EXPECT_EQ(FillDrives(story_.SituationOn(20251231, 0, "23500-02"), request, &response).code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sothon::answers
