// From a figure to the events behind it and their proofs, from the export back to every figure, and what was believed
// when: the worked example as an auditor asks about it.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "common/base/civil_time.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/audit_key.h"
#include "tests/harness/csv_rows.h"
#include "tests/harness/eventually.h"
#include "tests/harness/service.h"
#include "tests/harness/stack.h"
#include "tests/harness/worked_example.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kCommandMax = absl::Minutes(1);
constexpr size_t kPublishedRows = 8;

class AuditFiguresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    key_ = MakeLogKey(directory_.Path("log.key"));
    ASSERT_NE(key_.verifier, "");
    Stack::Options options;
    options.ingest_config = SigningConfig(key_);
    stack_ = std::make_unique<Stack>(options);
    ASSERT_NO_FATAL_FAILURE(stack_->StartAll());
    std::vector<v1::Submission> registry;
    for (v1::Event& event : MinimalRegistry(1)) registry.push_back(Submit(std::move(event)));
    ASSERT_TRUE(stack_->Record(std::move(registry)).ok());
    before_ = stack_->Head();
  }

  void RecordRows(size_t from, size_t to) {
    const std::vector<v1::Submission> rows = WorkedExample();
    ASSERT_GE(rows.size(), to);
    for (size_t i = from; i < to; ++i) {
      const auto recorded = stack_->Record({rows[i]});
      ASSERT_TRUE(recorded.ok()) << recorded.status();
    }
    ASSERT_TRUE(stack_->AwaitProjected());
  }
  // The example with its publication: 8 rows, the publication of November, and in a later second the other two. The
  // end of the second of the publication is left in `*believed`.
  void RecordThePublishedExample(std::string* believed) {
    ASSERT_NO_FATAL_FAILURE(RecordRows(0, kPublishedRows));
    const ProcessResult published = Run({"publish", "--place", VillageId(1), "--period", "2025-11", "--by", kAgencyId,
                                         "--min-position", StrCat(stack_->Head())});
    ASSERT_EQ(published.exit_status, 0) << published.standard_error;
    ASSERT_TRUE(stack_->AwaitProjected());
    *believed = FormatMoment(absl::ToUnixMicros(absl::Now())).substr(0, 19);
    ASSERT_TRUE(Eventually([&] { return FormatMoment(absl::ToUnixMicros(absl::Now())).substr(0, 19) > *believed; }));
    ASSERT_NO_FATAL_FAILURE(RecordRows(kPublishedRows, 10));
  }

  ProcessResult Run(const std::vector<std::string>& arguments) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "--ingest", stack_->ingest().address(), "--projection",
                                     stack_->projection().address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProcess(argv, kCommandMax);
  }
  // The rows that `sothon <arguments> --format csv` prints, which has to succeed.
  std::vector<std::map<std::string, std::string>> Rows(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "csv"});
    const ProcessResult result = Run(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.standard_error;
    return ParseCsv(result.standard_output);
  }
  static size_t FilesIn(const std::string& folder) {
    const std::filesystem::directory_iterator files(folder);
    return static_cast<size_t>(std::distance(begin(files), end(files)));
  }
  std::vector<std::string> About(const std::string& command, const std::string& month) const {
    std::vector<std::string> arguments = {command, "--place", VillageId(1), "--period", month};
    if (command != "late") arguments.insert(arguments.end(), {"--scheme", "BHXH_TN"});
    if (command == "explain") arguments.insert(arguments.end(), {"--counter", "first"});
    return arguments;
  }

  TempDir directory_;
  AuditKey key_;
  std::unique_ptr<Stack> stack_;
  uint64_t before_ = 0;
};

