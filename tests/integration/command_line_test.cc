// The plan of Đăk Hà and its collections through the command line and the real services.
#include <fstream>
#include <map>
#include <sstream>

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/csv_rows.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kCommandMax = absl::Minutes(2);
constexpr char kDakHaAgency[] = "buu-dien-dak-ha";

class CommandLineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    const ProcessResult loaded = Run({"plan", "load", PlanFolder(), "--sample-parties"});
    ASSERT_EQ(loaded.exit_status, 0) << loaded.standard_error;
  }

  static std::string PlanFolder() { return RequiredEnvironment("SOTHON_SOURCE") + "/deploy/plans/dak-ha-2025q4"; }
  ProcessResult Run(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_.ingest().address(), "--projection",
                                     stack_.projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  }
  // `progress` of the commune as CSV, with everything recorded so far.
  std::vector<std::map<std::string, std::string>> Progress(const std::string& scheme) {
    const ProcessResult result = Run({"progress", "--place", "23500", "--period", "2025Q4", "--scheme", scheme,
                                      "--format", "csv", "--min-position", StrCat(stack_.Head())});
    EXPECT_EQ(result.exit_status, 0) << result.standard_error;
    return ParseCsv(result.standard_output);
  }

  Stack stack_;
};

TEST_F(CommandLineTest, TheTargetsOfDakHaAddUp) {  // plan#9, #16
  std::map<std::string, int> of_villages;
  std::map<std::string, int> of_commune;
  int villages = 0;
  for (auto& row : Progress("BHXH_TN")) {
    const std::string key = row["span"] + " " + row["month"];
    if (row["target"].empty()) continue;
    if (row["place_id"] == "23500") {
      of_commune[key] += std::stoi(row["target"]);
    } else {
      of_villages[key] += std::stoi(row["target"]);
      villages += row["span"] == "quarter" ? 1 : 0;
    }
  }
  EXPECT_EQ(villages, 29);
  for (const auto* sums : {&of_villages, &of_commune}) {
    EXPECT_EQ(sums->at("month 2025-10"), 47);
    EXPECT_EQ(sums->at("month 2025-11"), 79);
    EXPECT_EQ(sums->at("month 2025-12"), 63);
    EXPECT_EQ(sums->at("quarter 2025-12"), 189);
  }
}

TEST_F(CommandLineTest, LoadingThePlanAgainRecordsNothing) {
  const uint64_t head = stack_.Head();
  const ProcessResult again = Run({"plan", "load", PlanFolder(), "--sample-parties"});
  EXPECT_EQ(again.exit_status, 0) << again.standard_error;
  EXPECT_EQ(stack_.Head(), head);
}

TEST_F(CommandLineTest, ImportingASampleTwiceChangesNoFigure) {
  const std::string folder = stack_.directory() + "/sample";
  const ProcessResult made = Run({"sample", "--plan", PlanFolder(), "--seed", "7", "--out", folder});
  ASSERT_EQ(made.exit_status, 0) << made.standard_error;
  std::string digest;
  uint64_t head = 0;
  for (int round = 0; round < 2; ++round) {
    for (const char* kind : {"opening", "collections"}) {
      const ProcessResult imported = Run({"import", kind, folder + "/" + kind + ".csv", "--agency", kDakHaAgency});
      ASSERT_EQ(imported.exit_status, 0) << imported.standard_error << imported.standard_output;
    }
    const auto digests = stack_.Digests();
    ASSERT_TRUE(digests.ok()) << digests.status();
    if (round == 0) {
      digest = digests->sha256();
      head = stack_.Head();
    }
    EXPECT_EQ(digests->sha256(), digest);
    EXPECT_EQ(stack_.Head(), head);
  }
  int64_t achieved = 0;
  for (auto& row : Progress("BHXH_TN")) {
    if (row["span"] != "quarter") continue;
    EXPECT_EQ(row["contains_synthetic"], "1");
    if (row["place_id"] == "23500") achieved = std::stoll(row["achieved"]);
  }
  EXPECT_GT(achieved, 0);
}

