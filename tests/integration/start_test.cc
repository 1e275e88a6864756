// What a service says when it cannot start: one clear line, exit status 1, and nothing is harmed.
#include <fstream>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
#include "tests/harness/port.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kEndMax = absl::Seconds(30);

class StartTest : public ::testing::Test {
 protected:
  StartTest() : stack_(WithoutBus()) {}
  static Stack::Options WithoutBus() {
    Stack::Options options;
    options.bus_enabled = false;
    return options;
  }
  static ProcessResult RunWith(const std::string& program, const std::string& config_path) {
    return RunProcess({ProgramPath(program), "--config", config_path}, kEndMax);
  }
  // The service's configuration with more lines before it, in another file.
  std::string ChangedConfig(const Service& service, const std::string& more) {
    std::string path = stack_.directory() + "/changed.toml";
    std::ofstream(path) << more << ReadWholeFile(service.config_path());
    return path;
  }

  Stack stack_;
};

TEST_F(StartTest, AnUnknownKeyIsRefusedByName) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  for (Service* service : {&stack_.ingest(), &stack_.projection()}) {
    service->Kill();
    const ProcessResult result = RunWith(service->program(), ChangedConfig(*service, "no_such_key = 7\n"));
    EXPECT_EQ(result.exit_status, 1) << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr("no_such_key"));
  }
}

TEST_F(StartTest, AMissingConfigurationIsSaid) {
  for (const char* program : {"sothon-ingest", "sothon-projection"}) {
    const ProcessResult result = RunWith(program, stack_.directory() + "/nothing-here.toml");
    EXPECT_EQ(result.exit_status, 1) << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr("nothing-here.toml"));
  }
}

TEST_F(StartTest, ASecondProcessOnTheSameDataIsRefusedAndTheFirstGoesOn) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  for (Service* service : {&stack_.ingest(), &stack_.projection()}) {
    std::string config = ReadWholeFile(service->config_path());
    const size_t at = config.find(service->address());
    ASSERT_NE(at, std::string::npos);
    config.replace(at, service->address().size(), StrCat("127.0.0.1:", FreePort()));
    const std::string path = stack_.directory() + "/second.toml";
    std::ofstream(path) << config;
    const ProcessResult result = RunWith(service->program(), path);
    EXPECT_EQ(result.exit_status, 1) << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr(service->data_directory()));
    EXPECT_TRUE(IsServing(service->channel()));
  }
  EXPECT_TRUE(stack_.Record({Submit(Province())}).ok());
  EXPECT_TRUE(stack_.AwaitProjected());
}

TEST_F(StartTest, ATakenPortIsRefusedByName) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  TempDir other;
  for (Service* service : {&stack_.ingest(), &stack_.projection()}) {
    std::string config = ReadWholeFile(service->config_path());
    const size_t at = config.find(service->data_directory());
    ASSERT_NE(at, std::string::npos);
    config.replace(at, service->data_directory().size(), other.Path(service->program()));
    const std::string path = stack_.directory() + "/second.toml";
    std::ofstream(path) << config;
    const ProcessResult result = RunWith(service->program(), path);
    EXPECT_EQ(result.exit_status, 1) << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr(service->address()));
  }
}

TEST_F(StartTest, AnotherLogIdThanTheDataDirectorysIsRefused) {
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  stack_.ingest().Kill();
  std::string config = ReadWholeFile(stack_.ingest().config_path());
  const size_t at = config.find(kLogId);
  ASSERT_NE(at, std::string::npos);
  config.replace(at, std::string(kLogId).size(), "another-log");
  const std::string path = stack_.directory() + "/another.toml";
  std::ofstream(path) << config;
  const ProcessResult result = RunWith("sothon-ingest", path);
  EXPECT_EQ(result.exit_status, 1) << result.standard_error;
  EXPECT_THAT(result.standard_error, HasSubstr("another-log"));
  EXPECT_THAT(result.standard_error, HasSubstr(kLogId));
}

TEST_F(StartTest, AnInterruptedServiceEndsWithStatus0) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  for (Service* service : {&stack_.projection(), &stack_.ingest()}) {
    const absl::Time start = absl::Now();
    EXPECT_EQ(service->Terminate(), 0) << service->program();
    EXPECT_LT(absl::Now() - start, absl::Seconds(10)) << service->program();
  }
}

}  // namespace
}  // namespace sothon::testing
