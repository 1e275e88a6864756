// A quarter of each commune, told in tests/scenarios and run as people would run it: the commands of story.sh against
// the real services. On every day that the story asks about, exactly the findings of findings.csv; at the end the
// figures of the other tables; and all of it again as of its position, and by a second projection over the same log
// (plan#80).
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/csv_rows.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

constexpr absl::Duration kCommandMax = absl::Minutes(2);
constexpr char kScenarios[] = "tests/scenarios/";

using Words = std::vector<std::string>;
using Lines = std::vector<std::string>;

// A table of what is expected: its first line names the columns, lines that begin with # are for people.
struct Expected {
  std::vector<std::string> columns;
  Lines rows;
};

std::vector<std::string> SplitLine(const std::string& line, char separator) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"' && separator == ' ') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Expected ReadExpected(const std::string& path) {
  Expected expected;
  std::ifstream in(path);
  EXPECT_TRUE(in.is_open()) << path;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (expected.columns.empty()) {
      expected.columns = SplitLine(line, ',');
    } else {
      expected.rows.push_back(line);
    }
  }
  return expected;
}

// The rows of what `--format csv` printed, cut to `columns`. The columns of findings.csv have short names.
Lines Cut(const std::string& csv, const std::vector<std::string>& columns) {
  static const std::map<std::string, std::string> kNames = {
      {"date", "answer_date"}, {"place", "place_id"}, {"party", "party_id"}, {"drive", "drive_id"}};
  Lines lines;
  for (const CsvRow& row : ParseCsv(csv)) {
    std::string& line = lines.emplace_back();
    for (const std::string& column : columns) {
      const auto short_name = kNames.find(column);
      const auto field = row.find(row.contains(column) || short_name == kNames.end() ? column : short_name->second);
      EXPECT_NE(field, row.end()) << "no column " << column;
      StrAppend(&line, &column == &columns.front() ? "" : ",", field == row.end() ? "" : field->second);
    }
  }
  return lines;
}

// Without what tells how fresh the answer is: that is of the service, and not of the log.
std::string WithoutFreshness(const std::string& json) {
  static const std::regex kFreshness(
      "\"(head_position|lag_events|lag_seconds|heard_seconds_ago|trouble)\": ?(\"[^\"]*\"|[^,}\\n]*),?");
  return std::regex_replace(json, kFreshness, "");
}

bool IsQuestion(const Words& words) {
  static const std::set<std::string> kQuestions = {"findings", "weeks", "drives", "progress", "late", "uncovered"};
  return kQuestions.contains(words.front());
}

std::string OptionOf(const Words& words, const std::string& option) {
  const auto found = std::find(words.begin(), words.end(), option);
  return found == words.end() || found + 1 == words.end() ? "" : *(found + 1);
}

// What the story asked, and what it was told there and then.
struct Answer {
  Words question;
  uint64_t position = 0;
  std::string csv;
};

class ScenarioTest : public ::testing::Test {
 protected:
  // Tells the story of `name` from its first line to its last.
  void Tell(const std::string& name) {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    source_ = RequiredEnvironment("SOTHON_SOURCE");
    told_ = kScenarios + name;
    // Imports write beside their files.
    std::filesystem::copy(StrCat(source_, "/", told_), StrCat(stack_.directory(), "/scenario"));
    findings_ = ReadExpected(Path("findings.csv"));
    ASSERT_EQ(findings_.columns.front(), "date");
    std::ifstream story(Path("story.sh"));
    ASSERT_TRUE(story.is_open());
    for (std::string line; std::getline(story, line);) {
      if (!line.starts_with("sothon ")) continue;
      ASSERT_NO_FATAL_FAILURE(Do(SplitLine(line.substr(line.find(' ') + 1), ' '))) << line;
    }
  }

  std::string Path(const std::string& file) const { return StrCat(stack_.directory(), "/scenario/", file); }