TEST_F(AuditFiguresTest, WhatWasBelievedThenAboutNovember) {
  std::string believed;
  ASSERT_NO_FATAL_FAILURE(RecordThePublishedExample(&believed));
  const auto ask = [&](const std::string& command, const std::string& as_of) {
    std::vector<std::string> arguments = About(command, "2025-11");
    if (!as_of.empty()) arguments.insert(arguments.end(), {"--as-of", as_of});
    return Rows(arguments);
  };
  // By effective date November, by recorded time then and now.
  const auto firsts = [&](const std::string& as_of) -> std::string {
    for (auto& row : ask("progress", as_of)) {
      if (row["span"] == "month") return row["first"];
    }
    return "no row";
  };
  EXPECT_EQ(firsts(believed), "2") << "D, E";
  EXPECT_EQ(firsts(""), "0");

  const auto changes = [](std::vector<std::map<std::string, std::string>> rows) {
    std::vector<std::string> found;
    for (auto& row : rows) found.push_back(row["change"]);
    return found;
  };
  EXPECT_THAT(changes(ask("explain", believed)), ::testing::ElementsAre("+1", "+1"));
  auto now = ask("explain", "");
  EXPECT_THAT(changes(now), ::testing::ElementsAre("+1", "+1", "-1", "-1"));
  // Both times of each: the receipt's, and when it was recorded.
  EXPECT_EQ(now[3]["effective_date"].substr(0, 7), "2025-10") << "E's receipt of October, which came late";
  EXPECT_GT(now[3]["recorded_at"], believed);
  EXPECT_LE(now[0]["recorded_at"].substr(0, 19), believed);

  EXPECT_TRUE(ask("late", believed).empty()) << "nothing had changed then";
  bool told = false;
  for (auto& row : ask("late", "")) {
    if (row["month"] != "2025-11" || row["counter"] != "first") continue;
    told = true;
    EXPECT_EQ(row["published"], "2");
    EXPECT_EQ(row["now"], "0");
  }
  EXPECT_TRUE(told);
}

// Two receipts of one person in one month; the one that was counted is taken back, and the other one takes its place.
TEST_F(AuditFiguresTest, AReceiptThatWasTakenBackIsMarkedThoughTheFigureStays) {
  ContributionSpec spec;
  for (const char* receipt : {"GL-1", "GL-2"}) {
    spec.receipt = receipt;
    ASSERT_TRUE(stack_->Record({SubmitFor(1, Contribution(spec))}).ok());
  }
  ASSERT_TRUE(stack_->AwaitProjected());
  const std::string month = StrCat(spec.date / 10'000, "-", spec.date / 100 % 100);
  auto rows = Rows(About("explain", month));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["reversed_by_position"], "");
  ASSERT_TRUE(stack_->Record({Submit(Reversal("GL-1", spec.date))}).ok());
  ASSERT_TRUE(stack_->AwaitProjected());
  rows = Rows(About("explain", month));
  ASSERT_EQ(rows.size(), 1u) << "the reversal changed no figure";
  EXPECT_EQ(rows[0]["receipt"], "GL-1");
  EXPECT_EQ(rows[0]["reversed_by_position"], StrCat(stack_->Head()));
  std::vector<std::string> then = About("explain", month);
  then.insert(then.end(), {"--as-of", StrCat("@", stack_->Head() - 1)});
  rows = Rows(then);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["reversed_by_position"], "");
}

