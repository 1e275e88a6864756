// Opening and closing drives: what is frozen, what is recorded, and what a second time does.
#include "absl/time/clock.h"
#include "cli/drive/baseline.h"
#include "cli/testing/fake_ingest.h"
#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kVillage[] = "23884-01";

class Drive : public ::testing::Test {
 protected:
  Drive() {
    v1::GetStatusResponse status;
    const auto stub = ingest_.NewStub();
    grpc::ClientContext context;
    EXPECT_TRUE(stub->GetStatus(&context, {}, &status).ok());
    progress_.freshness.set_log_id(status.log_id());
    progress_.freshness.set_position(41);
  }

  static v1::ProductState* Add(v1::VillagePotential* village, v1::Scheme scheme, const std::string& group,
                               int64_t target, int64_t achieved) {
    v1::ProductState* product = village->add_products();
    product->set_scheme(scheme);
    product->set_scheme_group_id(group);
    product->set_target(target);
    product->set_achieved(achieved);
    return product;
  }
  // As the service answers: a group first.
  void AddYear() {
    progress_.ranking.add_villages()->set_place_id("23884-02");
    Add(progress_.ranking.mutable_villages(0), v1::BHXH_TN, "", 50, 50);
    v1::VillagePotential* village = progress_.ranking.add_villages();
    village->set_place_id(kVillage);
    Add(village, v1::SCHEME_UNSPECIFIED, kSelfPaidGroup, 10, 4);
    Add(village, v1::BHXH_TN, "", 5, 3);
  }
  // "BHXH_TN 5 3 2"
  static std::vector<std::string> Baselines(const v1::VillagePotential& village, bool year_begins = false) {
    std::vector<std::string> texts;
    for (const auto& one : BaselinesOf(village, year_begins)) {
      texts.push_back(StrCat(ProductName(one), " ", one.target(), " ", one.achieved(), " ", one.remaining()));
    }
    return texts;
  }

  Outcome Run(const std::string& step, std::vector<std::string> options = {}) {
    std::vector<std::string> arguments = {"drive", step,       "--drive",         "d-1",          "--office",
                                          "bhxh",  "--ingest", ingest_.address(), "--projection", progress_.address()};
    if (step == "open") arguments.insert(arguments.end(), {"--place", kVillage});
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunWith(arguments);
  }

  FakeIngest ingest_;
  FakeProgress progress_;
};

TEST_F(Drive, ABaselineIsOfTheTwoProductsThatHaveTargets_Plan27) {
  v1::VillagePotential village;
  Add(&village, v1::SCHEME_UNSPECIFIED, "KHAC", 7, 1);
  Add(&village, v1::SCHEME_UNSPECIFIED, kSelfPaidGroup, 10, 4);
  EXPECT_THAT(Baselines(village), ::testing::ElementsAre("BHYT_TU_DONG 10 4 6"));
  Add(&village, v1::BHXH_TN, "", 5, 3);
  Add(&village, v1::BHYT_HGD, "", 40, 1);
  EXPECT_THAT(Baselines(village), ::testing::ElementsAre("BHXH_TN 5 3 2", "BHYT_TU_DONG 10 4 6"));
  EXPECT_THAT(Baselines(village, true), ::testing::ElementsAre("BHXH_TN 5 0 5", "BHYT_TU_DONG 10 0 10"));
}

TEST_F(Drive, WhatIsReachedLeavesNothing_Plan27_Plan29) {
  v1::VillagePotential village;
  Add(&village, v1::BHXH_TN, "", 2, 7);
  EXPECT_THAT(Baselines(village), ::testing::ElementsAre("BHXH_TN 2 7 0"));
}

TEST_F(Drive, ADriveIsAboutDevelopingWhereThePlanHasBothMeasures) {
  v1::VillagePotential village;
  Add(&village, v1::BHXH_TN, "", 2, 1);
  Add(&village, v1::BHXH_TN, "", 40, 1);
  EXPECT_THAT(Baselines(village), ::testing::ElementsAre("BHXH_TN 2 1 1"));
}