  ProcessResult Run(const Words& words, const Service* projection = nullptr) {
    Words argv = {ProgramPath("sothon"), "--ingest", stack_.ingest().address(), "--projection",
                  (projection == nullptr ? stack_.projection() : *projection).address()};
    for (const std::string& word : words) {
      if (word.starts_with(told_ + "/")) {
        argv.push_back(Path(word.substr(told_.size() + 1)));
      } else {
        argv.push_back(word.starts_with("deploy/") ? StrCat(source_, "/", word) : word);
      }
    }
    return RunProcess(argv, kCommandMax);
  }
  // What it prints; it must be done.
  std::string Ask(Words words, const Words& options, const Service* projection = nullptr) {
    words.insert(words.end(), options.begin(), options.end());
    const ProcessResult result = Run(words, projection);
    EXPECT_EQ(result.exit_status, 0) << words.front() << ": " << result.standard_error;
    return result.standard_output;
  }

  void Do(const Words& words) {
    // What is frozen or published now is what was recorded before, and not a moment less.
    if (IsQuestion(words) || words.front() == "drive" || words.front() == "publish") {
      ASSERT_TRUE(stack_.AwaitProjected());
    }
    if (!IsQuestion(words)) {
      const ProcessResult result = Run(words);
      ASSERT_EQ(result.exit_status, 0) << words[0] << " " << words[1] << ": " << result.standard_output
                                       << result.standard_error;
      return;
    }
    answers_.push_back({words, stack_.Head(), Ask(words, {"--format", "csv"})});
    if (words.front() == "findings") CheckFindings(words, answers_.back().csv);
  }

  // Exactly those of findings.csv on the day that `question` asks about.
  void CheckFindings(const Words& question, const std::string& csv) {
    const std::string date = OptionOf(question, "--date");
    SCOPED_TRACE(StrCat("findings on ", date));
    asked_.insert(date);
    Lines expected;
    for (const std::string& row : findings_.rows) {
      if (row.starts_with(date + ",")) expected.push_back(row);
    }
    EXPECT_THAT(expected, Not(IsEmpty())) << "findings.csv does not know the day";
    EXPECT_THAT(Cut(csv, findings_.columns), UnorderedElementsAreArray(expected));
  }

  // The newest answer to `command` has exactly the rows of the table `<command>.csv`.
  void ExpectTable(const std::string& command) {
    const Expected expected = ReadExpected(Path(command + ".csv"));
    EXPECT_THAT(Cut(NewestAnswer(command).csv, expected.columns), ElementsAreArray(expected.rows)) << command;
  }
  // It has at least these rows.
  void ExpectAmongProgress(const std::vector<std::string>& columns, const Lines& rows) {
    const Lines told = Cut(NewestAnswer("progress").csv, columns);
    for (const std::string& row : rows) EXPECT_THAT(told, Contains(row));
  }
  const Answer& NewestAnswer(const std::string& command) const {
    for (auto answer = answers_.rbegin(); answer != answers_.rend(); ++answer) {
      if (answer->question.front() == command) return *answer;
    }
    static const Answer kNone;
    ADD_FAILURE() << "the story does not ask for " << command;
    return kNone;
  }

  // What was recorded after a day changes nothing about the day, and an answer as of a position is the one of then.
  void ExpectTheSameAgain() {
    for (const Answer& answer : answers_) {
      const std::string& command = answer.question.front();
      SCOPED_TRACE(StrCat(command, " ", OptionOf(answer.question, "--date"), " at position ", answer.position));
      if (command == "findings") CheckFindings(answer.question, Ask(answer.question, {"--format", "csv"}));
      if (command == "late") continue;  // is about now
      const bool is_published =
          OptionOf(answer.question, "--period") != "" &&
          std::find(answer.question.begin(), answer.question.end(), "--as-published") != answer.question.end();
      const Words as_of = is_published ? Words() : Words{"--as-of", StrCat("@", answer.position)};
      Words options = {"--format", "csv"};
      options.insert(options.end(), as_of.begin(), as_of.end());
      EXPECT_EQ(Ask(answer.question, options), answer.csv);
    }
    for (const std::string& row : findings_.rows) EXPECT_THAT(asked_, Contains(row.substr(0, row.find(','))));
  }

