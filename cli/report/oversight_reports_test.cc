// Reports from answers of the oversight, made by hand: weeks, drives, renewals, who lacks what, leagues.
#include <filesystem>

#include "cli/report/report_builders.h"
#include "cli/report/report_writers.h"
#include "cli/report/testing/sample_reports.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

ReportOptions Options(const std::string& period = "") {
  ReportOptions options;
  options.place = "23500";
  options.period = period;
  return options;
}

template <typename Response>
Response Answer(int32_t date) {
  Response response;
  *response.mutable_answered()->mutable_freshness() = SampleFreshness();
  response.mutable_answered()->set_date(date);
  response.mutable_answered()->set_contains_synthetic(true);
  return response;
}

v1::GetWeekLadderResponse Ladder() {
  auto response = Answer<v1::GetWeekLadderResponse>(20251109);
  response.set_villages(3);
  v1::LadderWeek* reached = response.add_weeks();
  reached->set_week("2025-W44");
  reached->set_from_date(20251027);
  reached->set_to_date(20251102);
  reached->set_due(true);
  v1::VillageReached* village = reached->add_reached();
  village->set_place_id("23500-13");
  village->set_date(20251030);
  reached->set_reached_so_far(1);
  v1::LadderWeek* empty = response.add_weeks();
  empty->set_week("2025-W45");
  empty->set_from_date(20251103);
  empty->set_to_date(20251109);
  empty->set_due(true);
  empty->set_empty(true);
  empty->set_reached_so_far(1);
  // Not in the order of the document, as any map would have them.
  for (const auto& [id, target, cumulative] : {std::tuple("23500-23", 7, 10), {"23500-01", 8, 2}, {"23500-13", 6, 6}}) {
    v1::WeekRow* row = empty->add_rows();
    row->set_place_id(id);
    row->set_scheme(v1::BHXH_TN);
    row->set_developed(1);
    row->set_collected(4);
    row->set_paid_vnd(1'056'000);
    row->set_developed_cumulative(cumulative);
    row->set_target(target);
    row->set_remaining(std::max(0, target - cumulative));
  }
  return response;
}

TEST(WeeklyReport, AnEmptyWeekIsNamedAsSuch) {  // plan#31
  const Report report = BuildWeeklyReport(Ladder(), SampleNames(), Options("2025-W45"));
  const ReportSection& ladder = report.sections[0];
  ASSERT_THAT(ladder.rows, SizeIs(2));
  const size_t places = *ColumnIndex(ladder, "reached_places");
  const size_t remark = *ColumnIndex(ladder, "remark");
  EXPECT_EQ(ladder.rows[0][places], CellValue("Thôn 1 (30/10/2025)"));
  EXPECT_EQ(ladder.rows[0][remark], CellValue(""));
  EXPECT_EQ(ladder.rows[1][remark], CellValue("KHÔNG CÓ THÔN ĐẠT"));
  EXPECT_THAT(ladder.notes, ElementsAre(HasSubstr("1/3 thôn, TDP có chỉ tiêu đã đạt đủ; 1 tuần không có")));
}

TEST(WeeklyReport, TheLastWeekIsShownByVillageInTheDocumentsOrder) {  // plan#35
  const Report report = BuildWeeklyReport(Ladder(), SampleNames(), Options("2025-W45"));
  ASSERT_THAT(report.sections, SizeIs(2));
  EXPECT_EQ(report.file_name, "bao-cao-tuan-23500-2025-W45");
  EXPECT_EQ(report.data_until, "Số liệu đến ngày 09/11/2025");
  const std::string csv = RenderReportCsv(report);
  const size_t first = csv.find("BHXH_TN,row,2025-W45");
  EXPECT_EQ(csv.substr(first, csv.find('\n', first) - first),
            "BHXH_TN,row,2025-W45,,,,,,,,,,23500-01,1,TDP 1,8,1,4,1056000,2,25,6,fake,4711,1");
  // 21 given, 18 reached: 3 are left of the whole.
  EXPECT_THAT(csv, HasSubstr("Tổng,21,3,12,3168000,18,85.7143,3,fake"));
}

