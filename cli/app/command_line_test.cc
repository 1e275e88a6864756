// Exit statuses and messages of the program as a whole, where no service is needed.
#include "cli/app/command_line.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/app/period_text.h"
#include "cli/testing/run_command.h"
#include "cli/views/query.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

std::string PlanFolder() {
  const char* source = std::getenv("SOTHON_SOURCE");
  return StrCat(source != nullptr ? source : ".", "/deploy/plans/dak-ha-2025q4");
}

// The path of a file with the header of `kind` and no rows.
std::string EmptyImport(const std::string& kind) {
  const std::string path = StrCat(::testing::TempDir(), "/sothon-", kind, ".csv");
  std::ofstream(path) << (kind == "opening"
                              ? "ref,identity_number,village,scheme,covered_until\n"
                              : "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid\n");
  return path;
}

// The path of a file with one event.
std::string EventFile() {
  const std::string path = ::testing::TempDir() + "/sothon-events.toml";
  std::ofstream(path) << "format = \"sothon-events/1\"\nfile_id = \"f\"\n[[events]]\nkind = \"role_ended\"\n"
                      << "date = 2025-10-01\n";
  return path;
}

TEST(CommandLine, HelpIsDoneAndNonsenseIsWrongUsage) {
  EXPECT_EQ(RunWith({"--help"}).exit, 0);
  EXPECT_EQ(RunWith({"import", "collections", "--help"}).exit, 0);
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"nonsense"},
           {"plan"},
           {"import", "collections", "f.csv"},
           {"progress", "--place", "23500"},
           {"progress", "--place", "23500", "--period", "2025Q4", "--format", "xml"},
           {"progress", "--place", "Đăk Hà", "--period", "2025Q4"},
           {"progress", "--place", "23500", "--period", "2025-13"},
           {"progress", "--place", "23500", "--period", "2025Q4", "--scheme", "X"},
           {"progress", "--place", "23500", "--period", "2025Q4", "--as-of", "soon"},
           {"explain", "--place", "23500", "--period", "2025Q4", "--counter", "first"},
           {"explain", "--place", "23500", "--period", "2025Q4", "--counter", "last", "--scheme", "BHXH_TN"},
           {"events", "--kind", "nonsense"},
           {"events", "--follow", "--to", "7"},
           {"record"},
           {"reverse", "--agency", "A", "--receipt", "1", "--date", "2025-13-01", "--reason", "x"}}) {
    const Outcome outcome = RunWith(arguments);
    EXPECT_EQ(outcome.exit, 2) << ::testing::PrintToString(arguments);
    EXPECT_NE(outcome.err, "") << ::testing::PrintToString(arguments);
    EXPECT_EQ(outcome.out, "") << ::testing::PrintToString(arguments);
  }
}

TEST(CommandLine, AnUnreachableServiceIsOneLineThatSaysHowToStartIt) {
  // Port 1 of the loopback: nothing listens there.
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"progress", "--place", "23500", "--period", "2025Q4"},
           {"places"},
           {"events"},
           {"rebuild"},
           {"plan", "load", PlanFolder()},
           {"record", EventFile()},
           {"record", EventFile(), "--dry-run"},
           {"import", "collections", "FILE", "--agency", "A", "--retry-seconds", "0"},
           {"import", "opening", "FILE", "--agency", "A", "--retry-seconds", "0"},
           {"watch", "--place", "23500", "--period", "2025Q4"},
           {"explain", "--place", "23500", "--period", "2025Q4", "--counter", "first", "--scheme", "BHXH_TN"},
           {"reverse", "--agency", "A", "--receipt", "1", "--date", "2025-12-01", "--reason", "x"}}) {
    std::vector<std::string> with_endpoints = arguments;
    if (arguments[0] == "import") with_endpoints[2] = EmptyImport(arguments[1]);
    with_endpoints.insert(with_endpoints.end(), {"--ingest", "127.0.0.1:1", "--projection", "127.0.0.1:1"});
    const Outcome outcome = RunWith(with_endpoints);
    EXPECT_EQ(outcome.exit, 1) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("cannot reach sothon-")) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("at 127.0.0.1:1")) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("Start it with")) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr(" HOST:PORT")) << arguments[0];
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
}

