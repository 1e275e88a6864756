// A log exported while it grows, through kills of the exporter: at every moment the directory can be verified.
// SOTHON_SEED repeats a run's choices.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/audit_key.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kKills = 30;
constexpr absl::Duration kCommandMax = absl::Minutes(2);

class AuditExportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    key_ = MakeLogKey(directory_.Path("log.key"));
    ASSERT_NE(key_.verifier, "");
    Stack::Options options;
    options.bus_enabled = false;
    options.ingest_config = SigningConfig(key_);
    stack_ = std::make_unique<Stack>(options);
    const absl::Status started = stack_->ingest().Start();
    ASSERT_TRUE(started.ok()) << started;
    ASSERT_TRUE(stack_->ingest().AwaitServing());
  }

  std::vector<std::string> ExportCommand(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {
        ProgramPath("sothon"), "--ingest", stack_->ingest().address(), "audit", "export", export_};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }
  ProcessResult Export(const std::vector<std::string>& more = {}) {
    return RunProcess(ExportCommand(more), kCommandMax);
  }
  ProcessResult Verify(const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {ProgramPath("sothon"), "audit", "verify", export_, "--key", key_.verifier};
    command.insert(command.end(), more.begin(), more.end());
    return RunProcess(command, kCommandMax);
  }
  void ExpectVerified(const std::vector<std::string>& more = {}) {
    const ProcessResult verified = Verify(more);
    EXPECT_EQ(verified.exit_status, 0) << verified.standard_output << verified.standard_error;
    EXPECT_THAT(verified.standard_output, HasSubstr("signed by test-log+"));
  }
  void Record(std::vector<v1::Event> events) {
    std::vector<v1::Submission> submissions;
    for (v1::Event& event : events) submissions.push_back(Submit(std::move(event)));
    const auto recorded = stack_->Record(std::move(submissions));
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }

  TempDir directory_;
  const std::string export_ = directory_.Path("export");
  AuditKey key_;
  std::unique_ptr<Stack> stack_;
};

TEST_F(AuditExportTest, WhatIsNewIsAdded) {
  EXPECT_EQ(Export().exit_status, 0) << "of a log without events";
  ExpectVerified();
  ASSERT_NO_FATAL_FAILURE(Record(MinimalRegistry(3)));
  ASSERT_EQ(Export().exit_status, 0);
  const std::string since = directory_.Path("since");
  std::filesystem::copy_file(export_ + "/checkpoint", since);
  const std::string head = StrCat(stack_->Head());
  EXPECT_THAT(Verify().standard_output, HasSubstr(StrCat("entries checked: ", head, " of ", head)));
  const ProcessResult again = Export();
  EXPECT_EQ(again.exit_status, 0);
  EXPECT_THAT(again.standard_output, HasSubstr(StrCat(head, " entries of the log test-log, 0 of them new")));
  EXPECT_EQ(again.standard_error, "") << "no progress in a pipe";

  ASSERT_NO_FATAL_FAILURE(Record({Village(4, "Thôn thử 4")}));
  const std::string jsonl = directory_.Path("events.jsonl");
  const ProcessResult more = Export({"--jsonl", jsonl});
  EXPECT_THAT(more.standard_output, HasSubstr(", 1 of them new"));
  const std::string lines = ReadWholeFile(jsonl);
  EXPECT_EQ(static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n')), stack_->Head());
  EXPECT_THAT(lines, HasSubstr(StrCat("\"position\":\"", stack_->Head(), "\"")));
  ExpectVerified({"--since", since});
}

TEST_F(AuditExportTest, WithoutAKeyThereIsNothingToExport) {
  Stack::Options options;
  options.bus_enabled = false;
  Stack keyless(options);
  ASSERT_TRUE(keyless.ingest().Start().ok());
  ASSERT_TRUE(keyless.ingest().AwaitServing());
  const ProcessResult refused = RunProcess(
      {ProgramPath("sothon"), "--ingest", keyless.ingest().address(), "audit", "export", export_}, kCommandMax);
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.standard_error, HasSubstr("audit keygen"));
}

