// The client end of RecordStream: every submission is settled exactly once, whatever the service does in between.
#include "cli/import/record_pipeline.h"

#include <map>

#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

v1::Submission Collection(int number) {
  v1::Submission submission;
  submission.mutable_identity()->set_citizen_number(StrCat("000", 100'000'000 + number));
  v1::Event* event = submission.mutable_event();
  event->set_event_id(StrCat("e", number));
  event->set_effective_date(20251017);
  event->mutable_contribution_recorded()->set_agency_id("A");
  event->mutable_contribution_recorded()->set_receipt_number(StrCat("R", number));
  event->mutable_contribution_recorded()->set_paid_vnd(1000 + number);
  return submission;
}

class Pipeline : public ::testing::Test {
 protected:
  Pipeline() : stub_(fake_.NewStub()) {
    options_.batch_submissions_max = 10;
    options_.batches_in_flight_max = 4;
    options_.sleep = [this](absl::Duration pause) {
      slept_ += pause;
      absl::SleepFor(absl::Milliseconds(1));
    };
  }

  absl::Status Run(int count) { return Run(0, count); }
  absl::Status Run(int first, int count) {
    int next = first;
    RecordPipeline::Callbacks callbacks;
    callbacks.next = [&]() -> std::optional<RecordPipeline::Item> {
      if (next >= first + count) return std::nullopt;
      const int number = next++;
      return RecordPipeline::Item{static_cast<uint64_t>(number), Collection(number)};
    };
    callbacks.settled = [this](const RecordPipeline::Item& item, const v1::Receipt& receipt) {
      ++settled_[item.ordinal];
      duplicates_ += receipt.duplicate() ? 1 : 0;
    };
    callbacks.refused = [this](const RecordPipeline::Item& item, const absl::Status& why) {
      refused_[item.ordinal] = why;
    };
    callbacks.retrying = [this](const absl::Status& why, int) { retries_.push_back(why); };
    return RecordPipeline(stub_.get(), options_, std::move(callbacks)).Run();
  }

  void ExpectEachSettledOnce(int count) {
    EXPECT_EQ(settled_.size() + refused_.size(), static_cast<size_t>(count));
    for (const auto& [ordinal, times] : settled_) EXPECT_EQ(times, 1) << ordinal;
    std::map<std::string, int> recorded;
    for (const v1::Event& event : fake_.events()) ++recorded[event.event_id()];
    EXPECT_EQ(recorded.size(), settled_.size());
    for (const auto& [id, times] : recorded) EXPECT_EQ(times, 1) << id;
  }

  FakeIngest fake_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  PipelineOptions options_;
  std::map<uint64_t, int> settled_;
  std::map<uint64_t, absl::Status> refused_;
  std::vector<absl::Status> retries_;
  absl::Duration slept_;
  int duplicates_ = 0;
};

TEST_F(Pipeline, RecordsEverythingInOrderAndInBatches) {
  ASSERT_TRUE(Run(95).ok());
  ExpectEachSettledOnce(95);
  const auto events = fake_.events();
  for (int i = 0; i < 95; ++i) EXPECT_EQ(events[static_cast<size_t>(i)].event_id(), StrCat("e", i));
  EXPECT_EQ(fake_.request_sizes().size(), 10u);
  EXPECT_EQ(fake_.streams(), 1);
}

TEST_F(Pipeline, NothingToSendIsDoneAtOnce) {
  EXPECT_TRUE(Run(0).ok());
  EXPECT_TRUE(fake_.events().empty());
}

TEST_F(Pipeline, SendingTwiceRecordsOnce) {
  ASSERT_TRUE(Run(50).ok());
  settled_.clear();
  ASSERT_TRUE(Run(50).ok());
  ExpectEachSettledOnce(50);
  EXPECT_EQ(duplicates_, 50);
}

TEST_F(Pipeline, ARefusalCostsOnlyTheSubmissionsItNames) {
  fake_.SetCheck([](const v1::RecordRequest& request) {
    std::vector<FieldViolation> violations;
    for (int i = 0; i < request.submissions_size(); ++i) {
      const std::string& id = request.submissions(i).event().event_id();
      if (id.back() != '3' && id != "e17") continue;
      violations.push_back({StrCat("submissions[", i, "].event.place_id"), StrCat("no such place for ", id)});
    }
    return violations.empty() ? absl::OkStatus() : BadRequest(violations);
  });
  ASSERT_TRUE(Run(60).ok());
  ExpectEachSettledOnce(60);
  EXPECT_EQ(refused_.size(), 7u);
  const auto violations = FieldViolationsOf(refused_[17]);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "event.place_id");
  EXPECT_EQ(violations[0].description, "no such place for e17");
}