TEST(CommandLine, AnImportThatWaitsForAServiceSaysForWhichAndHowToNameAnother) {
  const Outcome outcome = RunWith({"import", "collections", EmptyImport("collections"), "--agency", "A", "--ingest",
                                   "127.0.0.1:1", "--retry-seconds", "1"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("sothon-ingest at 127.0.0.1:1 does not answer"));
  EXPECT_THAT(outcome.err, HasSubstr("trying again for up to 1 s (--retry-seconds)"));
  EXPECT_THAT(outcome.err, HasSubstr("--ingest HOST:PORT"));
}

TEST(CommandLine, AddressesThatAreNoneAreWrongUsage) {
  for (const char* address : {"", "127.0.0.1", "7401", ":7401", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999",
                              "127.0.0.1:x", "127.0.0.1:-1", "http://127.0.0.1:7401/"}) {
    for (const char* option : {"--ingest", "--projection"}) {
      const Outcome outcome = RunWith({"status", option, address});
      EXPECT_EQ(outcome.exit, 2) << address;
      EXPECT_THAT(outcome.err, HasSubstr(option)) << address;
      EXPECT_THAT(outcome.err, HasSubstr("write HOST:PORT, for example 127.0.0.1:740")) << address;
    }
  }
  EXPECT_EQ(RunWith({"status", "--ingest", "[::1]:1", "--projection", "localhost:1"}).exit, 1);
}

TEST(CommandLine, PositionsThatAreNoneAreWrongUsage) {
  for (const char* position : {"-1", "abc", "1.5", "", " 7", "0x10", "18446744073709551616", "99999999999999999999"}) {
    for (std::vector<std::string> arguments :
         std::vector<std::vector<std::string>>{{"events", "--from"},
                                               {"events", "--to"},
                                               {"watch", "--place", "23500", "--period", "2025Q4", "--from"},
                                               {"progress", "--place", "23500", "--period", "2025Q4", "--min-position"},
                                               {"explain", "--place", "23500", "--period", "2025Q4", "--scheme",
                                                "BHYT_HGD", "--counter", "first", "--min-position"}}) {
      const std::string option = arguments.back();
      arguments.emplace_back(position);
      const Outcome outcome = RunWith(arguments);
      EXPECT_EQ(outcome.exit, 2) << ::testing::PrintToString(arguments);
      EXPECT_THAT(outcome.err, HasSubstr(option)) << ::testing::PrintToString(arguments);
      EXPECT_THAT(outcome.err, HasSubstr("write a position of the log")) << ::testing::PrintToString(arguments);
    }
  }
}

TEST(CommandLine, ACountThatIsNoneIsWrongUsage) {
  for (const char* count : {"-5", "x", "1e3", ""}) {
    const Outcome outcome = RunWith({"watch", "--place", "23500", "--period", "2025Q4", "--changes", count});
    EXPECT_EQ(outcome.exit, 2) << count;
    EXPECT_THAT(outcome.err, HasSubstr("write a whole number")) << count;
  }
}

// A variable that is not set must not turn a check off.
TEST(CommandLine, AnEmptyOptionIsNotOneThatIsLeftOut) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> empty = {
      {{"audit", "verify", "there", "--since", ""}, "--since"},
      {{"audit", "verify", "there", "--key", "", "--since", "x"}, "--key"},
      {{"audit", "replay", "there", "--offline", "--until", ""}, "--until"},
      {{"audit", "export", "there", "--jsonl", ""}, "--jsonl"},
      {{"audit", "fsck", "--projection-data", ""}, "--projection-data"},
      {{"progress", "--place", "23500", "--period", "2025-11", "--as-of", ""}, "--as-of"},
      {{"explain", "--place", "23500", "--period", "2025-11", "--counter", "first", "--proof", ""}, "--proof"},
  };
  for (const auto& [arguments, option] : empty) {
    const Outcome outcome = RunWith(arguments);
    EXPECT_EQ(outcome.exit, 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(outcome.err, HasSubstr(option + " is empty; give it a value, or leave it out"));
  }
}

TEST(CommandLine, ARangeThatRunsBackwardsIsWrongUsage) {
  const Outcome events = RunWith({"events", "--from", "9", "--to", "7"});
  EXPECT_EQ(events.exit, 2);
  EXPECT_THAT(events.err, HasSubstr("--from 9 lies behind --to 7; exchange them"));
  for (const char* command : {"progress", "watch"}) {
    const Outcome period = RunWith({command, "--place", "23500", "--period", "2025-12..2025-10"});
    EXPECT_EQ(period.exit, 2) << command;
    EXPECT_THAT(period.err, HasSubstr("--period 2025-12..2025-10")) << command;
  }
}

TEST(CommandLine, ProgressIsAboutExactlyOne) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{}, "name exactly one of --place, --office, --party, --drive, --kind and --every-drive"},
      {{"--place", "23500", "--party", "BD"}, "name exactly one of"},
      {{"--kind", "village"}, "--kind"},
      {{"--party", "BD", "--as-published"}, "--as-published goes with --place"},
      {{"--place", "23500", "--as-published", "--as-of", "7"}, "give one of them"},
      {{"--every-drive", "--by-desk"}, "--by-desk goes with --party (an agency) and --kind agency"},
      {{"--kind", "union", "--figures"}, "--figures goes with --place and --office"}};
  for (const auto& [options, said] : wrong) {
    std::vector<std::string> arguments = {"progress", "--period", "2025Q4", "--projection", "127.0.0.1:1"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = RunWith(arguments);
    EXPECT_EQ(outcome.exit, 2) << said;
    EXPECT_THAT(outcome.err, HasSubstr(said));
  }
}