TEST_F(CommandLineTest, BadRowsComeBackWithTheReasonAndGoodOnesAreRecorded) {
  const std::string path = stack_.directory() + "/collections.csv";
  const std::string good_end = ",BHXH_TN,1,2025-10,0,264000,66000,0,NVT-01\n";
  std::ofstream(path) << "\xEF\xBB\xBFreceipt_number,receipt_date,identity_number,village,scheme,months,from_month,due,"
                         "paid,central_support,local_support,collector\n"
                      << "A-1,2025-10-20,000000000001,23500-01" << good_end
                      << "A-2,2025-10-20,000000000002,23500-01,BHXH_TN,1,2025-13,0,264000,66000,0,NVT-01\n"
                      << "A-3,2205-10-20,000000000003,23500-01" << good_end << "A-4,2025-10-20,123456789,23500-01"
                      << good_end << "A-5,2025-10-20,000000000005,23500-01,BHXH_TN,1,2025-10,0,-5,66000,0,NVT-01\n"
                      << "A-6,2025-10-20,000000000006,23500-77" << good_end << "A-7,2025-10-20,000000000007,Thôn 1"
                      << good_end << "A-1,2025-10-20,000000000001,23500-01,BHXH_TN,1,2025-10,0,264001,66000,0,NVT-01\n"
                      << "A-9,2025-10-20,000000000009,23500-01,BHXH_TN,1,2025-10,0,264000\n"
                      << "A-10,2025-10-20,000000000010,23500-02" << good_end;
  const uint64_t head = stack_.Head();
  const ProcessResult imported = Run({"import", "collections", path, "--agency", kDakHaAgency});
  EXPECT_EQ(imported.exit_status, 1) << "refused rows are something found wrong";
  EXPECT_EQ(stack_.Head(), head + 2);

  std::map<std::string, std::map<std::string, std::string>> rejects;
  for (auto& row : ParseCsv(ReadWholeFile(path + ".rejects.csv"))) rejects[row["line"]] = row;
  EXPECT_EQ(rejects.size(), 8u);
  EXPECT_EQ(rejects["3"]["field"], "from_month");
  EXPECT_EQ(rejects["4"]["field"], "receipt_date");
  EXPECT_EQ(rejects["5"]["field"], "identity_number");
  EXPECT_EQ(rejects["6"]["field"], "paid");
  EXPECT_EQ(rejects["7"]["field"], "village");
  EXPECT_EQ(rejects["8"]["field"], "village");
  EXPECT_THAT(rejects["8"]["remedy"], HasSubstr("23500-13"));
  EXPECT_THAT(rejects["8"]["remedy"], HasSubstr("23500-23"));
  EXPECT_THAT(rejects["9"]["reason"], HasSubstr("A-1"));
  EXPECT_THAT(rejects["10"]["reason"], HasSubstr("9 columns"));
  for (auto& [line, row] : rejects) {
    EXPECT_FALSE(row["reason"].empty()) << line;
    EXPECT_FALSE(row["remedy"].empty()) << line;
  }
}

TEST_F(CommandLineTest, WhatWasRecordedIsReadWithThePositionThatIsTold) {
  const std::string path = stack_.directory() + "/collections.csv";
  std::ofstream(path) << "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid\n"
                      << "M-1,2025-10-20,000000000001,23500-01,BHXH_TN,1,2025-10,264000\n"
                      << "M-2,2025-10-20,000000000002,23500-01,BHXH_TN,1,2025-10,264000\n";
  const std::vector<std::vector<std::string>> commands = {
      {"plan", "load", PlanFolder(), "--sample-parties"},
      {"import", "collections", path, "--agency", kDakHaAgency},
      {"import", "collections", path, "--agency", kDakHaAgency},
      {"reverse", "--agency", kDakHaAgency, "--receipt", "M-2", "--date", "2025-10-21", "--reason", "thử"}};
  int64_t first = 0;
  for (const std::vector<std::string>& command : commands) {
    const ProcessResult result = Run(command);
    ASSERT_EQ(result.exit_status, 0) << result.standard_error;
    const std::string option = StrCat("--min-position ", stack_.Head());
    EXPECT_THAT(result.standard_output, HasSubstr(option)) << command[0];
    for (auto& row : Progress("BHXH_TN")) {
      if (row["place_id"] == "23500-01" && row["span"] == "month" && row["month"] == "2025-10") {
        first = std::stoll(row["first"]);
      }
    }
  }
  EXPECT_EQ(first, 1);
  const ProcessResult dry = Run({"import", "collections", path, "--agency", kDakHaAgency, "--dry-run"});
  EXPECT_THAT(dry.standard_output, ::testing::Not(HasSubstr("--min-position")));
}

// As after a restore from a copy: one log id, other events.
TEST_F(CommandLineTest, ExplainShowsNoReceiptsOfALogWithAnotherHistory) {
  const std::string header =
      "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid,ghi_chu\n";
  const std::string ours = stack_.directory() + "/ours.csv";
  const std::string theirs = stack_.directory() + "/theirs.csv";
  std::ofstream(ours) << header << "A-1,2025-10-20,000000000001,23500-01,BHXH_TN,1,2025-10,264000,\n";
  std::ofstream(theirs) << header << "B-1,2025-10-20,000000000002,23500-02,BHXH_TN,1,2025-10,264000,\n";
  Stack::Options options;
  options.bus_enabled = false;
  Stack other(options);
  ASSERT_EQ(other.ingest().Start(), absl::OkStatus());
  const auto run_with_other = [&](std::vector<std::string> arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", other.ingest().address(), "--projection",
                                     stack_.projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  };
  ASSERT_EQ(Run({"import", "collections", ours, "--agency", kDakHaAgency}).exit_status, 0);
  ASSERT_EQ(run_with_other({"plan", "load", PlanFolder(), "--sample-parties"}).exit_status, 0);
  const std::vector<std::string> explain = {
      "explain",   "--place", "23500",          "--period",           "2025-10", "--scheme", "BHXH_TN",
      "--counter", "first",   "--min-position", StrCat(stack_.Head())};
  const ProcessResult right = Run(explain);
  EXPECT_EQ(right.exit_status, 0) << right.standard_error;
  EXPECT_THAT(right.standard_output, HasSubstr("A-1"));
  const ProcessResult missing = run_with_other(explain);
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_EQ(missing.standard_output, "");
  EXPECT_THAT(missing.standard_error, HasSubstr(StrCat("no event at position ", stack_.Head())));
  ASSERT_EQ(run_with_other({"import", "collections", theirs, "--agency", kDakHaAgency}).exit_status, 0);
  const ProcessResult wrong = run_with_other(explain);
  EXPECT_EQ(wrong.exit_status, 1);
  EXPECT_EQ(wrong.standard_output, "");
  EXPECT_THAT(wrong.standard_error, HasSubstr("the log has another event at position"));
}

