// sothon report, against services in memory.
#include <filesystem>

#include "cli/report/testing/sample_reports.h"
#include "cli/report/testing/workbook_reader.h"
#include "cli/testing/fake_ingest.h"
#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

class ReportCommand : public ::testing::Test {
 protected:
  ReportCommand() {
    progress_.freshness = SampleFreshness();
    progress_.progress = SampleQuarter();
    progress_.places = SamplePlaces();
    v1::RecordRequest request;
    v1::Event* party = request.add_submissions()->mutable_event();
    party->set_event_id("agency");
    party->mutable_party_registered()->set_party_id("BD");
    party->mutable_party_registered()->set_name("Bưu điện khu vực Đăk Hà");
    v1::Event* document = request.add_submissions()->mutable_event();
    document->set_event_id("plan");
    document->mutable_document_issued()->set_document_id("kh-dak-ha-2025q4");
    document->mutable_document_issued()->set_title("Kế hoạch giao chỉ tiêu");
    grpc::ClientContext context;
    v1::RecordResponse response;
    EXPECT_TRUE(ingest_.NewStub()->Record(&context, request, &response).ok());
    folder_ = std::filesystem::path(::testing::TempDir()) /
              StrCat("report-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ReportCommand() override { std::filesystem::remove_all(folder_); }

  Outcome Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "report");
    arguments.insert(arguments.end(),
                     {"--place", "23500", "--ingest", ingest_.address(), "--projection", progress_.address()});
    return RunWith(arguments);
  }

  FakeIngest ingest_;
  FakeProgress progress_;
  std::filesystem::path folder_;
};

TEST_F(ReportCommand, AMonthIsAskedForWithItsQuarterAndWrittenAsAWorkbook) {
  const std::string path = (folder_ / "november.xlsx").string();
  const Outcome outcome = Run({"monthly", "--period", "2025-11", "--output", path});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(outcome.out, StrCat("Đã ghi: ", path, "\n"));
  EXPECT_EQ(progress_.asked_period, "2025-10..2025-12");
  const WorkbookReader book(path);
  EXPECT_NE(book.Find("BHXH tự nguyện", "XÃ ĐĂK HÀ"), "");
  EXPECT_NE(
      book.Find("BHXH tự nguyện", "- Căn cứ giao chỉ tiêu: Kế hoạch giao chỉ tiêu (số: không rõ; ngày: không rõ)."),
      "");
}

TEST_F(ReportCommand, WithoutAFileNameTheWorkbookIsNamedAfterTheReport) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  const Outcome outcome = Run({"monthly", "--period", "2025-11"});
  std::filesystem::current_path(before);
  EXPECT_EQ(outcome.out, "Đã ghi: bao-cao-thang-23500-2025-11.xlsx\n");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "bao-cao-thang-23500-2025-11.xlsx"));
}