TEST_F(Drive, IsOpenedWithWhatTheVillageLacksAsCounted_Plan27) {
  AddYear();
  const Outcome outcome = Run("open", {"--date", "2025-11-03", "--synthetic"});
  ASSERT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Drive d-1 is opened on 2025-11-03, position 1\n"));
  EXPECT_THAT(
      outcome.out,
      HasSubstr("Still to be reached of 2025, with what was collected before 2025-11-03, as known at position 41:\n"));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("BHXH_TN +5 +3 +2\n"));
  EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("No target")));
  EXPECT_EQ(progress_.asked_inquiry.place_id(), kVillage);
  EXPECT_EQ(progress_.asked_inquiry.date(), 20251102) << "the day before";
  EXPECT_FALSE(progress_.asked_inquiry.has_as_of());
  ASSERT_EQ(ingest_.events().size(), 1u);
  const v1::Event event = ingest_.events()[0];
  EXPECT_EQ(event.place_id(), kVillage);
  EXPECT_EQ(event.effective_date(), 20251103);
  EXPECT_TRUE(event.synthetic());
  EXPECT_EQ(event.drive_opened().drive_id(), "d-1");
  EXPECT_EQ(event.drive_opened().office_party_id(), "bhxh");
  EXPECT_EQ(event.drive_opened().baseline_position(), 41u);
  ASSERT_EQ(event.drive_opened().baselines_size(), 2);
  EXPECT_EQ(event.drive_opened().baselines(1).scheme_group_id(), kSelfPaidGroup);
  EXPECT_EQ(event.drive_opened().baselines(1).remaining(), 6);
}

