// The monthly report of Đăk Hà through the command line and the real services: the plan's own table, and beside it what
// `sothon progress` says.
#include <fstream>
#include <map>

#include "cli/report/testing/workbook_reader.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/csv_rows.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kCommandMax = absl::Minutes(2);
constexpr char kTab[] = "BHXH tự nguyện";

class ReportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    const std::string plan = RequiredEnvironment("SOTHON_SOURCE") + "/deploy/plans/dak-ha-2025q4";
    const std::string sample = stack_.directory() + "/sample";
    Must({"plan", "load", plan, "--sample-parties"});
    Must({"sample", "--plan", plan, "--seed", "11", "--out", sample});
    Must({"import", "opening", sample + "/opening.csv", "--agency", "buu-dien-dak-ha", "--synthetic"});
    Must({"import", "collections", sample + "/collections.csv", "--agency", "buu-dien-dak-ha", "--synthetic"});
  }

  // Output of a command that must be done.
  std::string Must(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_.ingest().address(), "--projection",
                                     stack_.projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const ProcessResult result = RunProcess(argv, kCommandMax);
    EXPECT_EQ(result.exit_status, 0) << arguments[0] << ": " << result.standard_error;
    return result.standard_output;
  }
  std::string Report(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "report");
    arguments.insert(arguments.end(), {"--place", "23500", "--min-position", StrCat(stack_.Head())});
    return Must(arguments);
  }
  // The rows of BHXH_TN by place; the total by "total".
  std::map<std::string, CsvRow> November() {
    std::map<std::string, CsvRow> rows;
    for (CsvRow& row : ParseCsv(Report({"monthly", "--period", "2025-11", "--format", "csv"}))) {
      if (row["section"] == "BHXH_TN") rows[row["row"] == "total" ? "total" : row["place_id"]] = row;
    }
    return rows;
  }

  // A receipt of November for self-paid BHYT.
  std::string NovemberReceipt() const {
    std::ifstream in(stack_.directory() + "/sample/collections.csv");
    std::string rows;
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with('#')) StrAppend(&rows, line, "\n");
    }
    for (CsvRow& row : ParseCsv(rows)) {
      if (row["scheme"] == "BHYT_HGD" && row["receipt_date"].starts_with("2025-11")) return row["receipt_number"];
    }
    ADD_FAILURE() << "the sample has no receipt of November";
    return "";
  }

  Stack stack_;
};

TEST_F(ReportTest, TheMonthHasThePlansTargetsAndTheFiguresOfProgress) {  // plan#9, #16
  std::map<std::string, CsvRow> report = November();
  ASSERT_EQ(report.size(), 30u);
  EXPECT_EQ(report["total"]["target_period"], "189");
  EXPECT_EQ(report["total"]["target_2025-10"], "47");
  EXPECT_EQ(report["total"]["target_2025-11"], "79");
  EXPECT_EQ(report["total"]["target_2025-12"], "63");
  // Row 13 is the first of the two villages called Thôn 1 (plan#10): 6 = 1 + 3 + 2.
  EXPECT_EQ(report["23500-13"]["place_name"], "Thôn 1");
  EXPECT_EQ(report["23500-13"]["stt"], "13");
  EXPECT_EQ(report["23500-13"]["target_period"], "6");
  int checked = 0;
  for (CsvRow& row : ParseCsv(
           Must({"progress", "--place", "23500", "--period", "2025Q4", "--scheme", "BHXH_TN", "--format", "csv"}))) {
    if (row["month"] != "2025-11" || row["measure"] != "DEVELOPED") continue;
    CsvRow& line = report[row["place_id"] == "23500" ? "total" : row["place_id"]];
    EXPECT_EQ(row["achieved"], line[row["span"] == "month" ? "achieved_month" : "achieved_cumulative"])
        << row["place_id"];
    ++checked;
  }
  EXPECT_EQ(checked, 60);
}

TEST_F(ReportTest, TheWorkbookHasTheSameFiguresAsNumbers) {
  std::map<std::string, CsvRow> report = November();
  const std::string path = stack_.directory() + "/november.xlsx";
  EXPECT_THAT(Report({"monthly", "--period", "2025-11", "--output", path}), HasSubstr(path));
  const cli::WorkbookReader book(path);
  ASSERT_TRUE(book.is_open());
  const std::string first = book.Find(kTab, "TDP 1");
  ASSERT_FALSE(first.empty());
  const int row = std::stoi(first.substr(1));
  const std::map<std::string, std::string> columns = {
      {"C", "target_period"}, {"G", "achieved_month"}, {"H", "achieved_cumulative"}, {"K", "remaining"}};
  for (const auto& [column, key] : columns) {
    const cli::WorkbookCell cell = book.Cell(kTab, StrCat(column, row));
    EXPECT_EQ(cell.type, "n") << key;
    EXPECT_EQ(cell.value, report["23500-01"][key]) << key;
    EXPECT_EQ(book.Cell(kTab, StrCat(column, row + 29)).value, report["total"][key]) << key;
  }
  EXPECT_EQ(book.Find(kTab, "Tổng"), StrCat("B", row + 29));
  EXPECT_NE(book.Find(kTab, "SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT"), "");
  EXPECT_THAT(book.Part("xl/charts/chart1.xml"), HasSubstr("<c:barChart>"));
}

TEST_F(ReportTest, AsOfAPositionTheReportStaysWhatItWas) {  // plan#38, #60
  const std::vector<std::string> asked = {"monthly", "--period", "2025-11", "--format", "table"};
  std::vector<std::string> as_of = asked;
  as_of.insert(as_of.end(), {"--as-of", StrCat("@", stack_.Head())});
  const std::string before = Report(as_of);
  Must({"reverse", "--agency", "buu-dien-dak-ha", "--receipt", NovemberReceipt(), "--date", "2025-12-02", "--reason",
        "thử"});
  EXPECT_EQ(Report(as_of), before);
  EXPECT_NE(Report(asked), before);
}

}  // namespace
}  // namespace sothon::testing
