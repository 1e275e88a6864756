// The worked example of the counting rules, through the real services: exact figures, as published and as known.
#include "tests/harness/worked_example.h"

#include "common/testing/event_builders.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/stack.h"

namespace sothon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class WorkedExampleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(stack_.StartAll());
    std::vector<v1::Submission> registry;
    for (v1::Event& event : MinimalRegistry(1)) registry.push_back(Submit(std::move(event)));
    const auto recorded = stack_.Record(std::move(registry));
    ASSERT_TRUE(recorded.ok()) << recorded.status();
    before_ = stack_.Head();
    for (const v1::Submission& row : WorkedExample()) {
      const auto taken = stack_.Record({row});
      ASSERT_TRUE(taken.ok()) << taken.status();
    }
    ASSERT_EQ(stack_.Head(), before_ + 10);
    ASSERT_TRUE(stack_.AwaitProjected());
  }

  // The month's row of the village, as of `position` (0: as known now).
  v1::Figures Month(int32_t month, uint64_t position) {
    v1::GetProgressRequest request;
    request.set_place_id(VillageId(1));
    request.set_period("2025Q4");
    request.add_schemes(v1::BHXH_TN);
    if (position != 0) request.mutable_as_of()->set_position(position);
    const auto progress = stack_.Progress(request);
    EXPECT_TRUE(progress.ok()) << progress.status();
    if (!progress.ok()) return {};
    EXPECT_EQ(progress->freshness().position(), position == 0 ? before_ + 10 : position);
    for (const v1::ProgressRow& row : progress->rows()) {
      if (row.span() == v1::ProgressRow::MONTH && row.month() == month && row.scheme() == v1::BHXH_TN) {
        return row.figures();
      }
    }
    ADD_FAILURE() << "no row of " << month;
    return {};
  }

  v1::ExplainRequest ExplainFirstOf(const std::string& period) {
    v1::ExplainRequest request;
    request.set_place_id(VillageId(1));
    request.set_period(period);
    request.set_scheme(v1::BHXH_TN);
    request.set_counter(v1::COUNTER_FIRST);
    return request;
  }
  std::vector<std::pair<uint64_t, int64_t>> Postings(const v1::ExplainResponse& explained) {
    std::vector<std::pair<uint64_t, int64_t>> postings;
    for (const v1::Posting& posting : explained.postings()) {
      postings.emplace_back(posting.position() - before_, posting.change());
    }
    return postings;
  }

  Stack stack_;
  // Where the registry ends and the example begins.
  uint64_t before_ = 0;
};

TEST_F(WorkedExampleTest, FiguresAtTheEndAsKnown) {
  const v1::Figures october = Month(202510, 0);
  EXPECT_EQ(october.first(), 3) << "A, B, E";
  EXPECT_EQ(october.returned(), 0);
  EXPECT_EQ(october.renewed(), 0);
  EXPECT_EQ(october.collected(), 3);
  EXPECT_EQ(october.active(), 3);
  const v1::Figures november = Month(202511, 0);
  EXPECT_EQ(november.first(), 0);
  EXPECT_EQ(november.returned(), 1) << "C";
  EXPECT_EQ(november.renewed(), 2) << "A, E";
  EXPECT_EQ(november.repeat(), 1) << "A";
  EXPECT_EQ(november.collected(), 3);
  EXPECT_EQ(november.active(), 4);
  EXPECT_EQ(Month(202512, 0).active(), 2);
}

TEST_F(WorkedExampleTest, FiguresAsPublishedAtPosition8) {
  EXPECT_EQ(Month(202510, before_ + 8).first(), 2);
  const v1::Figures november = Month(202511, before_ + 8);
  EXPECT_EQ(november.first(), 2) << "D, E";
  EXPECT_EQ(november.returned(), 1);
  EXPECT_EQ(november.renewed(), 1);
  EXPECT_EQ(november.repeat(), 1);
  EXPECT_EQ(november.collected(), 4);
}

TEST_F(WorkedExampleTest, ExplainOfNovembersFirst) {
  const auto now = stack_.Explain(ExplainFirstOf("2025-11"));
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->sum(), 0);
  EXPECT_EQ(now->posting_count(), 4u);
  EXPECT_THAT(Postings(*now), ElementsAre(Pair(6, +1), Pair(7, +1), Pair(9, -1), Pair(10, -1)))
      << "+1 E, +1 D, -1 D (reversal), -1 E (its October receipt came late)";

  v1::ExplainRequest then = ExplainFirstOf("2025-11");
  then.mutable_as_of()->set_position(before_ + 8);
  const auto published = stack_.Explain(then);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->sum(), 2);
  EXPECT_THAT(Postings(*published), ElementsAre(Pair(6, +1), Pair(7, +1)));
}

TEST_F(WorkedExampleTest, ARestartAndARebuildChangeNothing) {
  const auto before = stack_.Digests();
  ASSERT_TRUE(before.ok()) << before.status();
  stack_.projection().Kill();
  ASSERT_EQ(stack_.projection().Start(), absl::OkStatus());
  const auto restarted = stack_.Digests();
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->sha256(), before->sha256());
  v1::RebuildResponse rebuilt;
  const grpc::Status status =
      stack_.ProgressStub()->Rebuild(WithDeadline(absl::Minutes(1)).get(), v1::RebuildRequest(), &rebuilt);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(rebuilt.events(), before_ + 10);
  EXPECT_EQ(stack_.Digests()->sha256(), before->sha256());
  EXPECT_EQ(Month(202511, 0).renewed(), 2);
  EXPECT_EQ(Month(202511, before_ + 8).first(), 2);
}

}  // namespace
}  // namespace sothon::testing