TEST_F(AuditFiguresTest, AFigureComesWithTheProofsOfItsEvents) {
  ASSERT_NO_FATAL_FAILURE(RecordRows(0, 10));
  const std::string proof = directory_.Path("proof");
  // Another figure of before, whose proofs have to go; what else is there stays.
  std::vector<std::string> explain = About("explain", "2025-10");
  explain.insert(explain.end(), {"--proof", proof});
  ASSERT_EQ(Run(explain).exit_status, 0);
  ASSERT_EQ(WriteFileDurably(proof + "/notes.txt", "mine"), absl::OkStatus());
  explain = About("explain", "2025-11");
  explain.insert(explain.end(), {"--proof", proof});
  const ProcessResult explained = Run(explain);
  ASSERT_EQ(explained.exit_status, 0) << explained.standard_error;
  EXPECT_THAT(explained.standard_error, HasSubstr("figure.json and 4 proofs"));
  EXPECT_THAT(explained.standard_error, HasSubstr(StrCat("sothon audit prove ", proof, " --key VKEY")));
  const std::string figure = ReadWholeFile(proof + "/figure.json");
  for (const std::string part : {"\"about\": \"23500-01\"", "\"period\": \"2025-11\"", "\"sum\": 0"}) {
    EXPECT_THAT(figure, HasSubstr(part));
  }

  std::vector<std::string> files;
  for (const int row : {6, 7, 9, 10}) files.push_back(StrCat(proof, "/", before_ + row, ".tlog-proof"));
  const auto prove = [&](const std::vector<std::string>& paths) {
    std::vector<std::string> argv = {ProgramPath("sothon"), "audit", "prove", "--key", key_.verifier};
    argv.insert(argv.end(), paths.begin(), paths.end());
    return RunProcess(argv, kCommandMax);
  };
  EXPECT_EQ(FilesIn(proof), files.size() + 2) << "the figure, notes.txt";
  const ProcessResult proven = prove({proof});
  EXPECT_EQ(proven.exit_status, 0) << proven.standard_error;
  EXPECT_THAT(proven.standard_output,
              HasSubstr("figure: first · 23500-01 · 2025-11 · BHXH_TN = 0: proven by 4 events"));
  EXPECT_THAT(proven.standard_output, HasSubstr("proven: 4 of 4"));
  EXPECT_THAT(proven.standard_output, HasSubstr("BL-10"));
  EXPECT_EQ(prove(files).exit_status, 0);

  std::string bytes = ReadWholeFile(files.back());
  bytes[bytes.size() / 3] ^= 1;
  ASSERT_EQ(WriteFileDurably(files.back(), bytes), absl::OkStatus());
  for (const std::vector<std::string>& paths : {files, {proof}}) {
    const ProcessResult spoilt = prove(paths);
    EXPECT_EQ(spoilt.exit_status, 1);
    EXPECT_THAT(spoilt.standard_output, HasSubstr("proven: 3 of 4"));
    EXPECT_THAT(spoilt.standard_error, HasSubstr("NOT PROVEN"));
  }
}

// Every counter, and whom a figure may be about: no honest figure is refused.
TEST_F(AuditFiguresTest, EveryFigureIsProvenByItsOwnEvents) {
  ASSERT_NO_FATAL_FAILURE(RecordRows(0, 10));
  const std::string proof = directory_.Path("proof");
  size_t events = 0;
  for (const auto& [option, about] :
       {std::pair{"--place", VillageId(1)}, {"--place", std::string("23500")}, {"--party", std::string(kAgencyId)}}) {
    for (const char* counter : {"first", "returned", "renewed", "repeat", "collected", "active", "developed",
                                "paid_vnd", "central_support_vnd", "local_support_vnd"}) {
      const ProcessResult explained = Run({"explain", option, about, "--period", "2025Q4", "--scheme", "BHXH_TN",
                                           "--counter", counter, "--proof", proof});
      ASSERT_EQ(explained.exit_status, 0) << about << " " << counter << "\n" << explained.standard_error;
      const ProcessResult proven =
          RunProcess({ProgramPath("sothon"), "audit", "prove", proof, "--key", key_.verifier}, kCommandMax);
      const bool is_of_nothing = FilesIn(proof) == 1;
      EXPECT_EQ(proven.exit_status, is_of_nothing ? 1 : 0) << about << " " << counter << "\n" << proven.standard_error;
      EXPECT_THAT(proven.standard_output, HasSubstr(is_of_nothing ? "no event is behind it" : ": proven by "));
      events += FilesIn(proof) - 1;
    }
  }
  EXPECT_GT(events, 50u);
}