TEST_F(AuditExportTest, AnotherLogOfThatNameIsRefused) {
  ASSERT_NO_FATAL_FAILURE(Record(MinimalRegistry(3)));
  ASSERT_EQ(Export().exit_status, 0);
  Stack::Options options;
  options.bus_enabled = false;
  options.ingest_config = SigningConfig(key_);
  stack_ = std::make_unique<Stack>(options);
  ASSERT_TRUE(stack_->ingest().Start().ok());
  ASSERT_TRUE(stack_->ingest().AwaitServing());
  ProcessResult refused = Export();
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.standard_error, HasSubstr("has become shorter"));
  ASSERT_NO_FATAL_FAILURE(Record(MinimalRegistry(5)));
  refused = Export();
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.standard_error, HasSubstr("nor can it prove that its tree goes on"));
  ExpectVerified();
}

TEST_F(AuditExportTest, ThroughKillsWhileTheLogGrows) {
  std::mt19937_64 random(SeedForThisRun());
  WorkloadOptions size;
  size.seed = random();
  size.requests = 1500;
  const std::vector<v1::RecordRequest> requests = MakeWorkload(size);
  Recorder recorder(stack_->ingest().channel());
  recorder.Allow(requests.size() / 10);
  absl::Status recorded;
  std::thread recording([&] { recorded = recorder.RecordAll(requests); });

  const absl::Time began = absl::Now();
  EXPECT_EQ(Export().exit_status, 0);
  const int64_t export_us = std::max<int64_t>(20'000, absl::ToInt64Microseconds(absl::Now() - began));
  std::vector<std::string> checkpoints;
  int broken_off = 0;
  for (int kill = 1; kill <= kKills; ++kill) {
    recorder.Allow(requests.size() * static_cast<size_t>(kill) / kKills);
    ProcessOptions options;
    options.argv = ExportCommand();
    options.output_file = options.error_file = directory_.Path("export.log");
    auto exporter = Process::Start(options);
    ASSERT_TRUE(exporter.ok()) << exporter.status();
    // While it is written, too.
    if (kill % 3 == 0) ExpectVerified();
    absl::SleepFor(absl::Microseconds(static_cast<int64_t>(random() % static_cast<uint64_t>(2 * export_us))));
    (*exporter)->Kill();
    const ProcessResult verified = Verify();
    ASSERT_EQ(verified.exit_status, 0) << "kill " << kill << "\n" << verified.standard_output;
    if (verified.standard_output.find("broken off") != std::string::npos) ++broken_off;
    checkpoints.push_back(directory_.Path(StrCat("checkpoint-", kill)));
    std::filesystem::copy_file(export_ + "/checkpoint", checkpoints.back());
  }
  recorder.Allow(SIZE_MAX);
  recording.join();
  ASSERT_TRUE(recorded.ok()) << recorded;
  std::cout << broken_off << " of " << kKills << " kills left an export that was not finished\n";

  const ProcessResult last = Export();
  EXPECT_EQ(last.exit_status, 0) << last.standard_error;
  const std::string head = StrCat(stack_->Head());
  const ProcessResult verified = Verify();
  EXPECT_THAT(verified.standard_output, HasSubstr(StrCat("entries checked: ", head, " of ", head)));
  EXPECT_THAT(verified.standard_output, Not(HasSubstr("broken off")));
  for (const std::string& each : checkpoints) ExpectVerified({"--since", each});
  const ProcessResult python =
      RunProcess({"python3", RequiredEnvironment("SOTHON_SOURCE") + "/tools/verify_export.py", export_, key_.verifier},
                 kCommandMax);
  EXPECT_EQ(python.exit_status, 0) << python.standard_output;
}

}  // namespace
}  // namespace sothon::testing
