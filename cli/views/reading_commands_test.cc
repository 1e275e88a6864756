// Readers that meet services in trouble, of different logs, or away.
#include "cli/testing/fake_ingest.h"
#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
#include "common/status/status.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Reading : public ::testing::Test {
 protected:
  Reading() {
    // Position 1 of log "fake": a receipt of October.
    v1::RecordRequest request;
    v1::Event* event = request.add_submissions()->mutable_event();
    event->set_event_id("receipt-1");
    event->set_place_id("23500-01");
    event->set_effective_date(20251017);
    v1::ContributionRecorded* receipt = event->mutable_contribution_recorded();
    receipt->set_scheme(v1::BHXH_TN);
    receipt->set_agency_id("BD");
    receipt->set_receipt_number("GL-1");
    receipt->set_from_month(202510);
    receipt->set_months(1);
    receipt->set_paid_vnd(264'000);
    grpc::ClientContext context;
    v1::RecordResponse response;
    EXPECT_TRUE(ingest_.NewStub()->Record(&context, request, &response).ok());
    progress_.freshness.set_log_id("fake");
    progress_.freshness.set_position(1);
    progress_.freshness.set_head_position(1);
    v1::Posting* posting = progress_.explanation.add_postings();
    posting->set_position(1);
    posting->set_change(1);
    posting->set_place_id("23500-01");
    posting->set_scheme(v1::BHXH_TN);
    posting->set_month(202510);
    posting->set_counter(v1::COUNTER_FIRST);
    progress_.explanation.set_sum(1);
  }

  void SetTrouble() {
    progress_.freshness.set_trouble("ingest is out of reach");
    progress_.freshness.set_heard_seconds_ago(1234.5);
  }

  Outcome Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--ingest", ingest_.address(), "--projection", progress_.address()});
    return RunWith(arguments);
  }
  Outcome Explain(const std::string& format = "table") {
    return Run({"explain", "--place", "23500", "--period", "2025-10", "--scheme", "BHXH_TN", "--counter", "first",
                "--format", format});
  }
  Outcome Progress(const std::string& format = "table") {
    return Run({"progress", "--place", "23500", "--period", "2025-10", "--format", format});
  }

  FakeIngest ingest_;
  FakeProgress progress_;
};

TEST_F(Reading, AFigureIsExplainedWithItsReceipts) {
  const Outcome outcome = Explain();
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("GL-1"));
}

TEST_F(Reading, AReceiptThatWasTakenBackIsMarkedWhetherTheFigureChangedOrNot) {
  EXPECT_THAT(Explain().out, Not(HasSubstr("đã hủy")));
  EXPECT_THAT(Explain("csv").out, HasSubstr(",reversed_by_position\n"));
  EXPECT_THAT(Explain("json").out, HasSubstr("\"reversed_by_position\": 0"));
  v1::RecordRequest request;
  v1::Event* reversal = request.add_submissions()->mutable_event();
  reversal->set_event_id("reversal-1");
  reversal->set_place_id("23500-01");
  reversal->set_effective_date(20251101);
  reversal->mutable_contribution_reversed()->set_agency_id("BD");
  reversal->mutable_contribution_reversed()->set_receipt_number("GL-1");
  reversal->mutable_contribution_reversed()->set_reversed_position(1);
  grpc::ClientContext context;
  v1::RecordResponse response;
  ASSERT_TRUE(ingest_.NewStub()->Record(&context, request, &response).ok());
  EXPECT_THAT(Explain().out, Not(HasSubstr("đã hủy"))) << "as of position 1 it was not";

  progress_.freshness.set_position(2);
  const Outcome table = Explain();
  EXPECT_EQ(table.exit, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("đã hủy ở\n"), HasSubstr("1 bút toán là của biên lai đã hủy")));
  EXPECT_THAT(Explain("csv").out, HasSubstr(",2\n"));
  EXPECT_THAT(Explain("json").out, HasSubstr("\"reversed_by_position\": 2"));

  v1::Posting* posting = progress_.explanation.add_postings();
  *posting = progress_.explanation.postings(0);
  posting->set_position(2);
  posting->set_change(-1);
  progress_.explanation.set_sum(0);
  const Outcome lowered = Explain();
  EXPECT_EQ(lowered.exit, 0) << lowered.err;
  EXPECT_THAT(lowered.out, AllOf(HasSubstr("đã hủy ở\n"), Not(HasSubstr("bút toán là của biên lai đã hủy"))));
  // The reversal changed something else of the figure: of another month.
  posting->set_month(202511);
  posting->set_counter(v1::COUNTER_RENEWED);
  const Outcome elsewhere = Explain();
  EXPECT_EQ(elsewhere.exit, 0) << elsewhere.err;
  EXPECT_THAT(elsewhere.out, HasSubstr("1 bút toán là của biên lai đã hủy"));
}

