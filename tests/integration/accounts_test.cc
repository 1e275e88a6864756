// Figures in every dimension and closed periods, through the command line and the real services: desks and agencies,
// credits, a drive, both trees of offices; a month that is published, and what came after (plan#15, #24, #25, #28, #38,
// #60).
#include <fstream>
#include <set>

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/csv_rows.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kCommandMax = absl::Minutes(2);
constexpr char kPost[] = "buu-dien-duc-co";
constexpr char kOther[] = "tcdvt-mau-a";
constexpr char kUnion[] = "hoi-phu-nu-thu";
constexpr char kDrive[] = "d-46";

// What one receipt says; people and receipts are made up.
struct ReceiptSpec {
  int person = 0;
  std::string agency = {};
  std::string collector = {};
  int village = 1;
  std::string date = "2025-11-12";
  bool in_drive = false;
  bool for_union = false;
};

std::string NumberOf(const ReceiptSpec& spec) { return StrCat("TN-", spec.person); }

std::string Story(const std::string& file_id) {
  return StrCat("format = \"sothon-events/1\"\nfile_id = \"", file_id, "\"\nsynthetic = true\n\n");
}

std::string ReceiptText(const ReceiptSpec& spec) {
  return StrCat("[[events]]\nkind = \"contribution_recorded\"\ndate = ", spec.date, "\nplace = \"23884-0", spec.village,
                "\"\nscheme = \"BHXH_TN\"\nagency_id = \"", spec.agency, "\"\nreceipt_number = \"", NumberOf(spec),
                "\"\n", spec.collector.empty() ? "" : StrCat("collector_id = \"", spec.collector, "\"\n"),
                "from_month = \"", spec.date.substr(0, 7), "\"\nmonths = 1\npaid_vnd = 264_000\n",
                spec.in_drive ? StrCat("drive_id = \"", kDrive, "\"\n") : "",
                spec.for_union ? StrCat("credited_party_ids = [\"", kUnion, "\"]\n") : "",
                "[events.identity]\ncitizen_number = \"00000000000", spec.person, "\"\n\n");
}

class AccountsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    const ProcessResult loaded =
        Run({"plan", "load", RequiredEnvironment("SOTHON_SOURCE") + "/deploy/plans/ia-nan-2025", "--sample-parties"});
    ASSERT_EQ(loaded.exit_status, 0) << loaded.standard_error;
    Record(StrCat(
        Story("ia-nan-thang-11"), "[[events]]\nkind = \"party_registered\"\ndate = 2025-10-01\nparty_id = \"", kUnion,
        "\"\nparty_kind = \"UNION\"\nname = \"Hội Phụ nữ thử nghiệm\"\n\n",
        "[[events]]\nkind = \"drive_opened\"\ndate = 2025-11-10\nplace = \"23884-01\"\ndrive_id = \"", kDrive,
        "\"\noffice_party_id = \"bhxh-co-so-duc-co\"\n\n",
        ReceiptText({.person = 1, .agency = kPost, .collector = "IN-BD-01", .in_drive = true, .for_union = true}),
        ReceiptText({.person = 2, .agency = kPost, .collector = "IN-BD-02", .in_drive = true}),
        ReceiptText({.person = 3, .agency = kPost, .village = 2}),
        ReceiptText(
            {.person = 4, .agency = kOther, .collector = "IN-A-01", .village = 3, .in_drive = true, .for_union = true}),
        ReceiptText({.person = 5, .agency = kOther, .collector = "IN-A-02", .village = 2})));
  }

  ProcessResult Run(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_.ingest().address(), "--projection",
                                     stack_.projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  }
  void Record(const std::string& story) {
    const std::string path = StrCat(stack_.directory(), "/story-", ++stories_, ".toml");
    std::ofstream(path, std::ios::binary) << story;
    const ProcessResult result = Run({"record", path});
    ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  }
  // November of voluntary social insurance as CSV, with everything recorded so far: the rows of the whole period.
  std::vector<CsvRow> Progress(std::vector<std::string> who) {
    who.insert(who.begin(), "progress");
    who.insert(who.end(), {"--period", "2025-11", "--scheme", "BHXH_TN", "--format", "csv", "--min-position",
                           StrCat(stack_.Head())});
    const ProcessResult result = Run(who);
    EXPECT_EQ(result.exit_status, 0) << result.standard_error;
    std::vector<CsvRow> rows = ParseCsv(result.standard_output);
    std::erase_if(rows, [](const CsvRow& row) { return row.at("span") != "period"; });
    return rows;
  }
  // People developed and money of the first row.
  std::string Total(std::vector<std::string> who) {
    const std::vector<CsvRow> rows = Progress(std::move(who));
    return rows.empty() ? "" : StrCat(rows[0].at("first"), " ", rows[0].at("paid_vnd"));
  }
  ProcessResult Publish(std::vector<std::string> options) {
    options.insert(options.begin(), {"publish", "--place", "23884", "--by", "bhxh-co-so-duc-co", "--min-position",
                                     StrCat(stack_.Head())});
    return Run(options);
  }

  Stack stack_;
  int stories_ = 0;
};

