// The workbook, opened again: cells' values and types, what is frozen, repeated and drawn.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/report/output_file.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_writers.h"
#include "cli/report/testing/sample_reports.h"
#include "cli/report/testing/workbook_reader.h"
#include "cli/report/xlsx_sheet.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kTab[] = "BHXH tự nguyện";
constexpr char kChartTab[] = "Biểu đồ BHXH tự nguyện";

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

class Xlsx : public ::testing::Test {
 protected:
  Xlsx() {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              StrCat("xlsx-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Xlsx() override { std::filesystem::remove_all(folder_); }

  static Report Monthly() {
    v1::GetProgressResponse response = SampleQuarter();
    AddSampleMinimum(&response);
    ReportOptions options;
    options.place = "23500";
    options.period = "2025-11";
    Report report = BuildMonthlyReport(response, SampleNames(), *MonthRange::Parse("2025Q4"),
                                       *CivilMonth::Parse("2025-11"), options);
    report.issuer = {"ỦY BAN NHÂN DÂN", "XÃ ĐĂK HÀ"};
    report.signed_at = "Đăk Hà";
    return report;
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

// "13" of "B13".
int RowOf(const std::string& reference) {
  const size_t digit = reference.find_first_of("0123456789");
  return digit == std::string::npos ? 0 : std::stoi(reference.substr(digit));
}

TEST_F(Xlsx, NumbersAreNumbersAndSharesAreFractions) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  ASSERT_TRUE(book.is_open());
  // A STT, B thôn, C to F targets, G in the month, H cumulative, I and J shares, K what is left.
  const int row = RowOf(book.Find(kTab, "TDP 1"));
  ASSERT_GT(row, 0);
  const auto cell = [&](const std::string& column) { return book.Cell(kTab, StrCat(column, row)); };
  const std::vector<std::pair<std::string, std::string>> counts = {{"C", "8"}, {"D", "2"}, {"E", "3"}, {"F", "3"},
                                                                   {"G", "1"}, {"H", "2"}, {"K", "6"}};
  for (const auto& [column, value] : counts) {
    EXPECT_EQ(cell(column).type, "n") << column;
    EXPECT_EQ(cell(column).value, value) << column;
    EXPECT_EQ(cell(column).number_format, "#,##0") << column;
  }
  EXPECT_EQ(cell("A").type, "n");
  EXPECT_EQ(cell("J").type, "n");
  EXPECT_EQ(cell("J").value, "0.25");
  EXPECT_EQ(cell("J").number_format, "0.0%");
}

TEST_F(Xlsx, TheTotalComesRightAfterTheLastVillage) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  const int first = RowOf(book.Find(kTab, "TDP 1"));
  EXPECT_EQ(book.Find(kTab, "Tổng"), StrCat("B", first + 3));
  EXPECT_EQ(book.Cell(kTab, StrCat("C", first + 3)).value, "21");
  EXPECT_EQ(book.Cell(kTab, StrCat("A", first + 3)).type, "");
}

TEST_F(Xlsx, WhatIsUnknownIsADashAndNoNumber) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  const int row = RowOf(book.Find("BHYT tự đóng", "TDP 1"));
  // October has no target of self-paid BHYT in the sample.
  EXPECT_EQ(book.Cell("BHYT tự đóng", StrCat("C", row)).type, "s");
  EXPECT_EQ(book.Cell("BHYT tự đóng", StrCat("C", row)).value, "–");
}

TEST_F(Xlsx, ItHasTheLetterheadTheWarningTheNotesAndPlacesToSign) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  for (const char* text : {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "XÃ ĐĂK HÀ",
                           "(Số liệu đến ngày 30/11/2025)", "SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT", "NGƯỜI LẬP BIỂU",
                           "THỦ TRƯỞNG ĐƠN VỊ", "Chỉ tiêu phát triển"}) {
    EXPECT_NE(book.Find(kTab, text), "") << text;
  }
  EXPECT_THAT(book.Part("xl/sharedStrings.xml"), HasSubstr("sổ fake, vị trí 4.711 (ghi lúc 07:00 ngày 03/12/2025)"));
}

TEST_F(Xlsx, TheHeaderIsFrozenAndRepeatedOnA4AcrossOnePageWide) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  const int first = RowOf(book.Find(kTab, "TDP 1"));
  const std::string& sheet = book.Sheet(kTab);
  EXPECT_THAT(sheet, HasSubstr(StrCat("<pane ySplit=\"", first - 1, "\"")));
  EXPECT_THAT(sheet, HasSubstr("state=\"frozen\""));
  EXPECT_THAT(sheet, HasSubstr("paperSize=\"9\""));
  EXPECT_THAT(sheet, HasSubstr("orientation=\"landscape\""));
  EXPECT_THAT(sheet, HasSubstr("fitToHeight=\"0\""));
  EXPECT_THAT(book.Part("xl/workbook.xml"), HasSubstr(StrCat("$", first - 2, ":$", first - 1, "</definedName>")));
  EXPECT_THAT(book.Part("xl/workbook.xml"), HasSubstr("_xlnm.Print_Titles"));
}