TEST_F(Reading, ReversalsThatAreNotKnownAreNotToldAsNone) {
  ingest_.ForgetReversals();
  const Outcome old = Explain("json");
  EXPECT_EQ(old.exit, 0) << old.err;
  EXPECT_THAT(old.out, Not(HasSubstr("reversed_by_position")));
  EXPECT_THAT(old.err, HasSubstr("is too old to tell which receipts were taken back"));
  ingest_.Stop();
  const Outcome away = Explain("json");
  EXPECT_EQ(away.exit, 0) << away.err;
  EXPECT_THAT(away.out, Not(HasSubstr("reversed_by_position")));
  EXPECT_THAT(away.err, HasSubstr("without their events"));
}

TEST_F(Reading, ReceiptsOfAnotherLogAreNotShown) {
  progress_.freshness.set_log_id("dak-ha");
  for (const char* format : {"table", "csv", "json"}) {
    const Outcome outcome = Explain(format);
    EXPECT_EQ(outcome.exit, 1);
    EXPECT_EQ(outcome.out, "");
    for (const std::string& part : {std::string("dak-ha"), std::string("fake"), ingest_.address(), progress_.address(),
                                    std::string("--ingest HOST:PORT")}) {
      EXPECT_THAT(outcome.err, HasSubstr(part));
    }
  }
}

TEST_F(Reading, AFigureOfAPartyOrADriveIsExplainedWithThePlacesOfItsReceipts) {
  progress_.explanation.mutable_postings(0)->clear_place_id();
  const std::vector<std::string> ask = {"explain", "--period", "2025-10", "--scheme", "BHXH_TN", "--counter", "first"};
  std::vector<std::string> party = ask;
  party.insert(party.end(), {"--party", "BD"});
  const Outcome outcome = Run(party);
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(progress_.asked_to_explain.party_id(), "BD");
  EXPECT_EQ(progress_.asked_to_explain.place_id(), "");
  EXPECT_THAT(outcome.out, HasSubstr("first · BD · 2025-10"));
  EXPECT_THAT(outcome.out, HasSubstr("23500-01"));
  std::vector<std::string> drive = ask;
  drive.insert(drive.end(), {"--drive", "d-01"});
  EXPECT_EQ(Run(drive).exit, 0);
  EXPECT_EQ(progress_.asked_to_explain.drive_id(), "d-01");
  EXPECT_EQ(Run(ask).exit, 2);
  drive.insert(drive.end(), {"--party", "BD"});
  EXPECT_EQ(Run(drive).exit, 2);
  // Still the wrong one: another month than the receipt's.
  progress_.explanation.mutable_postings(0)->set_month(202509);
  EXPECT_EQ(Run(party).exit, 1);
}

TEST_F(Reading, TheTreeIsAskedForAsOfADayAndAPosition_Plan13) {
  EXPECT_EQ(Run({"places", "--date", "31/12/2025", "--as-of", "@7"}).exit, 0);
  EXPECT_EQ(progress_.asked_of_places.date(), 20251231);
  EXPECT_EQ(progress_.asked_of_places.as_of().position(), 7u);
  EXPECT_EQ(Run({"places", "--date", "31/11/2025"}).exit, 2);
  const Outcome gone = Run({"places", "--place", "23500", "--date", "2025-12-31"});
  EXPECT_THAT(gone.err, HasSubstr("--place 23500 is not in the book on 2025-12-31"));
}

