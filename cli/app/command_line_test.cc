// Exit statuses and messages of the program as a whole, where no service is needed.
#include "cli/app/command_line.h"

#include <filesystem>

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
           {"watch", "--place", "23500", "--period", "2025Q4"},
           {"explain", "--place", "23500", "--period", "2025Q4", "--counter", "first", "--scheme", "BHXH_TN"},
           {"reverse", "--agency", "A", "--receipt", "1", "--date", "2025-12-01", "--reason", "x"}}) {
    std::vector<std::string> with_endpoints = arguments;
    with_endpoints.insert(with_endpoints.end(), {"--ingest", "127.0.0.1:1", "--projection", "127.0.0.1:1"});
    const Outcome outcome = RunWith(with_endpoints);
    EXPECT_EQ(outcome.exit, 1) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("cannot reach sothon-")) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("at 127.0.0.1:1")) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("Start it with")) << arguments[0];
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
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
  const char* source = std::getenv("SOTHON_SOURCE");
  const std::string plan = StrCat(source != nullptr ? source : ".", "/deploy/plans/dak-ha-2025q4/plan.toml");
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