TEST_F(AccountsTest, AnAgencyIsTheSumOfItsDesksAndAllAgenciesAreTheCommune_Plan28) {
  std::map<std::string, int64_t> agencies;
  std::map<std::string, int64_t> desks;
  std::map<std::string, int64_t> paid;
  for (const CsvRow& row : Progress({"--kind", "agency", "--by-desk"})) {
    const bool is_desk = !row.at("agency_id").empty();
    (is_desk ? desks : agencies)[is_desk ? row.at("agency_id") : row.at("party_id")] += std::stoll(row.at("first"));
    if (!is_desk) paid["agencies"] += std::stoll(row.at("paid_vnd"));
  }
  EXPECT_EQ(agencies[kPost], 3);
  EXPECT_EQ(agencies[kOther], 2);
  EXPECT_EQ(desks[kPost], 3);
  EXPECT_EQ(desks[kOther], 2);
  EXPECT_EQ(Total({"--place", "23884", "--depth", "0"}), StrCat("5 ", paid["agencies"]));
  EXPECT_EQ(Total({"--party", "IN-BD-01"}), "1 264000");
  // One receipt for a village, a desk, a union and a drive; the commune counts it once (plan#24).
  EXPECT_EQ(Total({"--party", kUnion}), "2 528000");
  EXPECT_EQ(Total({"--drive", kDrive}), "3 792000");
  const ProcessResult table = Run({"progress", "--party", kOther, "--by-desk", "--period", "2025Q4"});
  EXPECT_THAT(table.standard_output, HasSubstr("KẾT QUẢ THEO TỔ CHỨC DỊCH VỤ THU"));
  EXPECT_THAT(table.standard_output, HasSubstr("  IN-A-02"));
  EXPECT_EQ(Run({"progress", "--party", "nobody", "--period", "2025-11"}).exit_status, 1);
}

TEST_F(AccountsTest, OfficesOfBothTreesHaveTheTotalOfTheirCommune_Plan15) {
  const std::string commune = Total({"--place", "23884", "--depth", "0"});
  EXPECT_EQ(commune, "5 1320000");
  for (const char* office : {"ubnd-xa-ia-nan", "ubnd-tinh-gia-lai", "bhxh-co-so-duc-co", "bhxh-tinh-gia-lai"}) {
    EXPECT_EQ(Total({"--office", office, "--depth", "0"}), commune) << office;
  }
  // The leaves below either tree are the same rows.
  std::map<std::string, std::map<std::string, std::string>> leaves;
  for (const char* office : {"ubnd-xa-ia-nan", "bhxh-co-so-duc-co"}) {
    for (const CsvRow& row : Progress({"--office", office, "--depth", "2"})) {
      if (row.at("place_id").size() > 5) leaves[office][row.at("place_id")] = row.at("first") + "/" + row.at("target");
    }
  }
  EXPECT_EQ(leaves["ubnd-xa-ia-nan"].size(), 10u);
  EXPECT_EQ(leaves["ubnd-xa-ia-nan"], leaves["bhxh-co-so-duc-co"]);
}