TEST_F(Reading, AnotherEventAtThePositionIsNotShownAsTheOneCounted) {
  const std::vector<std::function<void(v1::Posting*)>> changes = {
      [](v1::Posting* posting) { posting->set_place_id("23500-02"); },
      [](v1::Posting* posting) { posting->set_scheme(v1::BHYT_HGD); },
      [](v1::Posting* posting) { posting->set_month(202509); },
      [](v1::Posting* posting) { posting->set_month(202511); },
      [](v1::Posting* posting) {
        posting->set_counter(v1::COUNTER_PAID_VND);
        posting->set_change(1);
      }};
  const v1::Posting right = progress_.explanation.postings(0);
  for (const auto& change : changes) {
    *progress_.explanation.mutable_postings(0) = right;
    change(progress_.explanation.mutable_postings(0));
    const Outcome outcome = Explain();
    EXPECT_EQ(outcome.exit, 1) << progress_.explanation.postings(0).ShortDebugString();
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("the log has another event at position 1 than the one counted"));
  }
  *progress_.explanation.mutable_postings(0) = right;
  progress_.explanation.mutable_postings(0)->set_position(7);
  const Outcome missing = Explain();
  EXPECT_EQ(missing.exit, 1);
  EXPECT_THAT(missing.err, HasSubstr("has no event at position 7"));
}

TEST_F(Reading, PostingsStandAloneWhereIngestIsAway) {
  ingest_.Stop();
  const Outcome outcome = Explain();
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_THAT(outcome.err, HasSubstr("the postings stand without their events"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("GL-1")));
}

TEST_F(Reading, FiguresThatDoNotFollowTheLogSaySoUnderTheHeading) {
  SetTrouble();
  constexpr char kLine[] = "\n*** KHÔNG CẬP NHẬT: ingest is out of reach (nghe từ sổ lần cuối 1.234 giây trước) ***\n";
  for (const auto& run : {Explain("table"), Progress("table")}) {
    EXPECT_EQ(run.exit, 0) << run.err;
    const size_t heading = run.out.find('\n');
    EXPECT_EQ(run.out.find(kLine), heading) << run.out;
  }
  for (const auto& run : {Explain("csv"), Progress("csv")}) {
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr(std::string(kLine).substr(1)));
    EXPECT_THAT(run.out, Not(HasSubstr("KHÔNG CẬP NHẬT")));
  }
  for (const auto& run : {Explain("json"), Progress("json")}) {
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("\"trouble\": \"ingest is out of reach\""));
    EXPECT_THAT(run.out, HasSubstr("\"heard_seconds_ago\": 1234.5"));
  }
  progress_.freshness.clear_trouble();
  EXPECT_THAT(Progress().out, Not(HasSubstr("KHÔNG CẬP NHẬT")));
  EXPECT_THAT(Explain("json").out, HasSubstr("\"trouble\": \"\""));
}

TEST_F(Reading, WatchersAreToldThatTheFiguresStandStill) {
  SetTrouble();
  v1::ProgressRow* row = progress_.change.add_changes();
  row->set_place_id("23500-01");
  row->set_scheme(v1::BHXH_TN);
  row->set_month(202510);
  const std::vector<std::string> watch = {"watch", "--place", "23500", "--period", "2025-10", "--changes", "1"};
  const Outcome table = Run(watch);
  EXPECT_EQ(table.exit, 0) << table.err;
  EXPECT_EQ(table.out.find("*** KHÔNG CẬP NHẬT: ingest is out of reach"), 0u) << table.out;
  std::vector<std::string> lines = watch;
  lines.insert(lines.end(), {"--format", "jsonl"});
  const Outcome json = Run(lines);
  EXPECT_THAT(json.out, HasSubstr("\"trouble\": \"ingest is out of reach\"}"));
  EXPECT_THAT(json.err, HasSubstr("KHÔNG CẬP NHẬT"));
}

