// Opening and closing drives: what is frozen, what is recorded, and what a second time does.
#include "cli/drive/baseline.h"
#include "cli/testing/fake_ingest.h"
#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
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

  // A month of the village with one target held against its figures.
  v1::TargetProgress* AddMonth(v1::Scheme scheme, const std::string& group, int32_t month, int64_t target,
                               int64_t achieved, v1::Measure measure = v1::DEVELOPED) {
    v1::ProgressRow* row = progress_.progress.add_rows();
    row->set_place_id(kVillage);
    row->set_scheme(scheme);
    row->set_scheme_group_id(group);
    row->set_span(v1::ProgressRow::MONTH);
    row->set_month(month);
    return AddTarget(row, target, achieved, measure);
  }
  static v1::TargetProgress* AddTarget(v1::ProgressRow* row, int64_t target, int64_t achieved, v1::Measure measure) {
    v1::TargetProgress* held = row->add_targets();
    held->set_measure(measure);
    held->set_target(target);
    held->set_achieved(achieved);
    return held;
  }
  void AddYear() {
    AddMonth(v1::BHXH_TN, "", 202510, 2, 3);
    AddMonth(v1::BHXH_TN, "", 202511, 3, 0);
    AddMonth(v1::SCHEME_UNSPECIFIED, kSelfPaidGroup, 202510, 10, 4);
  }
  // "BHXH_TN 5 3 2"
  std::vector<std::string> Baselines() {
    std::vector<std::string> texts;
    for (const auto& one : BaselinesOf(progress_.progress, kVillage)) {
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

TEST_F(Drive, ABaselineIsTheYearsTargetsAgainstTheMonthsThatHaveOne_Plan27) {
  AddYear();
  // No target: the nine of July are no part of it.
  progress_.progress.add_rows()->set_place_id(kVillage);
  progress_.progress.mutable_rows(3)->set_scheme(v1::BHXH_TN);
  progress_.progress.mutable_rows(3)->set_span(v1::ProgressRow::MONTH);
  progress_.progress.mutable_rows(3)->set_month(202507);
  progress_.progress.mutable_rows(3)->mutable_figures()->set_first(9);
  EXPECT_THAT(Baselines(), ::testing::ElementsAre("BHXH_TN 5 3 2", "BHYT_TU_DONG 10 4 6"));
}

TEST_F(Drive, WhatIsReachedLeavesNothing_Plan27_Plan29) {
  AddMonth(v1::BHXH_TN, "", 202510, 2, 7);
  EXPECT_THAT(Baselines(), ::testing::ElementsAre("BHXH_TN 2 7 0"));
}

TEST_F(Drive, OtherPlacesSpansAndMeasuresAreNoPartOfABaseline) {
  AddMonth(v1::BHXH_TN, "", 202510, 2, 1);
  AddMonth(v1::BHXH_TN, "", 202511, 50, 50);
  progress_.progress.mutable_rows(1)->set_place_id("23884");
  AddMonth(v1::BHXH_TN, "", 202512, 50, 50);
  progress_.progress.mutable_rows(2)->set_span(v1::ProgressRow::YEAR);
  AddMonth(v1::BHXH_TN, "", 202512, 9000, 1, v1::COVERAGE_RATE);
  AddMonth(v1::BHXH_TN, "", 202512, 40, 1, v1::MAINTAINED_OR_DEVELOPED);
  AddMonth(v1::BHYT_HGD, "", 202512, 40, 1);
  AddMonth(v1::SCHEME_UNSPECIFIED, kSelfPaidGroup, 202512, 120, 20, v1::MAINTAINED_OR_DEVELOPED);
  EXPECT_THAT(Baselines(), ::testing::ElementsAre("BHXH_TN 2 1 1", "BHYT_TU_DONG 120 20 100"));
}

// A village's own target and that of each village are held against one figure, which must not count twice.
TEST_F(Drive, SeveralTargetsOfOneMonthShareItsFigure) {
  AddMonth(v1::BHXH_TN, "", 202510, 2, 3);
  AddTarget(progress_.progress.mutable_rows(0), 4, 3, v1::DEVELOPED);
  EXPECT_THAT(Baselines(), ::testing::ElementsAre("BHXH_TN 6 3 3"));
}

TEST_F(Drive, IsOpenedWithWhatTheVillageLacksAsCounted_Plan27) {
  AddYear();
  const Outcome outcome = Run("open", {"--date", "2025-11-03", "--synthetic"});
  ASSERT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Drive d-1 is opened on 2025-11-03, position 1\n"));
  EXPECT_THAT(outcome.out, HasSubstr("Still to be reached of 2025, as known at position 41:\n"));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("BHXH_TN +5 +3 +2\n"));
  EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("No target")));
  EXPECT_EQ(progress_.asked.place_id(), kVillage);
  EXPECT_EQ(progress_.asked.period(), "2025");
  EXPECT_FALSE(progress_.asked.has_as_of());
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
  const Outcome outcome = Run("open", {"--date", "03/11/2025", "--position", "17"});
  ASSERT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_EQ(progress_.asked.as_of().position(), 17u);
  EXPECT_EQ(ingest_.events()[0].drive_opened().baseline_position(), 17u);
  EXPECT_THAT(outcome.out, HasSubstr("No target of BHXH_TN in 2025: nothing is frozen for it.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("No target of BHYT_TU_DONG in 2025"));
}

TEST_F(Drive, ASecondTimeRecordsNothingAndShowsTheFirst) {
  AddYear();
  ASSERT_EQ(Run("open", {"--date", "2025-11-03"}).exit, kDone);
  // More was counted since: the baseline stays.
  progress_.freshness.set_position(99);
  progress_.progress.mutable_rows(1)->mutable_targets(0)->set_achieved(3);
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
  ASSERT_EQ(Run("open", {"--date", "2025-11-03"}).exit, kDone);
  const Outcome other = RunWith({"drive", "open", "--drive", "d-1", "--office", "bhxh-2", "--place", kVillage, "--date",
                                 "2025-11-03", "--ingest", ingest_.address(), "--projection", progress_.address()});
  EXPECT_EQ(other.exit, kRefused);
  EXPECT_THAT(other.err, HasSubstr("was opened before with another place or office, at position 1"));
  EXPECT_EQ(ingest_.events().size(), 1u);
}

TEST_F(Drive, IsClosedOnce) {
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

TEST_F(Drive, ADryRunShowsTheBaselineAndRecordsNothing) {
  AddYear();
  const Outcome outcome = Run("open", {"--date", "2025-11-03", "--dry-run"});
  EXPECT_EQ(outcome.exit, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Dry run: drive d-1 would be opened on 2025-11-03. Nothing was recorded.\n"));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("BHXH_TN +5 +3 +2\n"));
  EXPECT_TRUE(ingest_.events().empty());
}

TEST_F(Drive, ARefusalNamesTheFieldAndNotItsIndex) {
  ingest_.SetCheck([](const v1::RecordRequest&) {
    return BadRequest({{"submissions[0].event.drive_opened.office_party_id", "permission denied: x; give y"}});
  });
  const Outcome outcome = Run("open", {"--date", "2025-11-03"});
  EXPECT_EQ(outcome.exit, kRefused);
  EXPECT_THAT(outcome.err, HasSubstr("event.drive_opened.office_party_id: permission denied: x; give y"));
  EXPECT_THAT(outcome.err, ::testing::Not(HasSubstr("submissions[0]")));
}

TEST_F(Drive, TwoServicesOfDifferentLogsAreRefused) {
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