TEST_F(Pipeline, AConflictIsTheRefusalOfOneSubmission) {
  v1::RecordRequest request;
  *request.add_submissions() = Collection(25);
  request.mutable_submissions(0)->mutable_event()->mutable_contribution_recorded()->set_paid_vnd(7);
  grpc::ClientContext context;
  v1::RecordResponse response;
  ASSERT_TRUE(stub_->Record(&context, request, &response).ok());
  ASSERT_TRUE(Run(40).ok());
  EXPECT_EQ(settled_.size(), 39u);
  ASSERT_EQ(refused_.count(25), 1u);
  EXPECT_EQ(refused_[25].code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ErrorInfoOf(refused_[25]).metadata().at("position"), "1");
}

TEST_F(Pipeline, ARefusalThatNamesNobodyIsNarrowedDown) {
  fake_.SetCheck([](const v1::RecordRequest& request) {
    for (const auto& submission : request.submissions()) {
      if (submission.event().event_id() == "e21") return absl::InvalidArgumentError("something is wrong");
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(Run(40).ok());
  ExpectEachSettledOnce(40);
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_.begin()->first, 21u);
}

TEST_F(Pipeline, ABrokenStreamIsOpenedAgainAndEverythingUnansweredSentAgain) {
  fake_.BreakStreams(/*requests=*/2, /*times=*/5);
  ASSERT_TRUE(Run(200).ok());
  ExpectEachSettledOnce(200);
  EXPECT_EQ(retries_.size(), 5u);
  EXPECT_GT(duplicates_, 0);  // recorded, but their answers were lost
  const auto events = fake_.events();
  for (int i = 0; i < 200; ++i) EXPECT_EQ(events[static_cast<size_t>(i)].event_id(), StrCat("e", i)) << "order kept";
}

TEST_F(Pipeline, ABusyServiceIsAskedAgainWithSmallerBatches) {
  fake_.SetCheck([](const v1::RecordRequest& request) {
    return request.submissions_size() > 3 ? absl::ResourceExhaustedError("over the limit") : absl::OkStatus();
  });
  ASSERT_TRUE(Run(30).ok());
  ExpectEachSettledOnce(30);
  EXPECT_FALSE(retries_.empty());
}

TEST_F(Pipeline, AServiceThatIsAwayTooLongIsGivenUpOn) {
  fake_.Stop();
  options_.retry_for = absl::Milliseconds(50);
  const absl::Status status = Run(10);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("gave up after"));
  EXPECT_TRUE(settled_.empty());
  EXPECT_FALSE(retries_.empty());
}

TEST_F(Pipeline, AStalledStreamIsBrokenOff) {
  fake_.Stall(1);
  options_.stall_after = absl::Milliseconds(100);
  ASSERT_TRUE(Run(20).ok());
  ExpectEachSettledOnce(20);
  ASSERT_EQ(retries_.size(), 1u);
  EXPECT_THAT(std::string(retries_[0].message()), HasSubstr("did not answer"));
  EXPECT_EQ(fake_.streams(), 2);
}

TEST_F(Pipeline, ErrorsThatNoRetryMendsEndIt) {
  fake_.SetCheck([](const v1::RecordRequest&) { return absl::PermissionDeniedError("not yours"); });
  const absl::Status status = Run(10);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(settled_.empty());
}

TEST_F(Pipeline, OneEventIdNeverStandsTwiceInABatch) {
  int calls = 0;
  RecordPipeline::Callbacks callbacks;
  callbacks.next = [&]() -> std::optional<RecordPipeline::Item> {
    if (calls >= 6) return std::nullopt;
    return RecordPipeline::Item{static_cast<uint64_t>(calls), Collection(calls++ / 2)};
  };
  callbacks.settled = [this](const RecordPipeline::Item& item, const v1::Receipt& receipt) {
    ++settled_[item.ordinal];
    duplicates_ += receipt.duplicate() ? 1 : 0;
  };
  callbacks.refused = [](const RecordPipeline::Item&, const absl::Status&) { FAIL(); };
  ASSERT_TRUE(RecordPipeline(stub_.get(), options_, std::move(callbacks)).Run().ok());
  EXPECT_EQ(settled_.size(), 6u);
  EXPECT_EQ(duplicates_, 3);
  EXPECT_EQ(fake_.events().size(), 3u);
}

TEST_F(Pipeline, ValidateOnlyRecordsNothing) {
  options_.validate_only = true;
  ASSERT_TRUE(Run(25).ok());
  EXPECT_EQ(settled_.size(), 25u);
  EXPECT_TRUE(fake_.events().empty());
}

}  // namespace
}  // namespace sothon::cli