TEST_F(Drive, IsOpenedAsKnownAtThePositionThatIsNamed) {
  const Outcome outcome = Run("open", {"--date", "03/11/2025", "--position", "17", "--without-targets"});
  ASSERT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_EQ(progress_.asked_inquiry.as_of().position(), 17u);
  EXPECT_EQ(ingest_.events()[0].drive_opened().baseline_position(), 17u);
  EXPECT_THAT(outcome.out, HasSubstr("No target of BHXH_TN in 2025: nothing is frozen for it.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("No target of BHYT_TU_DONG in 2025"));
}

TEST_F(Drive, ASecondTimeRecordsNothingAndShowsTheFirst) {
  AddYear();
  ASSERT_EQ(Run("open", {"--date", "2025-11-03"}).exit, kDone);
  // More was counted since: the baseline stays.
  progress_.freshness.set_position(99);
  progress_.ranking.mutable_villages(1)->mutable_products(1)->set_achieved(4);
  const Outcome again = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(again.exit, kDone) << again.err;
  EXPECT_THAT(again.out, HasSubstr("was opened on 2025-11-03, position 1: nothing was recorded now"));
  EXPECT_THAT(again.out, HasSubstr("as known at position 41"));
  EXPECT_THAT(again.out, ::testing::ContainsRegex("BHXH_TN +5 +3 +2\n"));
  EXPECT_EQ(ingest_.events().size(), 1u);
  const Outcome elsewhere = Run("open", {"--date", "2025-11-03", "--place", "23884-02"});
  EXPECT_EQ(elsewhere.exit, kWrongUsage) << "one place only";
}

TEST_F(Drive, OpenedByAnotherOfficeIsRefused) {
  AddYear();
  ASSERT_EQ(Run("open", {"--date", "2025-11-03"}).exit, kDone);
  const Outcome other = RunWith({"drive", "open", "--drive", "d-1", "--office", "bhxh-2", "--place", kVillage, "--date",
                                 "2025-11-03", "--ingest", ingest_.address(), "--projection", progress_.address()});
  EXPECT_EQ(other.exit, kRefused);
  EXPECT_THAT(other.err, HasSubstr("was opened before with another place or office, at position 1"));
  EXPECT_EQ(ingest_.events().size(), 1u);
}

TEST_F(Drive, IsClosedOnce) {
  AddYear();
  ASSERT_EQ(Run("open", {"--date", "2025-11-03"}).exit, kDone);
  for (int round = 0; round < 2; ++round) {
    const Outcome closed = Run("close", {"--date", "2025-11-05", "--place", kVillage});
    EXPECT_EQ(closed.exit, kDone) << closed.err;
    EXPECT_THAT(closed.out, HasSubstr(round == 0 ? "Drive d-1 is closed on 2025-11-05, position 2\n"
                                                 : "Drive d-1 was closed on 2025-11-05, position 2: nothing"));
  }
  ASSERT_EQ(ingest_.events().size(), 2u);
  EXPECT_EQ(ingest_.events()[1].drive_closed().drive_id(), "d-1");
  EXPECT_EQ(ingest_.events()[1].drive_closed().office_party_id(), "bhxh");
}

TEST_F(Drive, OnAnotherDayIsRefusedWithBothDates) {
  AddYear();
  ASSERT_EQ(Run("open", {"--date", "2025-11-03"}).exit, kDone);
  const Outcome opened = Run("open", {"--date", "2025-11-04"});
  EXPECT_EQ(opened.exit, kRefused);
  EXPECT_THAT(opened.err,
              HasSubstr("the drive was opened before on 2025-11-03, at position 1, and not on 2025-11-04: "));
  EXPECT_THAT(opened.err, HasSubstr("`sothon events --from 1 --to 1`, and give its date (--date), or correct"));
  ASSERT_EQ(Run("close", {"--date", "2025-11-05"}).exit, kDone);
  const Outcome closed = Run("close", {"--date", "2025-11-02"});
  EXPECT_EQ(closed.exit, kRefused);
  EXPECT_THAT(closed.err,
              HasSubstr("the drive was closed before on 2025-11-05, at position 2, and not on 2025-11-02: "));
  EXPECT_EQ(ingest_.events().size(), 2u);
}

TEST_F(Drive, OnTheFirstOfJanuaryNothingOfItsYearIsAchieved_Plan27) {
  AddYear();
  const Outcome outcome = Run("open", {"--date", "2026-01-01"});
  ASSERT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_EQ(progress_.asked_inquiry.date(), 20260101) << "the targets of 2026, not of 2025";
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("BHXH_TN +5 +0 +5\n"));
}

TEST_F(Drive, IsNotOpenedAheadUnlessItIsMadeUp) {
  AddYear();
  const CivilDate today = CivilDate::AtMoment(absl::ToUnixMicros(absl::Now()));
  const std::string ahead = today.Plus(2).ToString();
  const Outcome outcome = Run("open", {"--date", ahead});
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr(StrCat("--date ", ahead, " is after today, ")));
  EXPECT_THAT(outcome.err, HasSubstr("open a drive on its day, or say --synthetic"));
  EXPECT_TRUE(ingest_.events().empty());
  EXPECT_EQ(Run("open", {"--date", ahead, "--synthetic"}).exit, kDone);
}

TEST_F(Drive, IsOpenedToday) {
  AddYear();
  const Outcome outcome = Run("open");
  EXPECT_EQ(outcome.exit, kDone) << outcome.err;
}

TEST_F(Drive, WithNothingToFreezeIsRefusedUnlessSaidSo_Plan27) {
  const Outcome outcome = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr("23884-01 has no target of 2025 for BHXH_TN or BHYT_TU_DONG, as known at position "
                                     "41, so there is nothing to freeze: load the plan with its targets first"));
  EXPECT_TRUE(ingest_.events().empty());
  EXPECT_EQ(Run("open", {"--date", "2025-11-03", "--without-targets"}).exit, kDone);
  ASSERT_EQ(ingest_.events().size(), 1u);
  const Outcome again = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(again.exit, kDone) << "it is opened already: " << again.err;
  EXPECT_EQ(ingest_.events().size(), 1u);
}