TEST(CommandLine, AWordThatIsNoSubcommandIsNamedWithTheNearest) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"progres", "--place", "23500"}, "\"progres\" is no subcommand of `sothon`; do you mean progress?"},
      {{"report", "monthli", "--place", "23500", "--period", "2025-11"},
       "\"monthli\" is no subcommand of `sothon report`; do you mean monthly? `sothon report --help` lists all of "
       "them"},
      {{"drive", "reopen", "--drive", "d-1"}, "\"reopen\" is no subcommand of `sothon drive`; do you mean open?"},
      {{"report", "xyzxyz"}, "\"xyzxyz\" is no subcommand of `sothon report`; `sothon report --help`"}};
  for (const auto& [arguments, said] : wrong) {
    const Outcome outcome = RunWith(arguments);
    EXPECT_EQ(outcome.exit, 2) << said;
    EXPECT_THAT(outcome.err, HasSubstr(said));
  }
  EXPECT_THAT(RunWith({"report"}).err, HasSubstr("subcommand is required"));
}

TEST(CommandLine, AMissingPlanIsRefused) {
  const Outcome outcome = RunWith({"plan", "load", "/nowhere/plan.toml"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot read /nowhere/plan.toml"));
}

TEST(CommandLine, AnEventFileThatIsWrongIsRefusedBeforeAnyServiceIsAsked) {
  const std::string path = ::testing::TempDir() + "/sothon-wrong-events.toml";
  std::ofstream(path) << "format = \"sothon-events/1\"\nfile_id = \"f\"\n[[events]]\nkind = \"role_endd\"\n";
  const Outcome outcome = RunWith({"record", path, "--ingest", "127.0.0.1:1"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("sothon-wrong-events.toml line 4 (events[0].kind)"));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"role_ended\"?"));
}

TEST(CommandLine, ASampleNeedsNoService) {
  const std::string plan = PlanFolder() + "/plan.toml";
  const std::string folder = ::testing::TempDir() + "/sothon-sample";
  const Outcome outcome = RunWith({"sample", "--plan", plan, "--seed", "1", "--out", folder, "--people", "500"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("sothon import collections"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/opening.csv"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/collections.csv"));
}

TEST(AsOf, IsAPositionOrAMoment) {
  v1::AsOf as_of;
  ASSERT_TRUE(ParseAsOf("4711", &as_of).ok());
  EXPECT_EQ(as_of.position(), 4711u);
  ASSERT_TRUE(ParseAsOf("2025-12-05T00:00:00", &as_of).ok());
  EXPECT_EQ(as_of.recorded_at_us(), 1'764'867'600'999'999);
  EXPECT_FALSE(ParseAsOf("yesterday", &as_of).ok());
}

// The stamps that tables show end with the second, minute or day: whatever was recorded in it is meant.
TEST(AsOf, AMomentIsAsLongAsItIsWritten) {
  const int64_t midnight = 1'764'867'600'000'000;
  for (const auto& [text, us] :
       std::vector<std::pair<std::string, int64_t>>{{"2025-12-05", 86'399'999'999},
                                                    {"05/12/2025", 86'399'999'999},
                                                    {"2025-12-05T09:30", 34'259'999'999},
                                                    {"2025-12-05 09:30", 34'259'999'999},
                                                    {"2025-12-05T09:30+07:00", 34'259'999'999},
                                                    {"2025-12-05T09:30:16", 34'216'999'999},
                                                    {"2025-12-05 09:30:16", 34'216'999'999},
                                                    {"2025-12-05T09:30:16+07:00", 34'216'999'999},
                                                    {"2025-12-05T02:30:16Z", 34'216'999'999},
                                                    {"2025-12-05T09:30:16.5", 34'216'500'000},
                                                    {"2025-12-05T09:30:16.000000", 34'216'000'000}}) {
    v1::AsOf as_of;
    ASSERT_TRUE(ParseAsOf(text, &as_of).ok()) << text;
    EXPECT_EQ(as_of.recorded_at_us() - midnight, us) << text;
  }
  for (const char* text :
       {"2025-12-05T9:30", "2025-12-05T09:60", "2025-12-05T25:00", "2025-12-05T09", "2025-12-05T09:30:"}) {
    v1::AsOf as_of;
    EXPECT_FALSE(ParseAsOf(text, &as_of).ok()) << text;
  }
}

TEST(AsOf, WhatMayBeAYearOrAPositionIsRefused) {
  v1::AsOf as_of;
  const absl::Status status = ParseAsOf("2025", &as_of);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("@2025"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("2025-12-31"));
  ASSERT_TRUE(ParseAsOf("@2025", &as_of).ok());
  EXPECT_EQ(as_of.position(), 2025u);
  EXPECT_FALSE(ParseAsOf("@", &as_of).ok());
  EXPECT_FALSE(ParseAsOf("@2025-12-05", &as_of).ok());
  EXPECT_THAT(std::string(ParseAsOf("31/02/2025", &as_of).message()), HasSubstr("\"31/02/2025\" does not exist"));
}

TEST(Period, SaysWhatIsWrong) {
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{
           {"2025-13", "there is no month 13"},
           {"2025-00", "there is no month 00"},
           {"2025Q5", "there is no quarter 5"},
           {"2025q0", "there is no quarter 0"},
           {"2025-12..2025-10", "it runs backwards: 2025-10 lies before 2025-12"},
           {"2025-10..2025-13", "there is no month 13"},
           {"2025-10..", "a range has a month before and one behind"},
           {"2525", "the year 2525 is outside of 1900 to 2199"},
           {"2525Q1", "the year 2525 is outside of 1900 to 2199"},
           {"2525-01", "the year 2525 is outside of 1900 to 2199"},
           {"soon", "it is no month, quarter, year or range"},
           {"", "it is no month, quarter, year or range"}}) {
    EXPECT_THAT(WhatIsWrongWithPeriod(text), HasSubstr(reason)) << text;
    EXPECT_THAT(WhatIsWrongWithPeriod(text), HasSubstr("write 2025-10, 2025Q4, 2025 or 2025-10..2025-12")) << text;
  }
  for (const char* text : {"2025-10", "2025Q4", "2025q4", "2025", "2025-10..2025-12"}) {
    EXPECT_EQ(WhatIsWrongWithPeriod(text), "") << text;
  }
}

}  // namespace
}  // namespace sothon::cli