TEST_F(AccountsTest, APublishedMonthStaysAndWhatCameLateIsNamed_Plan38_Plan60) {
  const std::vector<CsvRow> before = Progress({"--place", "23884"});
  const ProcessResult published = Publish({"--period", "2025-11"});
  ASSERT_EQ(published.exit_status, 0) << published.standard_error;
  const uint64_t publication = stack_.Head();
  EXPECT_THAT(published.standard_output, HasSubstr(StrCat("Published, at position ", publication, ": 2025-11 of 23884 ",
                                                          "as of position ", publication - 1, ", digest ")));
  const ProcessResult again = Publish({"--period", "2025-11"});
  EXPECT_EQ(again.exit_status, 0) << again.standard_error;
  EXPECT_EQ(stack_.Head(), publication) << "publishing twice records once";

  // A late receipt of November, a receipt of December, and a reversal.
  Record(StrCat(Story("tre"), ReceiptText({.person = 6, .agency = kOther, .village = 3, .date = "2025-11-28"}),
                ReceiptText({.person = 7, .agency = kOther, .village = 1, .date = "2025-12-02"}),
                "[[events]]\nkind = \"contribution_reversed\"\ndate = 2025-12-03\nagency_id = \"", kPost,
                "\"\nreceipt_number = \"TN-2\"\nreason = \"ghi nhầm\"\n"));
  const uint64_t late_receipt = publication + 1;
  const uint64_t reversal = publication + 3;

  // As published: every figure and target as it was.
  std::vector<CsvRow> after = Progress({"--place", "23884", "--as-published"});
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i]["digest_holds"], "1");
    EXPECT_EQ(after[i]["position"], StrCat(publication - 1));
    EXPECT_EQ(after[i]["publication_position"], StrCat(publication));
    CsvRow expected = before[i];
    for (const char* told : {"published_date", "publication_position", "published_by", "digest_holds"}) {
      expected[told] = after[i][told];
    }
    EXPECT_EQ(after[i], expected);
  }
  EXPECT_NE(Progress({"--place", "23884"}), before);

  const ProcessResult late = Run({"late", "--place", "23884", "--period", "2025-11", "--format", "csv"});
  EXPECT_EQ(late.exit_status, 0) << late.standard_error;
  std::set<std::string> positions;
  std::map<std::string, std::string> first;
  for (CsvRow& row : ParseCsv(late.standard_output)) {
    std::istringstream named(row["positions"]);
    for (std::string one; std::getline(named, one, '|');) positions.insert(one);
    if (row["counter"] == "first") first[row["place_id"]] = StrCat(row["published"], " ", row["now"]);
    EXPECT_EQ(row["month"], "2025-11");
  }
  EXPECT_EQ(positions, (std::set<std::string>{StrCat(late_receipt), StrCat(reversal)}));
  EXPECT_EQ(first, (std::map<std::string, std::string>{{"23884-01", "2 1"}, {"23884-03", "1 2"}}));
  const ProcessResult table = Run({"late", "--place", "23884", "--period", "2025-11"});
  EXPECT_THAT(table.standard_output, HasSubstr("biên lai TN-6 (tcdvt-mau-a)"));
  EXPECT_THAT(table.standard_output, HasSubstr("biên lai TN-2 (buu-dien-duc-co), vị trí"));
  EXPECT_THAT(table.standard_output, Not(HasSubstr("TN-7")));

  // The figures have moved, so publishing now is another publication, and the later one holds.
  EXPECT_EQ(Publish({"--period", "2025-11"}).exit_status, 0);
  EXPECT_EQ(stack_.Head(), publication + 4);
  const ProcessResult none =
      Run({"late", "--place", "23884", "--period", "2025-11", "--min-position", StrCat(stack_.Head())});
  EXPECT_THAT(none.standard_output, HasSubstr("Không có gì thay đổi"));
}

