// A log restored from an older copy, which grows other events than those that the projection has.
#include <filesystem>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/stack.h"
#include "tests/harness/workload.h"

namespace sothon::testing {
namespace {

using ::testing::HasSubstr;

class RestoredLogTest : public ::testing::Test {
 protected:
  void Record(const std::string& receipts, int count) {
    std::vector<v1::Submission> submissions;
    for (int i = 0; i < count; ++i) {
      ContributionSpec spec;
      spec.person = ++people_;
      spec.receipt = StrCat(receipts, people_);
      submissions.push_back(SubmitFor(spec.person, Contribution(spec)));
    }
    ASSERT_TRUE(stack_.Record(std::move(submissions)).ok());
  }
  // Of the log, while ingest does not run.
  void Copy(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  Stack stack_;
  uint64_t people_ = 0;
};

TEST_F(RestoredLogTest, OnceItIsLongerAgainItStillStopsTheProjectionAndTheRightOneLetsItGoOn) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  std::vector<v1::Submission> registry;
  for (v1::Event& event : MinimalRegistry(2)) registry.push_back(Submit(std::move(event)));
  ASSERT_TRUE(stack_.Record(std::move(registry)).ok());
  const std::string log = stack_.ingest().data_directory();
  const std::string older = stack_.directory() + "/older";
  const std::string right = stack_.directory() + "/right";
  stack_.ingest().Kill();
  Copy(log, older);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  Record("BL-", 20);
  ASSERT_TRUE(stack_.AwaitProjected());
  const uint64_t projected = stack_.Projected();
  stack_.projection().Kill();
  stack_.ingest().Kill();
  Copy(log, right);

  Copy(older, log);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  Record("KHAC-", 50);
  ASSERT_GT(stack_.Head(), projected);
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  EXPECT_TRUE(stack_.projection().AwaitServing(false));
  const auto status = stack_.ProjectionStatus();
  ASSERT_TRUE(status.ok()) << "what it knows can still be read: " << status.status();
  EXPECT_EQ(status->freshness().position(), projected);
  EXPECT_THAT(status->trouble(), HasSubstr(StrCat("another event at position ", projected)));
  EXPECT_THAT(status->trouble(), HasSubstr("--rebuild"));

  stack_.projection().Kill();
  stack_.ingest().Kill();
  Copy(right, log);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  Record("BL-", 5);
  EXPECT_TRUE(stack_.AwaitProjected());
  EXPECT_TRUE(stack_.projection().AwaitServing());
}

}  // namespace
}  // namespace sothon::testing