TEST_F(CommandLineTest, EventsTakeABoundedRange) {
  const uint64_t head = stack_.Head();
  const auto positions = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"events", "--format", "jsonl"});
    const ProcessResult result = Run(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.standard_error;
    std::vector<uint64_t> found;
    std::istringstream lines(result.standard_output);
    for (std::string line; std::getline(lines, line);) {
      const size_t at = line.find("\"position\":");
      EXPECT_NE(at, std::string::npos) << line;
      found.push_back(std::stoull(line.substr(line.find_first_of("0123456789", at))));
    }
    return found;
  };
  const auto range = [](uint64_t from, uint64_t to) {
    std::vector<uint64_t> all;
    for (uint64_t position = from; position <= to; ++position) all.push_back(position);
    return all;
  };
  EXPECT_EQ(positions({}), range(1, head));
  EXPECT_EQ(positions({"--from", "0"}), range(1, head));
  EXPECT_EQ(positions({"--from", "3", "--to", "7"}), range(3, 7));
  EXPECT_EQ(positions({"--from", "5", "--to", "5"}), range(5, 5));
  EXPECT_EQ(positions({"--to", "2"}), range(1, 2));
  EXPECT_EQ(positions({"--from", StrCat(head)}), range(head, head));
  EXPECT_EQ(positions({"--from", StrCat(head - 1), "--to", StrCat(head + 1000)}), range(head - 1, head));
  EXPECT_EQ(positions({"--from", StrCat(head + 1)}), range(1, 0));
  const ProcessResult beyond = Run({"events", "--from", StrCat(head + 2)});
  EXPECT_EQ(beyond.exit_status, 1);
  EXPECT_EQ(beyond.standard_output, "");
  EXPECT_THAT(beyond.standard_error, HasSubstr(StrCat("--from ", head + 2, ": the log ends at position ", head)));
}

TEST_F(CommandLineTest, ReadersAreToldInTheirOwnTermsWhatIsNotThere) {
  const std::string beyond = StrCat(stack_.Head() + 1000);
  for (std::vector<std::string> arguments : std::vector<std::vector<std::string>>{
           {"progress", "--place", "23500", "--period", "2025Q4"},
           {"explain", "--place", "23500", "--period", "2025Q4", "--scheme", "BHXH_TN", "--counter", "first"}}) {
    std::vector<std::string> later = arguments;
    later.insert(later.end(), {"--min-position", beyond, "--wait-seconds", "1"});
    const ProcessResult waited = Run(later);
    EXPECT_EQ(waited.exit_status, 1);
    EXPECT_THAT(waited.standard_error, HasSubstr(StrCat("--min-position ", beyond, " was not counted within 1 s")));
    EXPECT_THAT(waited.standard_error, HasSubstr(StrCat("the log ends at position ", stack_.Head())));
    arguments[2] = "99999";
    const ProcessResult nowhere = Run(arguments);
    EXPECT_EQ(nowhere.exit_status, 1);
    EXPECT_THAT(nowhere.standard_error, HasSubstr("--place 99999 is not in the book; `sothon places` lists"));
  }
  const ProcessResult watch = Run({"watch", "--place", "23500", "--period", "2025Q4", "--from", beyond});
  EXPECT_EQ(watch.exit_status, 1);
  EXPECT_THAT(watch.standard_error, HasSubstr(beyond));
}

TEST_F(CommandLineTest, ExitStatusTellsRefusedFromWrongUsage) {
  EXPECT_EQ(Run({"status"}).exit_status, 0);
  EXPECT_EQ(Run({"no-such-command"}).exit_status, 2);
  EXPECT_EQ(Run({"progress", "--place", "23500"}).exit_status, 2) << "without a period";
  EXPECT_EQ(Run({"progress", "--place", "99999", "--period", "2025Q4"}).exit_status, 1);
  const ProcessResult refused = Run({"progress", "--place", "23500", "--period", "2025-13"});
  EXPECT_NE(refused.exit_status, 0);
  EXPECT_THAT(refused.standard_error, HasSubstr("2025-13"));
  EXPECT_EQ(refused.standard_output, "");
  stack_.projection().Kill();
  EXPECT_EQ(Run({"status"}).exit_status, 1);
}

}  // namespace
}  // namespace sothon::testing