TEST(WeeklyReport, PeriodsAreWeeksOrMonths) {
  for (const char* period : {"2025-W45", "2025-W40..2026-W01", "2025-11", "2025Q4"}) {
    EXPECT_TRUE(CheckWeeklyPeriod(period).ok()) << period;
  }
  for (const char* period : {"2025-W54", "2025-W45..2025-W40", "W45", "2025-W45..", ""}) {
    EXPECT_FALSE(CheckWeeklyPeriod(period).ok()) << period;
  }
}

v1::ListDrivesResponse Drives() {
  auto response = Answer<v1::ListDrivesResponse>(20251120);
  v1::DriveView* drive = response.add_drives();
  drive->set_drive_id("d-01");
  drive->set_place_id("23500-13");
  drive->set_state(v1::DriveView::CLOSED);
  drive->set_from_date(20251013);
  drive->set_to_date(20251019);
  drive->mutable_agreed()->set_position(10);
  drive->mutable_agreed()->set_date(20251008);
  v1::DriveProduct* product = drive->add_products();
  product->set_scheme(v1::BHXH_TN);
  product->set_target(6);
  product->set_achieved_before(2);
  product->set_remaining_before(4);
  product->set_result(3);
  product->set_rest(1);
  v1::DriveAttendance* present = drive->add_attendance();
  present->set_agency_id("BD");
  present->add_collector_ids("nv-1");
  present->add_collector_ids("nv-2");
  present->add_positions(12);
  drive->add_attendance()->set_agency_id("VT");
  v1::DriveView* later = response.add_drives();
  later->set_drive_id("d-02");
  later->set_place_id("23500-01");
  later->set_state(v1::DriveView::PROPOSED);
  later->mutable_proposed()->set_position(20);
  later->mutable_proposed()->set_date(20251118);
  return response;
}

TEST(DriveReport, BaselineResultAndRestStandSideBySide) {  // plan#27
  const Report report = BuildDriveReport(Drives(), SampleNames(), Options());
  const std::string csv = RenderReportCsv(report);
  EXPECT_THAT(csv, HasSubstr("BHXH_TN,BHXH tự nguyện,6,2,4,3,75,1,0"));
  // The frozen baseline is not what the log says: that is told.
  EXPECT_THAT(report.sections[1].notes, Contains(HasSubstr("d-01, BHXH tự nguyện: số ghi khi ra quân không khớp")));
}

TEST(DriveReport, AnAbsentAgencyIsNamed) {  // plan#43
  const Report report = BuildDriveReport(Drives(), SampleNames(), Options());
  const ReportSection& section = report.sections[2];
  ASSERT_THAT(section.rows, SizeIs(2));
  const size_t remark = *ColumnIndex(section, "remark");
  EXPECT_EQ(section.rows[0][remark], CellValue(""));
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "agency_name")], CellValue("Bưu điện khu vực Đăk Hà"));
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "collectors")], CellValue(int64_t{2}));
  EXPECT_EQ(section.rows[1][remark], CellValue("vắng"));
}

TEST(DriveReport, APeriodKeepsTheDrivesOfItsDays) {
  EXPECT_THAT(BuildDriveReport(Drives(), SampleNames(), Options("2025-10")).sections[0].rows, SizeIs(1));
  EXPECT_THAT(BuildDriveReport(Drives(), SampleNames(), Options("2025-11")).sections[0].rows, SizeIs(1));
  EXPECT_THAT(BuildDriveReport(Drives(), SampleNames(), Options("2025Q4")).sections[0].rows, SizeIs(2));
  EXPECT_THAT(BuildDriveReport(Drives(), SampleNames(), Options("2025-12")).sections[0].rows, SizeIs(0));
}

TEST(DriveReport, AStepThatWasNotTakenHasNoDate) {
  const ReportSection section = BuildDriveReport(Drives(), SampleNames(), Options()).sections[0];
  const size_t agreed = *ColumnIndex(section, "agreed_date");
  EXPECT_EQ(section.rows[0][agreed], CellValue(*CivilDate::FromWire(20251008)));
  EXPECT_EQ(section.rows[1][agreed], CellValue());
}