TEST_F(Reading, AWaitThatIsInVainNamesTheTrouble) {
  SetTrouble();
  const Outcome outcome =
      Run({"progress", "--place", "23500", "--period", "2025-10", "--min-position", "5", "--wait-seconds", "1"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the figures do not follow the log (ingest is out of reach"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("is it the number")));
}

TEST_F(Reading, StatusIsNotWellWhereTheLogsDifferOrOneIsInTrouble) {
  EXPECT_EQ(Run({"status"}).exit, 0);
  EXPECT_THAT(Run({"status"}).out, HasSubstr("bus disabled"));
  SetTrouble();
  const Outcome trouble = Run({"status"});
  EXPECT_EQ(trouble.exit, 1);
  EXPECT_THAT(trouble.out, HasSubstr("TROUBLE          ingest is out of reach"));
  progress_.freshness.clear_trouble();
  progress_.freshness.set_log_id("dak-ha");
  const Outcome other = Run({"status"});
  EXPECT_EQ(other.exit, 1);
  EXPECT_THAT(other.err, HasSubstr(StrCat("different logs: fake (sothon-ingest at ", ingest_.address(),
                                          ") and dak-ha (sothon-projection at ", progress_.address())));
}

TEST_F(Reading, ADocumentThatCannotBeLookedUpIsNamedByItsIdAlone) {
  v1::ProgressRow* row = progress_.progress.add_rows();
  row->set_place_id("23500-01");
  row->set_scheme(v1::BHXH_TN);
  row->set_span(v1::ProgressRow::MONTH);
  row->set_month(202510);
  row->set_from_month(202510);
  row->add_targets()->set_document_id("kh-dak-ha");
  progress_.progress.set_period("2025-10");
  EXPECT_THAT(Progress().out, HasSubstr("Văn bản: kh-dak-ha (không có trong sổ)\n"));
  progress_.freshness.set_log_id("another");
  EXPECT_THAT(Progress().out, HasSubstr("Văn bản: kh-dak-ha (không tra cứu được lúc này)\n"));
  progress_.freshness.set_log_id("fake");
  ingest_.Stop();
  const Outcome outcome = Progress();
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_THAT(outcome.out, HasSubstr("Văn bản: kh-dak-ha (không tra cứu được lúc này)\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("không rõ")));
}

TEST_F(Reading, PeriodsAreTakenInEitherCase) {
  EXPECT_EQ(Run({"progress", "--place", "23500", "--period", "2025q4"}).exit, 0);
  EXPECT_EQ(progress_.asked_period, "2025Q4");
}

TEST_F(Reading, APlaceThatIsNotThereIsAnError) {
  v1::PlaceInfo* place = progress_.places.add_places();
  place->set_place_id("23500");
  place->set_parent_place_id("51");
  EXPECT_EQ(Run({"places"}).exit, 0);
  EXPECT_EQ(Run({"places", "--place", "23500"}).exit, 0);
  EXPECT_EQ(Run({"places", "--place", "51"}).exit, 0);
  for (const char* format : {"table", "csv", "json"}) {
    const Outcome outcome = Run({"places", "--place", "99", "--format", format});
    EXPECT_EQ(outcome.exit, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("--place 99 is not in the book; `sothon places` lists what is"));
  }
}

TEST_F(Reading, WhatTheServiceSaysItselfIsShownAndNotThatItIsAway) {
  ingest_.SetCheck([](const v1::RecordRequest&) {
    return absl::UnavailableError("the disk does not take the event log; retry with back-off");
  });
  const Outcome outcome =
      Run({"reverse", "--agency", "BD", "--receipt", "GL-1", "--date", "2025-12-01", "--reason", "thử"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("answered: the disk does not take the event log"));
  EXPECT_THAT(outcome.err, HasSubstr("It goes on by itself when there is room"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("cannot reach")));
  ingest_.Stop();
  EXPECT_THAT(Run({"events"}).err, HasSubstr("cannot reach sothon-ingest"));
}

}  // namespace
}  // namespace sothon::cli