  // Another projection reads the same log from its beginning and says the same, byte for byte.
  void ExpectTheSameElsewhere() {
    const std::string directory = stack_.directory() + "/second";
    std::filesystem::create_directories(directory);
    Service second("sothon-projection", directory);
    second.SetConfig(StrCat("\n[bus]\nenabled = false\n\n[ingest]\naddress = \"", stack_.ingest().address(), "\"\n"));
    ASSERT_EQ(second.Start(), absl::OkStatus());
    ASSERT_TRUE(second.AwaitServing());
    const Words options = {"--format", "json", "--min-position", StrCat(stack_.Head())};
    int compared = 0;
    for (const Answer& answer : answers_) {
      if (answer.question.front() == "late") continue;
      SCOPED_TRACE(answer.question.front());
      const std::string here = WithoutFreshness(Ask(answer.question, options));
      EXPECT_THAT(here, Not(HasSubstr("lag_seconds")));
      EXPECT_EQ(WithoutFreshness(Ask(answer.question, options, &second)), here);
      ++compared;
    }
    EXPECT_GT(compared, 3);
  }

  Stack stack_;
  std::string source_;
  std::string told_;  // the folder as story.sh names it
  Expected findings_;
  std::set<std::string> asked_;
  std::vector<Answer> answers_;
};

// Drives with two, three and six collectors, an absent agency, an empty week, a late report, a receipt taken back after
// its month was published, a second collection by the wrong collector, a contract that ends, a village at 140 %.
TEST_F(ScenarioTest, TheQuarterOfIaNanHasTheFindingsThatItsPlanDemandsAndNoOthers_Plan31_43_44_54_76) {
  ASSERT_NO_FATAL_FAILURE(Tell("ia-nan-2025q4"));
  ExpectTable("weeks");   // plan#31, #32
  ExpectTable("drives");  // plan#27
  ExpectTable("late");    // plan#60
  ExpectAmongProgress({"place_id", "scheme", "span", "target", "achieved", "remaining", "attainment_percent"},
                      {"23884-07,BHXH_TN,quarter,5,7,0,140"});  // plan#29
  ExpectTheSameAgain();
  ASSERT_NO_FATAL_FAILURE(ExpectTheSameElsewhere());
}

// A pupil who is covered elsewhere, a village that is renamed, one that is merged, an official who brought in nobody.
TEST_F(ScenarioTest, TheQuarterOfDakHaHasTheFindingsThatItsPlanDemandsAndNoOthers_Plan13_20_22_34_66) {
  ASSERT_NO_FATAL_FAILURE(Tell("dak-ha-2025q4"));
  ExpectTable("uncovered");  // plan#20
  ExpectAmongProgress({"place_id", "place_name", "scheme", "span", "from_month", "month", "measure", "target",
                       "achieved", "attainment_percent"},
                      {"23500-19,Thôn 7 (Kon Trang Kép),BHXH_TN,quarter,2025-10,2025-12,DEVELOPED,5,7,140",  // plan#29
                       "23500-13,Thôn 1 Đăk La,BHXH_TN,quarter,2025-10,2025-12,DEVELOPED,6,6,100",  // plan#13: renamed
                       "23500-03,TDP 2B,BHXH_TN,month,2025-11,2025-11,DEVELOPED,3,3,100",           // before the merger
                       "23500-02,TDP 2A,BHXH_TN,month,2025-12,2025-12,DEVELOPED,6,6,100"});         // plan#26: 3 + 3
  EXPECT_THAT(Cut(NewestAnswer("late").csv, {"place_id"}), IsEmpty()) << "nothing of October has moved";
  ExpectTheSameAgain();
  ASSERT_NO_FATAL_FAILURE(ExpectTheSameElsewhere());
}

}  // namespace
}  // namespace sothon::testing