TEST_F(Drive, WhatNamesItBeforeItsDayIsNoPartOfItsBaseline_Plan27) {
  AddYear();
  const auto stub = ingest_.NewStub();
  v1::RecordRequest request;
  v1::Event* receipt = request.add_submissions()->mutable_event();
  receipt->set_event_id("r-1");
  receipt->set_effective_date(20251102);
  receipt->set_place_id(kVillage);
  receipt->mutable_contribution_recorded()->set_drive_id("d-1");
  grpc::ClientContext context;
  v1::RecordResponse response;
  ASSERT_TRUE(stub->Record(&context, request, &response).ok());
  progress_.explanation.add_postings()->set_position(1);
  const Outcome outcome = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr("1 receipt that names drive d-1 is dated before 2025-11-03, at position 1 "
                                     "(2025-11-02): it is its result"));
  EXPECT_EQ(progress_.asked_to_explain.drive_id(), "d-1");
  EXPECT_EQ(progress_.asked_to_explain.as_of().position(), 41u);
  EXPECT_EQ(ingest_.events().size(), 1u);
  receipt->set_event_id("r-2");
  receipt->mutable_contribution_recorded()->set_receipt_number("2");
  receipt->set_effective_date(20251101);
  grpc::ClientContext another;
  ASSERT_TRUE(stub->Record(&another, request, &response).ok());
  progress_.explanation.add_postings()->set_position(2);
  EXPECT_THAT(Run("open", {"--date", "2025-11-03"}).err,
              HasSubstr("2 receipts that name drive d-1 are dated before 2025-11-03, the first at position 1 "
                        "(2025-11-02): they are its result"));
  EXPECT_EQ(Run("open", {"--date", "2025-11-01"}).exit, kDone);
}

TEST_F(Drive, ADryRunShowsTheBaselineAndRecordsNothing) {
  AddYear();
  const Outcome outcome = Run("open", {"--date", "2025-11-03", "--dry-run"});
  EXPECT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Dry run: drive d-1 would be opened on 2025-11-03. Nothing was recorded.\n"));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("BHXH_TN +5 +3 +2\n"));
  EXPECT_TRUE(ingest_.events().empty());
}

TEST_F(Drive, ARefusalNamesTheFieldAndNotItsIndex) {
  AddYear();
  ingest_.SetCheck([](const v1::RecordRequest&) {
    return BadRequest({{"submissions[0].event.drive_opened.office_party_id", "permission denied: x; give y"}});
  });
  const Outcome outcome = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr("event.drive_opened.office_party_id: permission denied: x; give y"));
  EXPECT_THAT(outcome.err, ::testing::Not(HasSubstr("submissions[0]")));
}

TEST_F(Drive, TwoServicesOfDifferentLogsAreRefused) {
  AddYear();
  progress_.freshness.set_log_id("another");
  const Outcome outcome = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr("the projection counts log another"));
  EXPECT_TRUE(ingest_.events().empty());
}

TEST_F(Drive, WrongUsageIsToldBeforeAnythingIsAsked) {
  EXPECT_EQ(Run("open", {"--date", "2025-13-01"}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"drive", "open", "--drive", "d 1", "--office", "b", "--place", kVillage}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"drive", "open", "--drive", "d-1", "--office", "b", "--place", "23884"}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"drive", "open", "--drive", "d-1", "--office", "b"}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"drive"}).exit, kWrongUsage);
}

TEST_F(Drive, AServiceThatIsAwayIsNamed) {
  ingest_.Stop();
  const Outcome outcome = Run("close");
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr("cannot reach sothon-ingest"));
}

}  // namespace
}  // namespace sothon::cli