TEST_F(Xlsx, TheChartShowsTheSharesOfTheTable) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  EXPECT_THAT(book.Part("xl/charts/chart1.xml"), HasSubstr("<c:barChart>"));
  EXPECT_THAT(book.Part("xl/charts/chart1.xml"), HasSubstr("'Biểu đồ BHXH tự nguyện'!$B$2:$B$4"));
  // Two villages are called "Thôn 1": the bars tell them apart (plan#10).
  EXPECT_EQ(book.Find(kChartTab, "13. Thôn 1"), "A3");
  EXPECT_EQ(book.Find(kChartTab, "23. Thôn 1"), "A4");
  const WorkbookCell cell = book.Cell(kChartTab, "B2");
  EXPECT_EQ(cell.type, "n");
  EXPECT_EQ(cell.value, "0.25");
  EXPECT_EQ(cell.formula, StrCat("'BHXH tự nguyện'!J", RowOf(book.Find(kTab, "TDP 1"))));
}

TEST_F(Xlsx, DatesAreDates) {
  v1::ListRenewalsResponse response;
  response.mutable_answered()->set_date(20251130);
  v1::RenewalItem* item = response.add_items();
  item->set_place_id("23500-01");
  item->set_scheme(v1::BHXH_TN);
  item->set_covered_until(20251231);
  ReportOptions options;
  options.place = "23500";
  ASSERT_TRUE(WriteXlsx(BuildRenewalsReport(response, SampleNames(), options), Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  const int row = RowOf(book.Find("Danh sách", "TDP 1"));
  const WorkbookCell cell = book.Cell("Danh sách", StrCat("F", row));
  EXPECT_EQ(cell.type, "n");
  EXPECT_EQ(cell.value, "46022");  // days since 1899-12-30
  EXPECT_EQ(cell.number_format, "dd/mm/yyyy");
}

TEST_F(Xlsx, WhatNoTabMayHoldBecomesASpace) {
  TabNames tabs;
  EXPECT_EQ(tabs.Unique("a[b]c:d*e?f/g\\h'i"), "a b c d e f g h i");
}

TEST_F(Xlsx, LongAndEqualNamesOfSectionsBecomeTabsThatDiffer) {
  Report report = Monthly();
  report.sections[0].tab = "BHYT hộ nông, lâm, ngư nghiệp có mức sống trung bình";
  report.sections[1].tab = "BHYT hộ nông, lâm, ngư nghiệp có mức sống khá: [giả]";
  ASSERT_TRUE(WriteXlsx(report, Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  EXPECT_NE(book.Find("BHYT hộ nông, lâm, ngư nghiệp c", "TDP 1"), "");
  EXPECT_NE(book.Find("BHYT hộ nông, lâm, ngư nghi (2)", "TDP 1"), "");
  const WorkbookCell cell = book.Cell("Biểu đồ BHYT hộ nông, lâm, ngư ", "B2");
  EXPECT_THAT(cell.formula, HasSubstr("'BHYT hộ nông, lâm, ngư nghiệp c'!J"));
}

TEST_F(Xlsx, MoreRowsThanASheetTakesAreRefusedAndNothingIsWritten) {
  Report report = Monthly();
  const size_t besides = 50 + report.issuer.size() + report.warnings.size() + report.notes.size() +
                         report.sections[0].titles.size() + report.sections[0].notes.size();
  report.sections[0].rows.resize(1'048'576 - besides);
  EXPECT_TRUE(FitToWorkbook(&report).ok());
  report.sections[0].rows.emplace_back();
  const absl::Status refused = ReplaceFile(Path("a.xlsx"), [&](const std::string& p) { return WriteXlsx(report, p); });
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr(StrCat("\"BHXH tự nguyện\" has ", report.sections[0].rows.size(),
                               " rows, and a sheet of a workbook takes 1048576")));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("ask for --format csv"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 0);
}

TEST_F(Xlsx, ATextLongerThanACellIsCutAndANoteSaysSo) {
  Report report = Monthly();
  ReportSection& section = report.sections[0];
  const size_t name = *ColumnIndex(section, "place_name");
  const std::string full(32'767, 'a');
  section.rows[0][name] = full;
  section.rows[1][name] = full + "a";
  std::string letters;  // of one unit of UTF-16 and three bytes
  for (int i = 0; i < 32'768; ++i) letters += "ộ";
  section.rows[2][name] = letters;
  ASSERT_TRUE(WriteXlsx(report, Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  const int row = RowOf(book.Find(kTab, full));
  ASSERT_GT(row, 0) << "what just fits stays";
  EXPECT_EQ(book.Cell(kTab, StrCat("B", row + 1)).value, full.substr(1) + "…");
  EXPECT_EQ(book.Cell(kTab, StrCat("B", row + 2)).value, letters.substr(0, 32'766 * std::string("ộ").size()) + "…");
  EXPECT_NE(book.Find(kTab, "- Có 2 ô dài quá 32.767 ký tự nên bị cắt bớt (cuối ô có dấu …); tệp csv có đầy đủ."), "");
  EXPECT_THAT(book.Sheet(kTab), HasSubstr("ht=\"409\"")) << "no row is higher than a workbook takes";
  EXPECT_EQ(std::get<std::string>(section.rows[1][name]), full + "a") << "csv of the same report has it whole";
}

TEST_F(Xlsx, ACutLineAroundTheTablesIsToldToo) {
  const std::string line(32'768, 'a');
  Report report = Monthly();
  const size_t notes = report.notes.size();
  const size_t first_notes = report.sections[0].notes.size();
  const size_t second_notes = report.sections[1].notes.size();
  report.issuer.push_back(line);
  report.warnings.push_back(line);
  report.notes.push_back(line);
  report.sections[0].titles.push_back(line);
  report.sections[0].notes.push_back(line);
  ASSERT_TRUE(FitToWorkbook(&report).ok());
  ASSERT_EQ(report.notes.size(), notes + 2);
  EXPECT_THAT(report.notes.back(), HasSubstr("Có 3 dòng tiêu đề, cảnh báo hoặc ghi chú dài quá 32.767 ký tự"));
  ASSERT_EQ(report.sections[0].notes.size(), first_notes + 2);
  EXPECT_THAT(report.sections[0].notes.back(), HasSubstr("Có 2 dòng tiêu đề, cảnh báo hoặc ghi chú"));
  EXPECT_EQ(report.sections[1].notes.size(), second_notes) << "nothing of it was cut";
}

TEST_F(Xlsx, ACharacterIsNeverCutInTwo) {
  Report report = Monthly();
  std::string emoji;  // two units of UTF-16 each
  for (int i = 0; i < 16'384; ++i) emoji += "\U0001F9D1";
  report.notes = {emoji};
  ASSERT_TRUE(FitToWorkbook(&report).ok());
  EXPECT_EQ(report.notes[0], emoji.substr(0, 16'382 * 4) + "…");
}

TEST_F(Xlsx, WithoutAShareThereIsNoChart) {
  Report report = Monthly();
  for (ReportSection& section : report.sections) {
    const size_t share = *ColumnIndex(section, section.chart->share_key);
    for (ReportRow& row : section.rows) row[share] = CellValue();
  }
  ASSERT_TRUE(WriteXlsx(report, Path("a.xlsx")).ok());
  const WorkbookReader book(Path("a.xlsx"));
  EXPECT_EQ(book.Part("xl/charts/chart1.xml"), "");
  EXPECT_EQ(book.Sheet(kChartTab), "");
}

TEST_F(Xlsx, EqualReportsGiveEqualBytes) {
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("a.xlsx")).ok());
  ASSERT_TRUE(WriteXlsx(Monthly(), Path("b.xlsx")).ok());
  EXPECT_EQ(ReadAll(Path("a.xlsx")), ReadAll(Path("b.xlsx")));
}

TEST_F(Xlsx, AFileIsReplacedAsAWholeOrNotAtAll) {
  ASSERT_TRUE(WriteText("old", Path("a.xlsx")).ok());
  const absl::Status refused = ReplaceFile(Path("a.xlsx"), [](const std::string& part) {
    EXPECT_TRUE(WriteText("half", part).ok());
    return absl::InternalError("broken off");
  });
  EXPECT_EQ(refused.message(), "broken off");
  EXPECT_EQ(ReadAll(Path("a.xlsx")), "old");
  ASSERT_TRUE(ReplaceFile(Path("a.xlsx"), [](const std::string& part) { return WriteXlsx(Monthly(), part); }).ok());
  EXPECT_TRUE(WorkbookReader(Path("a.xlsx")).is_open());
  // Nothing is left beside it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(Xlsx, ALinkStaysALinkAndAModeStays) {
  ASSERT_TRUE(WriteText("old", Path("real")).ok());
  std::filesystem::permissions(Path("real"), std::filesystem::perms(0600));
  std::filesystem::create_symlink("real", Path("link"));
  ASSERT_TRUE(ReplaceFile(Path("link"), [](const std::string& part) { return WriteText("new", part); }).ok());
  EXPECT_TRUE(std::filesystem::is_symlink(Path("link")));
  EXPECT_EQ(ReadAll(Path("real")), "new");
  EXPECT_EQ(std::filesystem::status(Path("real")).permissions(), std::filesystem::perms(0600));
}

TEST_F(Xlsx, WhereItCannotBeWrittenTheReasonAndTheRemedyAreTold) {
  const auto write = [](const std::string& part) { return WriteText("new", part); };
  EXPECT_THAT(std::string(ReplaceFile(Path("none/a.xlsx"), write).message()), HasSubstr("there is no folder"));
  EXPECT_THAT(std::string(ReplaceFile(folder_.string(), write).message()), HasSubstr("it is a folder"));
  EXPECT_THAT(std::string(ReplaceFile("/dev/null", write).message()), HasSubstr("no plain file"));
  EXPECT_THAT(std::string(WriteXlsx(Monthly(), "/proc/none/a.xlsx").message()), HasSubstr("cannot write the workbook"));
}

}  // namespace
}  // namespace sothon::cli
