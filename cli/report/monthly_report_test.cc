#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "cli/report/report_writers.h"
#include "cli/report/testing/sample_reports.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Report November(const v1::GetProgressResponse& response) {
  ReportOptions options;
  options.place = "23500";
  options.period = "2025-11";
  return BuildMonthlyReport(response, SampleNames(), *MonthRange::Parse("2025Q4"), *CivilMonth::Parse("2025-11"),
                            options);
}

const CellValue& Cell(const ReportSection& section, const ReportRow& row, const std::string& key) {
  static const CellValue none = "no such column";
  const auto index = ColumnIndex(section, key);
  return index ? row[*index] : none;
}

int64_t Count(const ReportSection& section, const ReportRow& row, const std::string& key) {
  const auto* number = std::get_if<int64_t>(&Cell(section, row, key));
  return number == nullptr ? -1 : *number;
}

double Share(const ReportSection& section, const ReportRow& row, const std::string& key) {
  const auto* number = std::get_if<double>(&Cell(section, row, key));
  return number == nullptr ? -1 : *number;
}

TEST(MonthlyReport, ARowHasThePlansTargetsByMonthAndWhatWasReached) {  // plan#16
  const Report report = November(SampleQuarter());
  ASSERT_THAT(report.sections, SizeIs(1));
  const ReportSection& section = report.sections[0];
  ASSERT_THAT(section.rows, SizeIs(3));
  const ReportRow& row = section.rows[0];
  EXPECT_EQ(Count(section, row, "stt"), 1);
  EXPECT_EQ(Count(section, row, "target_period"), 8);
  EXPECT_EQ(Count(section, row, "target_2025-10"), 2);
  EXPECT_EQ(Count(section, row, "target_2025-11"), 3);
  EXPECT_EQ(Count(section, row, "target_2025-12"), 3);
  EXPECT_EQ(Count(section, row, "achieved_month"), 1);
  EXPECT_EQ(Count(section, row, "achieved_cumulative"), 2);
  EXPECT_DOUBLE_EQ(Share(section, row, "attainment_month"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Share(section, row, "attainment_cumulative"), 0.25);
  EXPECT_EQ(Count(section, row, "remaining"), 6);
}

TEST(MonthlyReport, MoreThanTheTargetIsShownAsItIs) {  // plan#29
  const Report report = November(SampleQuarter());
  const ReportSection& section = report.sections[0];
  EXPECT_DOUBLE_EQ(Share(section, section.rows[2], "attainment_cumulative"), 10.0 / 7);
  EXPECT_EQ(Count(section, section.rows[2], "remaining"), 0);
}

TEST(MonthlyReport, TheTotalStandsLastWithoutANumberAndIsNoVillage) {  // plan#9
  const Report report = November(SampleQuarter());
  const ReportSection& section = report.sections[0];
  for (const ReportRow& row : section.rows) EXPECT_NE(Cell(section, row, "place_name"), CellValue("Tổng"));
  ASSERT_TRUE(section.total.has_value());
  EXPECT_EQ(Cell(section, *section.total, "place_name"), CellValue("Tổng"));
  EXPECT_EQ(Cell(section, *section.total, "stt"), CellValue(""));
  EXPECT_EQ(Count(section, *section.total, "target_period"), 21);
  EXPECT_EQ(Count(section, *section.total, "achieved_cumulative"), 16);
  EXPECT_EQ(Count(section, *section.total, "remaining"), 5);
  // The villages lack 6 + 2 + 0: nobody who adds them up is left to wonder.
  EXPECT_THAT(section.notes, Contains(HasSubstr("chưa đạt còn thiếu 8")));
  EXPECT_THAT(section.notes, Contains(HasSubstr("2/3 nơi được giao đạt")));
}

TEST(MonthlyReport, ASelfPaidMinimumIsDueInEveryMonthWithoutCarryOver) {  // plan#18
  v1::GetProgressResponse response = SampleQuarter();
  AddSampleMinimum(&response);
  const Report report = November(response);
  ASSERT_THAT(report.sections, SizeIs(2));
  const ReportSection& section = report.sections[1];
  EXPECT_EQ(section.key, "BHYT_TU_DONG");
  EXPECT_FALSE(ColumnIndex(section, "target_period").has_value());
  EXPECT_EQ(Count(section, section.rows[0], "remaining_month"), 12);
  EXPECT_EQ(Count(section, section.rows[0], "months_met"), 0);
  EXPECT_EQ(Count(section, section.rows[1], "months_met"), 1);
  EXPECT_EQ(Count(section, *section.total, "remaining_month"), 0);
  EXPECT_THAT(section.notes, Contains(HasSubstr("chưa đạt còn thiếu 12")));
}

TEST(MonthlyReport, WithoutATargetThereIsNoShareAndUnknownIsNotZero) {
  v1::GetProgressResponse response = SampleQuarter();
  for (v1::ProgressRow& row : *response.mutable_rows()) row.clear_targets();
  const Report report = November(response);
  ASSERT_THAT(report.sections, SizeIs(1));
  const ReportSection& section = report.sections[0];
  EXPECT_EQ(Cell(section, section.rows[0], "target_2025-11"), CellValue());
  EXPECT_EQ(Cell(section, section.rows[0], "attainment_cumulative"), CellValue());
  EXPECT_EQ(Cell(section, section.rows[0], "remaining"), CellValue());
  EXPECT_EQ(Count(section, section.rows[0], "achieved_cumulative"), 2);
}

TEST(MonthlyReport, ItSaysWhatItReflects) {
  const Report report = November(SampleQuarter());
  EXPECT_EQ(report.data_until, "Số liệu đến ngày 30/11/2025");
  EXPECT_THAT(report.warnings, Contains("SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT"));
  EXPECT_THAT(report.notes, Contains(HasSubstr("sổ fake, vị trí 4.711 (ghi lúc 07:00 ngày 03/12/2025)")));
  EXPECT_EQ(report.file_name, "bao-cao-thang-23500-2025-11");
  v1::GetProgressResponse real = SampleQuarter();
  real.set_contains_synthetic(false);
  // The log ends before the month does.
  real.mutable_freshness()->set_recorded_at_us(1'763'600'000'000'000);
  real.mutable_freshness()->set_trouble("ingest is out of reach");
  const Report early = November(real);
  EXPECT_EQ(early.data_until, "Số liệu đến ngày 20/11/2025");
  EXPECT_THAT(early.warnings, testing::ElementsAre(HasSubstr("ingest is out of reach")));
}

TEST(MonthlyReport, AVillageAloneHasOneRowAndNoTotal) {
  v1::GetProgressResponse response = SampleQuarter();
  response.clear_places();
  *response.add_places() = SamplePlaces().places(1);
  ReportOptions options;
  options.place = "23500-01";
  const Report report =
      BuildMonthlyReport(response, SampleNames(), *MonthRange::Parse("2025Q4"), *CivilMonth::Parse("2025-11"), options);
  EXPECT_THAT(report.sections[0].rows, SizeIs(1));
  EXPECT_FALSE(report.sections[0].total.has_value());
}

TEST(MonthlyReport, CsvHasPlainHeadersPercentAndEmptyForUnknown) {
  v1::GetProgressResponse response = SampleQuarter();
  AddSampleMinimum(&response);
  const std::string csv = RenderReportCsv(November(response));
  EXPECT_THAT(csv, testing::StartsWith(
                       "section,row,place_id,stt,place_name,target_period,target_2025-10,target_2025-11,target_2025-12,"
                       "achieved_month,achieved_cumulative,attainment_month,attainment_cumulative,remaining,"
                       "remaining_month,months_met,log_id,position,contains_synthetic\n"
                       "BHXH_TN,row,23500-01,1,TDP 1,8,2,3,3,1,2,33.3333,25,6,,,fake,4711,1\n"));
  EXPECT_THAT(csv, HasSubstr("\nBHXH_TN,total,23500,,Tổng,21,5,9,7,12,16,133.333,76.1905,5,,,fake,4711,1\n"));
  EXPECT_THAT(csv, HasSubstr("\nBHYT_TU_DONG,row,23500-01,1,TDP 1,,,120,,108,108,90,,,12,0,fake,4711,1\n"));
}

TEST(MonthlyReport, TheTableReadsAsThePlansOwn) {
  const std::string table = RenderReportTable(November(SampleQuarter()));
  EXPECT_THAT(table, HasSubstr("*** SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT ***"));
  EXPECT_THAT(table, HasSubstr("BÁO CÁO KẾT QUẢ PHÁT TRIỂN NGƯỜI THAM GIA BHXH TỰ NGUYỆN"));
  EXPECT_THAT(table, HasSubstr("142,9"));
}

TEST(ReportText, CapitalsKeepVietnameseLetters) {
  EXPECT_EQ(UpperCase("xã Đăk Hà, Kon Trang Mơ Năy ệ"), "XÃ ĐĂK HÀ, KON TRANG MƠ NĂY Ệ");
  EXPECT_EQ(UpperCase("\xff"), "\xff");
}

TEST(ReportText, PeriodsAreWrittenOut) {
  EXPECT_EQ(PeriodWords(*MonthRange::Parse("2025-11")), "Tháng 11 năm 2025");
  EXPECT_EQ(PeriodWords(*MonthRange::Parse("2025Q4")), "Quý IV năm 2025");
  EXPECT_EQ(PeriodWords(*MonthRange::Parse("2025")), "Năm 2025");
  EXPECT_EQ(PeriodWords(*MonthRange::Parse("2025-11..2026-01")), "Từ tháng 11/2025 đến tháng 1/2026");
}

}  // namespace
}  // namespace sothon::cli