TEST_F(AuditFiguresTest, AnExportLeadsToEveryFigureThatIsServedAndWasPublished) {
  std::string believed;
  ASSERT_NO_FATAL_FAILURE(RecordThePublishedExample(&believed));
  const std::string to = directory_.Path("export");
  ASSERT_EQ(Run({"audit", "export", to}).exit_status, 0);
  const ProcessResult replayed = Run({"audit", "replay", to});
  EXPECT_EQ(replayed.exit_status, 0) << replayed.standard_output << replayed.standard_error;
  EXPECT_THAT(replayed.standard_output, HasSubstr("Các kỳ đã công bố: 1, sai 0"));
  EXPECT_THAT(replayed.standard_output, HasSubstr("ĐÚNG"));
  const ProcessResult then = Run({"audit", "replay", to, "--until", believed});
  EXPECT_EQ(then.exit_status, 0) << then.standard_output << then.standard_error;
  EXPECT_THAT(then.standard_output, HasSubstr(StrCat("Đã dựng lại ", before_ + kPublishedRows + 1, " sự kiện")));
  for (uint64_t position = 1; position <= stack_->Head(); position += 3) {
    const ProcessResult at = Run({"audit", "replay", to, "--until", StrCat("@", position)});
    EXPECT_EQ(at.exit_status, 0) << position << "\n" << at.standard_output << at.standard_error;
  }
}

// A projection whose figures are not those of the log: other counting rules stand in for whoever changed them.
TEST_F(AuditFiguresTest, FiguresThatDoNotFollowFromTheExportAreNamed) {
  ASSERT_NO_FATAL_FAILURE(RecordRows(0, 10));
  const std::string to = directory_.Path("export");
  ASSERT_EQ(Run({"audit", "export", to}).exit_status, 0);
  const std::string config = directory_.Path("projection.toml");
  std::ofstream(config) << "[counting]\ngrace_days = 3650\n";
  const ProcessResult replayed = Run({"audit", "replay", to, "--config", config});
  EXPECT_EQ(replayed.exit_status, 1);
  EXPECT_THAT(replayed.standard_output,
              HasSubstr("SAI: 23500-01 202511 BHXH_TN returned: đang hiện 1, dựng lại được 0"))
      << replayed.standard_error;
}

// The verifier that shares no code with ours says in a sentence what an export is not.
TEST_F(AuditFiguresTest, TheOtherVerifierSaysWhatIsWrong) {
  const std::string to = directory_.Path("export");
  ASSERT_EQ(Run({"audit", "export", to}).exit_status, 0);
  const auto verify = [&] {
    return RunProcess({"python3", RequiredEnvironment("SOTHON_SOURCE") + "/tools/verify_export.py", to, key_.verifier},
                      kCommandMax);
  };
  const auto expect_fault = [&](const std::string& what) {
    const ProcessResult bad = verify();
    EXPECT_EQ(bad.exit_status, 1) << what;
    EXPECT_THAT(bad.standard_output, HasSubstr("NOT OK: " + what)) << bad.standard_error;
  };
  const std::string checkpoint = to + "/checkpoint";
  const std::string note = ReadWholeFile(checkpoint);
  ASSERT_EQ(verify().exit_status, 0);

  std::filesystem::create_directory_symlink("/", to + "/tile/root");
  expect_fault("these do not belong there: ['tile/root']");
  std::filesystem::remove(to + "/tile/root");

  std::string with_returns;
  for (const char c : note) with_returns += c == '\n' ? "\r\n" : std::string(1, c);
  for (const std::string& bad : {with_returns, note.substr(0, 5), note.substr(0, note.find('\n') + 1), std::string()}) {
    ASSERT_EQ(WriteFileDurably(checkpoint, bad), absl::OkStatus());
    expect_fault("the checkpoint is not formed as one");
  }
  ASSERT_EQ(WriteFileDurably(checkpoint, note.substr(0, note.rfind(' ')) + "\n"), absl::OkStatus());
  expect_fault("no signature line");
  std::filesystem::remove(checkpoint);
  expect_fault("checkpoint is missing, or is no file");
  ASSERT_EQ(mkfifo(checkpoint.c_str(), 0600), 0);
  expect_fault("checkpoint is missing, or is no file");
}

}  // namespace
}  // namespace sothon::testing
