// A witness of a real log: what it cosigns while the log grows, and what it says when the log's data were put back.
#include <csignal>
#include <filesystem>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/audit_key.h"
#include "tests/harness/eventually.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::Duration kCommandMax = absl::Minutes(1);

class AuditWitnessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log_key_ = MakeLogKey(directory_.Path("log.key"));
    witness_key_ = MakeAuditKey(directory_.Path("witness.key"), {"witness-1", "--witness"});
    ASSERT_NE(log_key_.verifier, "");
    ASSERT_NE(witness_key_.verifier, "");
    Stack::Options options;
    options.bus_enabled = false;
    options.ingest_config = SigningConfig(log_key_);
    stack_ = std::make_unique<Stack>(options);
  }
  void StartIngest() {
    const absl::Status started = stack_->ingest().Start();
    ASSERT_TRUE(started.ok()) << started;
    ASSERT_TRUE(stack_->ingest().AwaitServing());
  }
  std::vector<std::string> WitnessCommand(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {
        ProgramPath("sothon"), "--ingest", stack_->ingest().address(), "audit", "witness", "--state", state_, "--key",
        witness_key_.file,     "--log",    log_key_.verifier};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }
  ProcessResult Witness(const std::vector<std::string>& more = {}) {
    return RunProcess(WitnessCommand(more), kCommandMax);
  }
  void Record(std::vector<v1::Event> events) {
    std::vector<v1::Submission> submissions;
    for (v1::Event& event : events) submissions.push_back(Submit(std::move(event)));
    const auto recorded = stack_->Record(std::move(submissions));
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }
  // The log as it is now, and put back to it.
  void CopyData(const std::string& from, const std::string& to) {
    ASSERT_EQ(stack_->ingest().Terminate(), 0);
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
    ASSERT_NO_FATAL_FAILURE(StartIngest());
  }
  std::vector<std::string> Evidence() const {
    std::vector<std::string> folders;
    if (!fs::exists(state_ + "/evidence")) return folders;
    for (const auto& each : fs::directory_iterator(state_ + "/evidence")) folders.push_back(each.path().filename());
    std::sort(folders.begin(), folders.end());
    return folders;
  }

  TempDir directory_;
  const std::string state_ = directory_.Path("witness");
  AuditKey log_key_;
  AuditKey witness_key_;
  std::unique_ptr<Stack> stack_;
};

TEST_F(AuditWitnessTest, ALogThatWasPutBackIsRefusedWithEvidence) {
  ASSERT_NO_FATAL_FAILURE(StartIngest());
  ASSERT_NO_FATAL_FAILURE(Record(MinimalRegistry(3)));
  const std::string old = directory_.Path("old-data");
  ASSERT_NO_FATAL_FAILURE(CopyData(stack_->ingest().data_directory(), old));
  EXPECT_EQ(Witness().exit_status, 0);
  ASSERT_NO_FATAL_FAILURE(Record({Village(4, "Thôn thử 4"), Village(5, "Thôn thử 5")}));
  const uint64_t head = stack_->Head();
  const std::string out = directory_.Path("cosigned");
  const ProcessResult cosigned = Witness({"--out", out});
  ASSERT_EQ(cosigned.exit_status, 0) << cosigned.standard_error;
  EXPECT_THAT(cosigned.standard_output, HasSubstr(StrCat("cosigned test-log ", head, " ")));
  EXPECT_THAT(ReadWholeFile(out), HasSubstr("— witness-1 "));
  const std::string export_directory = directory_.Path("export");
  ASSERT_EQ(
      RunProcess({ProgramPath("sothon"), "--ingest", stack_->ingest().address(), "audit", "export", export_directory},
                 kCommandMax)
          .exit_status,
      0);
  fs::copy_file(out, export_directory + "/checkpoint", fs::copy_options::overwrite_existing);
  const ProcessResult verified = RunProcess({ProgramPath("sothon"), "audit", "verify", export_directory, "--key",
                                             log_key_.verifier, "--witness", witness_key_.verifier},
                                            kCommandMax);
  EXPECT_EQ(verified.exit_status, 0) << verified.standard_output;

  // An older copy, and another event than the ones that were cosigned: the witness sees a shorter log...
  ASSERT_NO_FATAL_FAILURE(CopyData(old, stack_->ingest().data_directory()));
  ASSERT_NO_FATAL_FAILURE(Record({Village(6, "Thôn thử 6")}));
  ASSERT_LT(stack_->Head(), head);
  const ProcessResult shorter = Witness();
  EXPECT_EQ(shorter.exit_status, 1);
  EXPECT_THAT(shorter.standard_output, IsEmpty());
  EXPECT_THAT(shorter.standard_error, HasSubstr("ROLLBACK"));
  ASSERT_EQ(Evidence().size(), 1);
  EXPECT_THAT(Evidence()[0], HasSubstr(StrCat("rollback-", head, "-", head - 1)));
  // ...one of the same size with another root...
  ASSERT_NO_FATAL_FAILURE(Record({Village(7, "Thôn thử 7")}));
  ASSERT_EQ(stack_->Head(), head);
  const ProcessResult forked = Witness();
  EXPECT_EQ(forked.exit_status, 1);
  EXPECT_THAT(forked.standard_error, HasSubstr("FORK"));
  EXPECT_THAT(Evidence()[0], HasSubstr("fork-"));
  // ...and a longer one that does not go on from what it cosigned. So it stays.
  ASSERT_NO_FATAL_FAILURE(Record({Village(8, "Thôn thử 8")}));
  for (int i = 0; i < 2; ++i) {
    const ProcessResult longer = Witness({"--every", "1"});
    EXPECT_EQ(longer.exit_status, 1) << "it does not go on after it found evidence";
    EXPECT_THAT(longer.standard_error, HasSubstr("NOT PROVEN"));
  }
  ASSERT_EQ(Evidence().size(), 3);
  EXPECT_THAT(Evidence()[1], HasSubstr("not-proven-"));
  const std::string text = ReadWholeFile(state_ + "/evidence/" + Evidence()[1] + "/evidence.txt");
  EXPECT_THAT(text, HasSubstr("witness witness-1+"));
  EXPECT_THAT(text, HasSubstr(log_key_.verifier));
}