TEST(RenewalsReport, DueAndLapsedAreListedWithoutANameOrANumber) {  // plan#56, #76
  auto response = Answer<v1::ListRenewalsResponse>(20251130);
  v1::RenewalCount* count = response.add_counts();
  count->set_place_id("23500-01");
  count->set_scheme(v1::BHXH_TN);
  count->set_due_in_30_days(1);
  count->set_due_in_60_days(2);
  count->set_lapsed(1);
  v1::RenewalItem* item = response.add_items();
  item->set_place_id("23500-01");
  item->set_scheme(v1::BHXH_TN);
  item->set_subject_id("\x01\x23\x45\x67\x89\xab\xcd\xef");
  item->set_covered_until(20251115);
  item->set_sequence(2);
  item->set_last_position(77);
  response.set_item_count(3);
  const Report report = BuildRenewalsReport(response, SampleNames(), Options());
  EXPECT_THAT(report.sections[0].notes, Contains("3 người chưa có nhân viên thu quản lý."));
  EXPECT_THAT(report.sections[1].notes, Contains(HasSubstr("chỉ gồm 1 trong 3")));
  const std::string csv = RenderReportCsv(report);
  EXPECT_THAT(csv, HasSubstr("01234567,2025-11-15,-15,2,77"));
  EXPECT_THAT(csv, Not(HasSubstr("89ab")));
}

TEST(UncoveredReport, UnknownPupilsAreUnknownAndBothRatesAreShown) {  // plan#19, #20
  auto response = Answer<v1::GetUncoveredResponse>(20251130);
  v1::SchoolState* known = response.add_schools();
  known->set_party_id("truong-a");
  known->set_school_year("2025-2026");
  known->set_pupils_known(true);
  known->set_pupils(200);
  known->set_insured_otherwise_known(true);
  known->set_insured_otherwise(50);
  known->set_covered(120);
  known->set_percent_of_rest(80);
  known->set_percent_of_all(85);
  known->set_uncovered(30);
  response.add_schools()->set_party_id("truong-b");
  const Report report = BuildUncoveredReport(response, SampleNames(), Options());
  const ReportSection& section = report.sections[1];
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "attainment_rest")], CellValue(0.8));
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "attainment_all")], CellValue(0.85));
  for (const char* key : {"pupils", "insured_otherwise", "attainment_rest", "attainment_all", "uncovered"}) {
    EXPECT_EQ(section.rows[1][*ColumnIndex(section, key)], CellValue()) << key;
  }
}

TEST(UncoveredReport, EachPersonOfARosterCountsByThemselves) {  // plan#22
  auto response = Answer<v1::GetUncoveredResponse>(20251130);
  v1::RosterState* roster = response.add_rosters();
  roster->set_roster_id("can-bo");
  roster->set_of_party_id("ubnd-xa-dak-ha");
  roster->set_scheme(v1::BHXH_TN);
  roster->set_minimum(1);
  roster->set_members(3);
  roster->set_met(2);
  roster->add_short_member_ids("cb-3");
  const Report report = BuildUncoveredReport(response, SampleNames(), Options());
  const ReportSection& section = report.sections[0];
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "not_met")], CellValue(int64_t{1}));
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "short_members")], CellValue("cb-3"));
}

TEST(LeagueReport, TheBestVillageComesFirst) {  // plan#73
  const Report report = BuildVillageLeague(SampleQuarter(), SampleNames(), *MonthRange::Parse("2025Q4"), Options());
  ASSERT_THAT(report.sections, SizeIs(1));
  const ReportSection& section = report.sections[0];
  ASSERT_THAT(section.rows, SizeIs(3));
  const size_t id = *ColumnIndex(section, "id");
  EXPECT_EQ(section.rows[0][id], CellValue("23500-23"));
  EXPECT_EQ(section.rows[1][id], CellValue("23500-13"));
  EXPECT_EQ(section.rows[2][id], CellValue("23500-01"));
}

TEST(LeagueReport, OfNobodyItSaysSo) {
  const Report report = BuildVillageLeague({}, SampleNames(), *MonthRange::Parse("2025Q4"), Options());
  ASSERT_EQ(report.sections.size(), 1u);
  EXPECT_TRUE(report.sections[0].rows.empty());
  EXPECT_EQ(report.sections[0].notes, std::vector<std::string>{"Không có đơn vị nào để xếp hạng."});
}

