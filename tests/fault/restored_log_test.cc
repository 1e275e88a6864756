// A projection that cannot follow its log: restored from an older copy and grown since, another log altogether, or
// nobody there. What it knows can still be read, and every answer says what is wrong.
#include <filesystem>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
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
  RestoredLogTest() : stack_(QuickToNotice()) {}
  static Stack::Options QuickToNotice() {
    Stack::Options options;
    options.projection_config = "[health]\nstuck_after_seconds = 1\n";
    return options;
  }
  void RecordRegistry() {
    std::vector<v1::Submission> registry;
    for (v1::Event& event : MinimalRegistry(2)) registry.push_back(Submit(std::move(event)));
    ASSERT_TRUE(stack_.Record(std::move(registry)).ok());
  }
  // Each kind of answer tells the same trouble, of what is projected up to `position`.
  void ExpectEveryAnswerTells(const std::string& words, uint64_t position) {
    EXPECT_TRUE(Eventually([&] { return !Ask().freshness().trouble().empty(); })) << "no trouble is told";
    v1::ExplainRequest explain;
    explain.set_place_id("23500");
    explain.set_period("2025-10");
    explain.set_scheme(v1::BHXH_TN);
    explain.set_counter(v1::COUNTER_FIRST);
    v1::WatchProgressRequest watched;
    watched.set_place_id("23500");
    watched.set_period("2025-10");
    const auto context = WithDeadline(absl::Seconds(30));
    const auto stub = stack_.ProgressStub();
    const auto watch = stub->WatchProgress(context.get(), watched);
    v1::WatchProgressResponse first;
    ASSERT_TRUE(watch->Read(&first));
    context->TryCancel();
    watch->Finish();
    const auto explained = stack_.Explain(explain);
    const auto status = stack_.ProjectionStatus();
    ASSERT_TRUE(explained.ok() && status.ok()) << explained.status() << status.status();
    for (const v1::Freshness& freshness :
         {Ask().freshness(), explained->freshness(), first.freshness(), status->freshness()}) {
      EXPECT_THAT(freshness.trouble(), HasSubstr(words));
      EXPECT_EQ(freshness.trouble(), status->trouble());
      EXPECT_EQ(freshness.position(), position);
    }
    // It grows from the moment on when ingest was heard of as the right one for the last time.
    EXPECT_TRUE(Eventually([&] { return Ask().freshness().heard_seconds_ago() > 1.5; }));
    EXPECT_TRUE(Eventually([&] { return stack_.projection().Metric("sothon_projection_heard_seconds") > 1.5; }));
    EXPECT_TRUE(Eventually([&] { return stack_.projection().Metric("sothon_projection_in_trouble") == 1; }));
    v1::RebuildResponse ignored;
    const grpc::Status rebuild = stub->Rebuild(WithDeadline(absl::Seconds(30)).get(), {}, &ignored);
    EXPECT_EQ(rebuild.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_THAT(rebuild.error_message(), HasSubstr(words));
  }
  v1::GetProgressResponse Ask() {
    v1::GetProgressRequest request;
    request.set_place_id("23500");
    request.set_period("2025-10");
    const auto answer = stack_.Progress(request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : v1::GetProgressResponse();
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
  RecordRegistry();
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
  ExpectEveryAnswerTells(StrCat("another event at position ", projected), projected);
  EXPECT_THAT(Ask().freshness().trouble(), HasSubstr("--rebuild"));

  stack_.projection().Kill();
  stack_.ingest().Kill();
  Copy(right, log);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  Record("BL-", 5);
  EXPECT_TRUE(stack_.AwaitProjected());
  EXPECT_TRUE(stack_.projection().AwaitServing());
  EXPECT_EQ(Ask().freshness().trouble(), "");
}

TEST_F(RestoredLogTest, WhenIngestIsGoneEveryAnswerSaysSinceWhenAndStopsWhenItIsBack) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  RecordRegistry();
  Record("BL-", 5);
  ASSERT_TRUE(stack_.AwaitProjected());
  const uint64_t projected = stack_.Projected();
  EXPECT_EQ(Ask().freshness().trouble(), "");
  EXPECT_LT(Ask().freshness().heard_seconds_ago(), 10);
  stack_.ingest().Kill();
  ExpectEveryAnswerTells("ingest has not answered since", projected);
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  EXPECT_TRUE(Eventually([&] { return Ask().freshness().trouble().empty(); }));
  EXPECT_TRUE(Eventually([&] { return stack_.projection().Metric("sothon_projection_in_trouble") == 0; }));
}

TEST_F(RestoredLogTest, PointedAtAnotherLogEveryAnswerNamesBoth) {
  ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
  RecordRegistry();
  Record("BL-", 5);
  ASSERT_TRUE(stack_.AwaitProjected());
  const uint64_t projected = stack_.Projected();
  stack_.projection().Kill();
  stack_.ingest().Kill();
  std::filesystem::remove_all(stack_.ingest().data_directory());
  stack_.ingest().SetConfig("[bus]\nenabled = false\n[log]\nid = \"other-log\"\nprovince_id = \"51\"\n");
  ASSERT_EQ(stack_.ingest().Start(), absl::OkStatus());
  RecordRegistry();
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  ExpectEveryAnswerTells("ingest serves the log \"other-log\"", projected);
  EXPECT_THAT(Ask().freshness().trouble(), HasSubstr("\"test-log\""));
  EXPECT_FALSE(stack_.projection().AwaitServing(true, absl::ZeroDuration()));
}

}  // namespace
}  // namespace sothon::testing
