// docs/plans.md against the program: what the table names is there, and every rule stands where it belongs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "projection-service/rules/rule.h"
#include "sothon/v1/ingest.pb.h"
#include "sothon/v1/progress.pb.h"

namespace sothon {
namespace {

namespace fs = std::filesystem;

constexpr size_t kItems = 80;
enum Cell : size_t { kNumber, kAsks, kEvent, kView, kFinding, kTest, kStatus, kCells };

fs::path Source() {
  const char* source = std::getenv("SOTHON_SOURCE");
  return source != nullptr ? source : ".";
}

std::string TextOf(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// What stands between backticks.
std::vector<std::string> Quoted(const std::string& cell) {
  const std::vector<std::string> parts = absl::StrSplit(cell, '`');
  std::vector<std::string> quoted;
  for (size_t i = 1; i < parts.size(); i += 2) quoted.push_back(parts[i]);
  return quoted;
}

// "TargetSet": "target_set".
std::string SnakeCase(const std::string& name) {
  std::string snake;
  for (const char letter : name) {
    if (absl::ascii_isupper(static_cast<unsigned char>(letter)) && !snake.empty()) snake += '_';
    snake += absl::ascii_tolower(static_cast<unsigned char>(letter));
  }
  return snake;
}

// Kinds of activities, roles and decisions, and channels: what an event may have in brackets.
bool IsKindOfSomething(const std::string& name) {
  const google::protobuf::EnumDescriptor* kinds[] = {v1::ActivityKind_descriptor(), v1::RoleKind_descriptor(),
                                                     v1::DecisionRecorded::DecisionKind_descriptor(),
                                                     v1::Channel_descriptor()};
  return std::any_of(std::begin(kinds), std::end(kinds),
                     [&](const auto* kind) { return kind->FindValueByName(name) != nullptr; });
}

bool IsCall(const std::string& name) {
  const auto has = [&](const google::protobuf::FileDescriptor* file, const char* service) {
    return file->FindServiceByName(service)->FindMethodByName(name) != nullptr;
  };
  return has(v1::GetProgressRequest::descriptor()->file(), "ProgressService") ||
         has(v1::RecordRequest::descriptor()->file(), "IngestService");
}

class PlansTable : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::string> lines = absl::StrSplit(text_, '\n');
    for (const std::string& line : lines) {
      if (line.size() < 3 || line[0] != '|' || !absl::ascii_isdigit(static_cast<unsigned char>(line[2]))) continue;
      std::vector<std::string> cells = absl::StrSplit(line, '|');
      ASSERT_EQ(cells.size(), kCells + 2) << line;
      Row row;
      for (size_t i = 0; i < kCells; ++i) row[i] = std::string(absl::StripAsciiWhitespace(cells[i + 1]));
      rows_.push_back(std::move(row));
    }
    ASSERT_EQ(rows_.size(), kItems);
  }