TEST(LeagueReport, AProvinceRanksItsCommunes) {
  ReportOptions options = Options();
  options.place = "51";
  const Report report = BuildVillageLeague({}, SampleNames(), *MonthRange::Parse("2025Q4"), options);
  EXPECT_EQ(report.sections[0].titles[0], "BẢNG XẾP HẠNG XÃ, PHƯỜNG VỀ BHXH TỰ NGUYỆN");
}

TEST(LeagueReport, AMonthIsRankedByItsOwnFigures) {
  // November alone: 8 of 3, 3 of 3, 1 of 3.
  v1::GetProgressResponse response = SampleQuarter();
  const Report report = BuildVillageLeague(response, SampleNames(), *MonthRange::Parse("2025-11"), Options());
  const ReportSection& section = report.sections[0];
  ASSERT_THAT(section.rows, SizeIs(3));
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "achieved")], CellValue(int64_t{8}));
  EXPECT_EQ(section.rows[0][*ColumnIndex(section, "target")], CellValue(int64_t{3}));
}

TEST(LeagueReport, EqualsShareARankAndThoseWithoutATargetComeAfterwards) {  // plan#28
  v1::GetPartyProgressResponse response;
  *response.mutable_freshness() = SampleFreshness();
  for (const auto& [id, target, achieved] :
       {std::tuple("nv-1", 0, 9), {"nv-2", 4, 2}, {"nv-3", 2, 1}, {"nv-4", 4, 4}}) {
    response.add_parties()->set_party_id(id);
    v1::ProgressRow* row = response.add_rows();
    row->set_party_id(id);
    row->set_scheme(v1::BHXH_TN);
    row->set_span(v1::ProgressRow::CUMULATIVE);
    row->set_from_month(202510);
    row->set_month(202512);
    row->mutable_figures()->set_first(achieved);
    row->mutable_figures()->set_collected(achieved);
    if (target == 0) continue;
    v1::TargetProgress* progress = row->add_targets();
    progress->set_measure(v1::DEVELOPED);
    progress->set_target(target);
    progress->set_achieved(achieved);
  }
  ReportOptions options = Options("2025Q4");
  options.league = "collector";
  const Report report = BuildPartyLeague(response, SampleNames(), *MonthRange::Parse("2025Q4"), options);
  const ReportSection& section = report.sections[0];
  std::vector<std::pair<int64_t, std::string>> order;
  for (const ReportRow& row : section.rows) {
    order.emplace_back(std::get<int64_t>(row[0]), std::get<std::string>(row[1]));
  }
  EXPECT_THAT(order,
              ElementsAre(std::pair(1, "nv-4"), std::pair(2, "nv-2"), std::pair(2, "nv-3"), std::pair(4, "nv-1")));
}

TEST(Reports, EverySectionCanBeASheet) {
  const std::vector<Report> reports = {
      BuildWeeklyReport(Ladder(), SampleNames(), Options("2025-W45")),
      BuildDriveReport(Drives(), SampleNames(), Options()),
      BuildRenewalsReport(Answer<v1::ListRenewalsResponse>(20251130), SampleNames(), Options()),
      BuildUncoveredReport(Answer<v1::GetUncoveredResponse>(20251130), SampleNames(), Options()),
      BuildVillageLeague(SampleQuarter(), SampleNames(), *MonthRange::Parse("2025Q4"), Options()),
      BuildPartyLeague({}, SampleNames(), *MonthRange::Parse("2025Q4"), Options("2025Q4"))};
  for (const Report& report : reports) {
    const std::string path = ::testing::TempDir() + "every-section.xlsx";
    EXPECT_TRUE(WriteXlsx(report, path).ok()) << report.key;
    for (const ReportSection& section : report.sections) {
      for (const ReportRow& row : section.rows) EXPECT_THAT(row, SizeIs(section.columns.size())) << section.key;
      const size_t of_total = section.total ? section.total->size() : section.columns.size();
      EXPECT_EQ(of_total, section.columns.size()) << section.key;
      EXPECT_FALSE(section.titles.empty()) << section.key;
    }
    EXPECT_NE(RenderReportTable(report), "");
    std::filesystem::remove(path);
  }
}

}  // namespace
}  // namespace sothon::cli