TEST_F(ReportCommand, CsvGoesToThePipeAndTheWarningBesideIt) {
  const Outcome outcome = Run({"monthly", "--period", "2025-11", "--format", "csv"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ::testing::StartsWith("section,row,place_id,"));
  EXPECT_THAT(outcome.err, HasSubstr("SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT"));
}

TEST_F(ReportCommand, APublishedWeekIsAsOfItsPublication) {  // plan#38
  const std::vector<std::string> ask = {"weekly", "--period", "2025-W45", "--format", "csv", "--as-published"};
  const Outcome never = Run(ask);
  EXPECT_EQ(never.exit, 1);
  EXPECT_THAT(never.err, HasSubstr("--as-published: 2025-W45 was not published for 23500"));
  v1::RecordRequest request;
  v1::Event* event = request.add_submissions()->mutable_event();
  event->set_event_id("week");
  event->set_place_id("23500");
  event->set_effective_date(20251110);
  event->mutable_period_published()->set_period("2025-W45");
  event->mutable_period_published()->set_at_position(4000);
  grpc::ClientContext context;
  v1::RecordResponse response;
  ASSERT_TRUE(ingest_.NewStub()->Record(&context, request, &response).ok());
  const Outcome outcome = Run(ask);
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(progress_.asked_inquiry.as_of().position(), 4000);
  EXPECT_EQ(progress_.asked_inquiry.date(), 20251110) << "judged as on the day of the publication";
  EXPECT_EQ(progress_.asked_period, "") << "a week has no figures by month";
  EXPECT_EQ(Run({"weekly", "--period", "2025-W45", "--format", "csv", "--as-published", "--date", "2025-11-12"}).exit,
            0);
  EXPECT_EQ(progress_.asked_inquiry.date(), 20251112);
  progress_.freshness.set_log_id("another");
  EXPECT_THAT(Run(ask).err, HasSubstr("the figures are of log another"));
}

TEST_F(ReportCommand, AsPublishedIsAsOfThePublication) {  // plan#38
  progress_.progress.mutable_publication()->set_at_position(4000);
  progress_.progress.mutable_publication()->set_published_date(20251205);
  const Outcome outcome = Run({"monthly", "--period", "2025-11", "--format", "table", "--as-published"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(progress_.asked_as_of.position(), 4000);
  EXPECT_THAT(outcome.out, HasSubstr("như đã công bố ngày 05/12/2025, tại vị trí 4.000"));
}

TEST_F(ReportCommand, EveryKindIsMade) {
  const std::vector<std::vector<std::string>> kinds = {{"monthly", "--period", "2025Q4"},
                                                       {"weekly", "--period", "2025-W45"},
                                                       {"drive"},
                                                       {"league", "--period", "2025Q4"},
                                                       {"league", "--period", "2025Q4", "--kind", "agency"},
                                                       {"league", "--period", "2025Q4", "--kind", "collector"},
                                                       {"renewals"},
                                                       {"uncovered"}};
  for (std::vector<std::string> arguments : kinds) {
    arguments.insert(arguments.end(), {"--format", "table"});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit, 0) << arguments[0] << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("XÃ ĐĂK HÀ")) << arguments[0];
  }
}

TEST_F(ReportCommand, AWeekIsAskedForFromItsQuartersFirst) {  // plan#32
  EXPECT_EQ(Run({"weekly", "--period", "2025-W45", "--format", "table"}).exit, 0);
  EXPECT_EQ(progress_.asked_ladder.from_week(), "2025-W40");
  EXPECT_EQ(progress_.asked_ladder.to_week(), "2025-W45");
  EXPECT_TRUE(progress_.asked_ladder.with_rows());
  EXPECT_EQ(Run({"weekly", "--period", "2025Q4", "--format", "table"}).exit, 0);
  EXPECT_EQ(progress_.asked_ladder.from_week(), "2025-W40");
  EXPECT_EQ(progress_.asked_ladder.to_week(), "2026-W01");
}

TEST_F(ReportCommand, ADayIsAskedForOrThePeriodsLast) {
  EXPECT_EQ(Run({"renewals", "--format", "csv"}).exit, 0);
  EXPECT_EQ(progress_.asked_inquiry.date(), 0);
  EXPECT_EQ(Run({"renewals", "--date", "2025-11-15", "--as-of", "@4000", "--collector", "-", "--format", "csv"}).exit,
            0);
  EXPECT_EQ(progress_.asked_inquiry.date(), 20251115);
  EXPECT_EQ(progress_.asked_inquiry.as_of().position(), 4000);
  EXPECT_EQ(progress_.asked_renewals.collector_id(), "-");
  EXPECT_EQ(Run({"uncovered", "--period", "2025-11", "--format", "csv"}).exit, 0);
  EXPECT_EQ(progress_.asked_inquiry.date(), 20251130);
  // The months say which drives, and the day as of when: both have a say.
  EXPECT_EQ(Run({"drive", "--period", "2025-11", "--date", "2025-12-31", "--format", "csv"}).exit, 0);
  // As published, the period says which publication.
  progress_.progress.mutable_publication()->set_at_position(4000);
  EXPECT_EQ(Run({"renewals", "--period", "2025-11", "--as-published", "--date", "2025-12-31", "--format", "csv"}).exit,
            0);
  EXPECT_EQ(progress_.asked_inquiry.date(), 20251231);
}

TEST_F(ReportCommand, WrongUsageNamesTheOptionAndTheRemedy) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"monthly", "--period", "2025-13"}, "--period 2025-13"},
      {{"monthly", "--period", "2025-W45"}, "one to 12 months"},
      {{"monthly", "--period", "2024-01..2025-12"}, "one to 12 months"},
      {{"weekly", "--period", "2025-W60"}, "write 2025-W45"},
      {{"weekly", "--period", "2025-W54"}, "--period 2025-W54: there is no week 2025-W54"},
      {{"weekly", "--period", "2025-W40..2025-w53"}, "there is no week 2025-w53"},
      {{"weekly", "--period", "2025-W45..2025-W40"}, "it runs backwards: 2025-W40 lies before 2025-W45"},
      {{"renewals", "--period", "2025-11", "--date", "2025-12-31"}, "give --date alone for another one"},
      {{"uncovered", "--period", "2025-11", "--date", "2025-12-31"}, "--period 2025-11 and --date 2025-12-31 both say"},
      {{"drive", "--date", "30/02/2025"}, "is no day"},
      {{"renewals", "--as-published"}, "--as-published needs --period"},
      {{"monthly", "--period", "2025-11", "--as-published", "--as-of", "@7"}, "give one of them"},
      {{"monthly", "--period", "2025-11", "--drive", "d-01"}, "--drive"},
      {{"monthly"}, "--period"}};
  for (const auto& [arguments, said] : wrong) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit, 2) << said;
    EXPECT_THAT(outcome.err, HasSubstr(said));
  }
}