TEST_F(AccountsTest, AWrongDigestIsSaidLoudlyAndAWeekHasNone_Plan38) {
  EXPECT_EQ(Publish({"--period", "2025-W46"}).exit_status, 0);
  EXPECT_EQ(Publish({"--period", "2025-w46"}).exit_status, 0);
  const uint64_t head = stack_.Head();
  Record(StrCat(Story("sai"), "[[events]]\nkind = \"period_published\"\ndate = 2025-12-01\nplace = \"23884\"\n",
                "period = \"2025-11\"\nat_position = ", head, "\ndigest = \"", std::string(64, 'a'),
                "\"\nby_party_id = \"ubnd-xa-ia-nan\"\n"));
  const ProcessResult shown = Run({"progress", "--place", "23884", "--period", "2025-11", "--as-published",
                                   "--min-position", StrCat(stack_.Head())});
  EXPECT_EQ(shown.exit_status, 1);
  EXPECT_THAT(shown.standard_output, HasSubstr("*** KHÔNG KHỚP"));
  EXPECT_EQ(stack_.Head(), head + 1) << "the week was published once";
  const ProcessResult never = Run({"progress", "--place", "23884", "--period", "2025-10", "--as-published"});
  EXPECT_EQ(never.exit_status, 1);
  EXPECT_THAT(never.standard_error, HasSubstr("was not published"));
}

TEST_F(AccountsTest, FiguresOfPartiesAndDrivesAreExplainedByTheirReceipts) {
  const std::vector<std::pair<std::vector<std::string>, std::set<std::string>>> cases = {
      {{"--party", kOther}, {"TN-4", "TN-5"}},
      {{"--party", "IN-BD-02"}, {"TN-2"}},
      {{"--party", kUnion}, {"TN-1", "TN-4"}},
      {{"--drive", kDrive}, {"TN-1", "TN-2", "TN-4"}}};
  for (const auto& [who, receipts] : cases) {
    std::vector<std::string> explain = {
        "explain",  "--period", "2025-11",        "--scheme",           "BHXH_TN", "--counter", "first",
        "--format", "csv",      "--min-position", StrCat(stack_.Head())};
    explain.insert(explain.end(), who.begin(), who.end());
    const ProcessResult result = Run(explain);
    EXPECT_EQ(result.exit_status, 0) << result.standard_error;
    std::set<std::string> found;
    for (CsvRow& row : ParseCsv(result.standard_output)) {
      found.insert(row["receipt"]);
      EXPECT_THAT(row["place_id"], HasSubstr("23884-0"));
    }
    EXPECT_EQ(found, receipts) << who[1];
  }
}

TEST_F(AccountsTest, TheTreeOfADayHasNoVillageThatWasMerged_Plan13) {
  Record(StrCat(Story("sap-nhap"), "[[events]]\nkind = \"place_changed\"\ndate = 2026-01-01\nplace = \"23884\"\n",
                "place_id = \"23884-10\"\nchange = \"MERGED\"\ninto_place_ids = [\"23884-09\"]\n"));
  ASSERT_TRUE(stack_.AwaitProjected());
  const auto villages = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"places", "--place", "23884", "--format", "csv"});
    const ProcessResult result = Run(options);
    EXPECT_EQ(result.exit_status, 0) << result.standard_error;
    std::set<std::string> found;
    for (CsvRow& row : ParseCsv(result.standard_output)) found.insert(row["place_id"]);
    return found;
  };
  EXPECT_EQ(villages({}).count("23884-10"), 1u);
  EXPECT_EQ(villages({"--date", "2025-12-31"}).count("23884-10"), 1u);
  EXPECT_EQ(villages({"--date", "2026-01-01"}).count("23884-10"), 0u);
  EXPECT_EQ(villages({"--date", "2026-01-01"}).count("23884-09"), 1u);
  EXPECT_EQ(villages({"--date", "2026-01-01", "--as-of", StrCat(stack_.Head() - 1)}).count("23884-10"), 1u);
}

}  // namespace
}  // namespace sothon::testing