  using Row = std::array<std::string, kCells>;
  const std::string text_ = TextOf(Source() / "docs/plans.md");
  std::vector<Row> rows_;  // by number - 1
};

TEST_F(PlansTable, HasTheEightyItemsInOrderAndNothingIsLeftOut) {
  for (size_t i = 0; i < rows_.size(); ++i) {
    EXPECT_EQ(rows_[i][kNumber], StrCat(i + 1));
    EXPECT_THAT(rows_[i][kAsks], ::testing::AnyOf(::testing::HasSubstr("(A"), ::testing::HasSubstr("(B"))) << i + 1;
    for (const std::string& cell : rows_[i]) EXPECT_FALSE(cell.empty()) << i + 1;
  }
}

TEST_F(PlansTable, ARowWorksWithATestOrSaysWhyItIsNotBuilt) {
  for (const Row& row : rows_) {
    const std::string& status = row[kStatus];
    if (status == "works") {
      EXPECT_FALSE(Quoted(row[kTest]).empty()) << row[kNumber] << " works, and no test shows it";
    } else {
      EXPECT_TRUE(status.starts_with("not built, because ") && status.size() > 40) << row[kNumber] << ": " << status;
    }
  }
}

TEST_F(PlansTable, EveryEventAndKindExists) {
  for (const Row& row : rows_) {
    bool has_event = false;
    for (const std::string& name : Quoted(row[kEvent])) {
      if (!absl::ascii_isupper(static_cast<unsigned char>(name[0]))) continue;  // a kind of report
      EXPECT_TRUE(EventKindFromName(SnakeCase(name)).has_value()) << row[kNumber] << ": " << name;
      has_event = true;
    }
    EXPECT_TRUE(has_event) << row[kNumber];
    const std::vector<std::string> words = absl::StrSplit(row[kEvent], absl::ByAnyChar(" (),;`"), absl::SkipEmpty());
    for (const std::string& word : words) {
      if (word.size() < 2 || word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != word.npos) continue;
      EXPECT_TRUE(IsKindOfSomething(word)) << row[kNumber] << ": " << word;
    }
  }
}

TEST_F(PlansTable, EveryCommandAndCallExists) {
  std::string commands;
  for (const auto& entry : fs::recursive_directory_iterator(Source() / "cli")) {
    if (entry.path().extension() == ".cc") commands += TextOf(entry.path());
  }
  std::erase_if(commands, [](unsigned char letter) { return absl::ascii_isspace(letter); });  // however lines break
  const auto has = [&](const std::string& text) { return commands.find(text) != commands.npos; };
  for (const Row& row : rows_) {
    for (const std::string& name : Quoted(row[kView])) {
      const std::vector<std::string> words = absl::StrSplit(name, ' ');
      if (words[0] != "sothon") {
        EXPECT_TRUE(IsCall(name)) << row[kNumber] << ": " << name;
        continue;
      }
      ASSERT_GE(words.size(), 2u) << row[kNumber];
      EXPECT_TRUE(has(StrCat("add_subcommand(\"", words[1], "\""))) << row[kNumber] << ": " << name;
      for (size_t i = 2; i < words.size(); ++i) {
        EXPECT_TRUE(has(StrCat("\"", words[i]))) << row[kNumber] << ": " << name;
      }
    }
  }
}

TEST_F(PlansTable, EveryRuleStandsInTheRowsOfItsItemsAndNowhereElse) {
  std::map<std::string, std::vector<size_t>> named;  // by code
  for (const Row& row : rows_) {
    for (const std::string& code : Quoted(row[kFinding])) {
      EXPECT_NE(rules::FindRule(code), nullptr) << row[kNumber] << ": " << code;
      named[code].push_back(std::stoul(row[kNumber]));
    }
  }
  for (const auto& rule : rules::AllRules()) {
    const rules::RuleInfo info = rule->info();
    const std::vector<size_t> items(info.plan_items.begin(), info.plan_items.end());
    EXPECT_THAT(named[std::string(info.code)], ::testing::UnorderedElementsAreArray(items)) << info.code;
  }
}

TEST_F(PlansTable, EveryTestExists) {
  for (const Row& row : rows_) {
    const std::vector<std::string> quoted = Quoted(row[kTest]);
    ASSERT_EQ(quoted.size() % 2, 0u) << row[kNumber] << ": a file and a name each";
    for (size_t i = 0; i < quoted.size(); i += 2) {
      const std::vector<std::string> name = absl::StrSplit(quoted[i + 1], '.');
      ASSERT_EQ(name.size(), 2u) << row[kNumber] << ": " << quoted[i + 1];
      EXPECT_THAT(quoted[i], ::testing::EndsWith("_test.cc")) << row[kNumber];
      EXPECT_NE(TextOf(Source() / quoted[i]).find(StrCat("(", name[0], ", ", name[1], ")")), std::string::npos)
          << row[kNumber] << ": " << quoted[i] << " has no " << quoted[i + 1];
    }
  }
}

}  // namespace
}  // namespace sothon