TEST_F(AuditWitnessTest, GoesOnWhileTheLogComesAndGoes) {
  ProcessOptions options;
  options.argv = WitnessCommand({"--every", "1", "--out", directory_.Path("cosigned")});
  options.output_file = directory_.Path("output");
  options.error_file = directory_.Path("errors");
  auto witness = Process::Start(options);
  ASSERT_TRUE(witness.ok()) << witness.status();
  const auto says = [](const std::string& file, const std::string& what) {
    return Eventually([&] { return ReadWholeFile(file).find(what) != std::string::npos; }, absl::Seconds(30));
  };
  EXPECT_TRUE(says(options.error_file, "Tried again every 1 s"));
  ASSERT_NO_FATAL_FAILURE(StartIngest());
  EXPECT_TRUE(says(options.output_file, "cosigned test-log 0 "));
  ASSERT_NO_FATAL_FAILURE(Record(MinimalRegistry(3)));
  EXPECT_TRUE(says(options.output_file, StrCat("cosigned test-log ", stack_->Head(), " ")));
  stack_->ingest().Kill();
  ASSERT_NO_FATAL_FAILURE(StartIngest());
  ASSERT_NO_FATAL_FAILURE(Record({Village(4, "Thôn thử 4")}));
  EXPECT_TRUE(says(options.output_file, StrCat("cosigned test-log ", stack_->Head(), " ")));
  (*witness)->Signal(SIGTERM);
  EXPECT_EQ((*witness)->AwaitExit(absl::Seconds(30)), 0) << ReadWholeFile(options.error_file);
  EXPECT_THAT(Evidence(), IsEmpty());
  EXPECT_THAT(ReadWholeFile(directory_.Path("cosigned")), HasSubstr("— witness-1 "));
}

TEST_F(AuditWitnessTest, ServesHttpUntilASignal) {
  ProcessOptions options;
  options.argv = WitnessCommand({"--listen", "127.0.0.1:0"});
  options.output_file = directory_.Path("output");
  auto witness = Process::Start(options);
  ASSERT_TRUE(witness.ok()) << witness.status();
  EXPECT_TRUE(
      Eventually([&] { return ReadWholeFile(options.output_file).find("/add-checkpoint\n") != std::string::npos; },
                 absl::Seconds(30)));
  const ProcessResult second = Witness();
  EXPECT_EQ(second.exit_status, 1);
  EXPECT_THAT(second.standard_error, HasSubstr("another `sothon audit witness`"));
  (*witness)->Signal(SIGINT);
  EXPECT_EQ((*witness)->AwaitExit(absl::Seconds(30)), 0);
}

}  // namespace
}  // namespace sothon::testing
