// Exit statuses and messages of the program as a whole, where no service is needed.
#include "cli/app/command_line.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/views/query.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int exit = 0;
  std::string out;
  std::string err;
};

Outcome RunWith(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "sothon");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.exit = RunCommandLine(static_cast<int>(argv.size()), argv.data());
  outcome.out = ::testing::internal::GetCapturedStdout();
  outcome.err = ::testing::internal::GetCapturedStderr();
  return outcome;
}

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

TEST(CommandLine, AsPublishedIsRefusedPlainly) {
  const Outcome outcome = RunWith({"progress", "--place", "23500", "--period", "2025Q4", "--as-published"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("not available yet"));
}

TEST(CommandLine, AMissingPlanIsRefused) {
  const Outcome outcome = RunWith({"plan", "load", "/nowhere/plan.toml"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot read /nowhere/plan.toml"));
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
  EXPECT_EQ(as_of.recorded_at_us(), 1'764'867'600'000'000);
  EXPECT_FALSE(ParseAsOf("yesterday", &as_of).ok());
}

}  // namespace
}  // namespace sothon::cli
