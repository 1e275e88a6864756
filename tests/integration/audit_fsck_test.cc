// sothon audit fsck beside running services, while they take events, and of what they leave behind.
// SOTHON_SEED repeats a run's choices.
#include <filesystem>
#include <thread>

#include "common/base/strings.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/audit_key.h"
#include "tests/harness/eventually.h"
#include "tests/harness/recorder.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kCommandMax = absl::Minutes(2);
constexpr int kChecks = 25;

class AuditFsckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    key_ = MakeLogKey(directory_.Path("log.key"));
    ASSERT_NE(key_.verifier, "");
    Stack::Options options;
    options.bus_enabled = false;
    stack_ = std::make_unique<Stack>(options);
    // Small, so that tables are written, merged and taken up, and checkpoints signed, all the time.
    const std::string bus = "[bus]\nenabled = false\n";
    stack_->ingest().SetConfig(StrCat(bus, SigningConfig(key_), "checkpoint_seconds = 1\n", "[log]\nid = \"", kLogId,
                                      "\"\nprovince_id = \"51\"\n",
                                      "write_buffer_bytes = 1048576\nindex_events_in_memory = 1024\n"));
    stack_->projection().SetConfig(StrCat(bus, "[ingest]\naddress = \"", stack_->ingest().address(), "\"\n",
                                          "[store]\nwrite_buffer_bytes = 1048576\n"));
    ASSERT_NO_FATAL_FAILURE(stack_->StartAll());
  }
  ProcessResult Fsck() const {
    return RunProcess({ProgramPath("sothon"), "audit", "fsck", "--ingest-config", stack_->ingest().config_path(),
                       "--projection-config", stack_->projection().config_path(), "--key", key_.verifier},
                      kCommandMax, {StrCat("TMPDIR=", work_.path())});
  }

  TempDir directory_;
  TempDir work_;
  AuditKey key_;
  std::unique_ptr<Stack> stack_;
};

TEST_F(AuditFsckTest, WhileEventsComeAllIsWell) {
  WorkloadOptions size;
  size.seed = SeedForThisRun();
  size.requests = 3'000;
  const std::vector<v1::RecordRequest> requests = MakeWorkload(size);
  Recorder recorder(stack_->ingest().channel());
  recorder.Allow(requests.size() / kChecks);
  absl::Status recorded;
  std::thread recording([&] { recorded = recorder.RecordAll(requests); });
  EXPECT_TRUE(Eventually([&] {
    return std::filesystem::exists(stack_->ingest().data_directory() + "/checkpoint") && stack_->Projected() > 0;
  }));
  for (int check = 1; check <= kChecks; ++check) {
    recorder.Allow(requests.size() * static_cast<size_t>(check) / kChecks);
    const ProcessResult checked = Fsck();
    EXPECT_EQ(checked.exit_status, 0) << "check " << check << "\n" << checked.standard_output << checked.standard_error;
    if (HasFailure()) break;
  }
  recorder.Allow(SIZE_MAX);
  recording.join();
  ASSERT_TRUE(recorded.ok()) << recorded;
  ASSERT_TRUE(stack_->AwaitProjected());
  const uint64_t head = stack_->Head();
  EXPECT_EQ(Fsck().exit_status, 0);
  stack_->projection().Kill();
  stack_->ingest().Kill();
  const ProcessResult last = Fsck();
  EXPECT_EQ(last.exit_status, 0) << last.standard_output << last.standard_error;
  EXPECT_THAT(last.standard_output, HasSubstr(StrCat("at position) ", head)));
  EXPECT_EQ(last.standard_error, "") << "no progress in a pipe";
  EXPECT_TRUE(std::filesystem::is_empty(work_.path())) << "what was made for comparison is gone";
}

}  // namespace
}  // namespace sothon::testing