TEST_F(ReportCommand, AVillageHasNoVillagesToRank) {
  const std::vector<std::string> ask = {"report",   "league",          "--place",      "23500-13",
                                        "--period", "2025Q4",          "--format",     "table",
                                        "--ingest", ingest_.address(), "--projection", progress_.address()};
  const Outcome outcome = RunWith(ask);
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("--place 23500-13: a league ranks the villages below a place, and a village has "
                                     "none below it; ask for its commune, --place 23500"));
  std::vector<std::string> of_agencies = ask;
  of_agencies.insert(of_agencies.end(), {"--kind", "agency"});
  EXPECT_EQ(RunWith(of_agencies).exit, 0) << "they belong to no place";
}

TEST_F(ReportCommand, ADriveThatIsNotThereAndAFolderThatIsNotThereAreRefused) {
  const Outcome drive = Run({"drive", "--drive", "d-99"});
  EXPECT_EQ(drive.exit, 1);
  EXPECT_THAT(drive.err, HasSubstr("--drive d-99 is not a drive of 23500"));
  const Outcome folder = Run({"monthly", "--period", "2025-11", "--output", (folder_ / "none" / "a.xlsx").string()});
  EXPECT_EQ(folder.exit, 1);
  EXPECT_THAT(folder.err, HasSubstr("there is no folder"));
}

TEST_F(ReportCommand, WithIngestAwayPartiesAreShownByTheirIds) {
  v1::DriveView* drive = progress_.drives.add_drives();
  drive->set_drive_id("d-01");
  drive->set_place_id("23500-01");
  drive->add_attendance()->set_agency_id("BD");
  EXPECT_THAT(Run({"drive", "--format", "csv"}).out, HasSubstr("Bưu điện khu vực Đăk Hà"));
  ingest_.Stop();
  const Outcome outcome = Run({"drive", "--format", "csv"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(",BD,BD,"));
}

}  // namespace
}  // namespace sothon::cli
