// The service over a real gRPC connection, with a log in memory.
#include "projection-service/service/progress_service.h"

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using ::testing::HasSubstr;

class ProgressServiceTest : public ::testing::Test {
 protected:
  void Start(ServiceParts parts = {}) {
    ProjectionOptions options;
    options.data_directory = dir_.path();
    projection_ = *Projection::Open(std::move(options));
    parts.projection = projection_.get();
    parts.log = &log_;
    parts.version = "test";
    service_ = std::make_unique<ProgressService>(std::move(parts));
    rpc_ = *RpcServer::Start({.address = "127.0.0.1:0"}, {service_.get()});
    const std::string address = "127.0.0.1:" + std::to_string(rpc_->port());
    stub_ = v1::ProgressService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  }

  void TearDown() override {
    service_->Stop();
    projection_->notifier().Stop();
    rpc_->Stop();
  }

  // A deadline on every call, so that a failure is not a hang.
  static std::unique_ptr<grpc::ClientContext> Context(absl::Duration limit = absl::Seconds(20)) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(absl::ToChronoTime(absl::Now() + limit));
    return context;
  }

  absl::Status GetProgress(const v1::GetProgressRequest& request, v1::GetProgressResponse* response,
                           absl::Duration limit = absl::Seconds(20)) {
    return FromGrpc(stub_->GetProgress(Context(limit).get(), request, response));
  }

  static v1::GetProgressRequest Ask(const std::string& place, uint64_t min_position = 0) {
    v1::GetProgressRequest request;
    request.set_place_id(place);
    request.set_period("2025Q4");
    request.set_min_position(min_position);
    return request;
  }

  sothon::testing::TempDir dir_;
  testing::FakeLog log_;
  std::unique_ptr<Projection> projection_;
  std::unique_ptr<ProgressService> service_;
  std::unique_ptr<RpcServer> rpc_;
  std::unique_ptr<v1::ProgressService::Stub> stub_;
};

TEST_F(ProgressServiceTest, AnswersAndRefusesByTheContract) {
  log_ = testing::MakeWorkedExample().log;
  Start();
  ASSERT_TRUE(log_.FeedAll(projection_.get()).ok());
  v1::GetProgressResponse response;
  ASSERT_TRUE(GetProgress(Ask("23500"), &response).ok());
  EXPECT_EQ(response.freshness().position(), log_.size());
  EXPECT_GT(response.rows_size(), 0);
  EXPECT_EQ(GetProgress(Ask("99999"), &response).code(), absl::StatusCode::kNotFound);
  v1::GetProgressRequest bad = Ask("23500");
  bad.set_period("2025-13");
  const absl::Status refused = GetProgress(bad, &response);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(FieldViolationsOf(refused).size(), 1u);
  EXPECT_EQ(FieldViolationsOf(refused)[0].field, "period");

  v1::ListPlacesResponse places;
  ASSERT_TRUE(stub_->ListPlaces(Context().get(), {}, &places).ok());
  ASSERT_EQ(places.places_size(), 3);
  EXPECT_EQ(places.places(2).place_id(), "23500-01");
  EXPECT_EQ(places.places(2).parent_place_id(), "23500");
  v1::GetProjectionStatusResponse status;
  ASSERT_TRUE(stub_->GetProjectionStatus(Context().get(), {}, &status).ok());
  EXPECT_EQ(status.participants(), 5u);
  EXPECT_EQ(status.version(), "test");
  EXPECT_EQ(status.trouble(), "");
  v1::GetDigestsResponse digests;
  ASSERT_TRUE(stub_->GetDigests(Context().get(), {}, &digests).ok());
  EXPECT_EQ(digests.sha256().size(), 32u);
}

TEST_F(ProgressServiceTest, AReadOfOnesOwnWriteWaitsForIt) {
  log_ = testing::MakeWorkedExample().log;
  Start();
  ASSERT_TRUE(log_.Feed(projection_.get(), 1, 8).ok());
  absl::Notification answered;
  v1::GetProgressResponse response;
  absl::Status status;
  std::thread reader([&] {
    status = GetProgress(Ask("23500", 10), &response);
    answered.Notify();
  });
  ASSERT_TRUE(log_.Feed(projection_.get(), 9, 9).ok());
  EXPECT_FALSE(answered.HasBeenNotified());
  ASSERT_TRUE(log_.Feed(projection_.get(), 10, 10).ok());
  reader.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_GE(response.freshness().position(), 10u);
}

TEST_F(ProgressServiceTest, AWaitEndsWithTheServersLimit) {
  ServiceParts parts;
  parts.wait_max = absl::Milliseconds(20);
  log_ = testing::MakeWorkedExample().log;
  Start(parts);
  ASSERT_TRUE(log_.Feed(projection_.get(), 1, 8).ok());
  v1::GetProgressResponse response;
  const absl::Status status = GetProgress(Ask("23500", 9), &response);
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the projection is at 8"));
}

TEST_F(ProgressServiceTest, ExplainStreamsEverythingInMessages) {
  log_.AddAll(sothon::testing::MinimalRegistry(2));
  for (uint64_t person = 1; person <= 2'500; ++person) {
    sothon::testing::ContributionSpec spec;
    spec.person = person;
    spec.receipt = "BL-" + std::to_string(person);
    spec.place_id = person % 2 == 0 ? "23500-01" : "23500-02";
    log_.Add(sothon::testing::Contribution(spec));
  }
  Start();
  ASSERT_TRUE(log_.FeedAll(projection_.get()).ok());
  v1::ExplainRequest request;
  request.set_place_id("23500");
  request.set_period("2025-10");
  request.set_scheme(v1::BHXH_TN);
  request.set_counter(v1::COUNTER_FIRST);
  const auto context = Context();
  const auto reader = stub_->Explain(context.get(), request);
  v1::ExplainResponse message;
  std::vector<int> sizes;
  uint64_t last = 0;
  while (reader->Read(&message)) {
    if (sizes.empty()) {
      EXPECT_EQ(message.sum(), 2'500);
      EXPECT_EQ(message.posting_count(), 2'500u);
      EXPECT_EQ(message.freshness().position(), log_.size());
    }
    sizes.push_back(message.postings_size());
    for (const v1::Posting& posting : message.postings()) {
      EXPECT_GT(posting.position(), last);
      last = posting.position();
    }
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_THAT(sizes, ::testing::ElementsAre(1'000, 1'000, 500));

  // A figure without postings comes as one message with its sum.
  request.set_counter(v1::COUNTER_RETURNED);
  const auto none_context = Context();
  const auto none = stub_->Explain(none_context.get(), request);
  ASSERT_TRUE(none->Read(&message));
  EXPECT_EQ(message.sum(), 0);
  EXPECT_FALSE(none->Read(&message));
  EXPECT_TRUE(none->Finish().ok());
}

TEST_F(ProgressServiceTest, WatchersAreToldWhatChangesAndCanBeCutOff) {
  const testing::WorkedExample example = testing::MakeWorkedExample();
  log_ = example.log;
  ServiceParts parts;
  parts.watchers_max = 1;
  Start(parts);
  ASSERT_TRUE(log_.Feed(projection_.get(), 1, example.before + 2).ok());
  v1::WatchProgressRequest request;
  request.set_place_id("23500");
  request.set_period("2025-10");
  auto context = Context();
  auto watch = stub_->WatchProgress(context.get(), request);
  v1::WatchProgressResponse message;
  ASSERT_TRUE(watch->Read(&message));
  ASSERT_EQ(message.changes_size(), 1);
  EXPECT_EQ(message.changes(0).figures().first(), 1);

  const auto second_context = Context();
  const auto second = stub_->WatchProgress(second_context.get(), request);
  EXPECT_FALSE(second->Read(&message));
  EXPECT_EQ(second->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);

  ASSERT_TRUE(log_.Feed(projection_.get(), example.before + 3, example.before + 3).ok());
  ASSERT_TRUE(watch->Read(&message));
  ASSERT_EQ(message.changes_size(), 1);
  EXPECT_EQ(message.changes(0).figures().first(), 2);
  const uint64_t resume_from = message.freshness().position();
  EXPECT_EQ(resume_from, example.before + 3);
  context->TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);

  ASSERT_TRUE(log_.Feed(projection_.get(), example.before + 4, log_.size()).ok());
  request.set_from_position(resume_from);
  // The place of the one that was cut off is free as soon as the server has noticed.
  grpc::Status refused;
  do {
    context = Context();
    watch = stub_->WatchProgress(context.get(), request);
    if (watch->Read(&message)) break;
    refused = watch->Finish();
  } while (refused.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(message.freshness().position(), log_.size());
  EXPECT_EQ(message.changes(0).figures().first(), 3);

  projection_->notifier().Stop();
  EXPECT_FALSE(watch->Read(&message));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ProgressServiceTest, TroubleIsInEveryAnswerAndToldToWatchersWhenItComesAndGoes) {
  log_ = testing::MakeWorkedExample().log;
  ServiceParts parts;
  parts.bus_trouble = [] { return std::string("no bus"); };
  Start(parts);
  ASSERT_TRUE(log_.FeedAll(projection_.get()).ok());
  v1::WatchProgressRequest request;
  request.set_place_id("23500");
  request.set_period("2025Q4");
  const auto context = Context();
  const auto watch = stub_->WatchProgress(context.get(), request);
  v1::WatchProgressResponse message;
  ASSERT_TRUE(watch->Read(&message));
  EXPECT_GT(message.changes_size(), 0);
  for (const std::string trouble : {"the log has another event", "the disk is full", ""}) {
    projection_->NoteTrouble(trouble);
    projection_->NoteTrouble(trouble);  // no news
    ASSERT_TRUE(watch->Read(&message));
    EXPECT_EQ(message.freshness().trouble(), trouble);
    EXPECT_EQ(message.freshness().position(), log_.size()) << "resuming from it misses nothing";
    EXPECT_EQ(message.changes_size(), 0);

    v1::GetProgressResponse progress;
    ASSERT_TRUE(GetProgress(Ask("23500"), &progress).ok());
    EXPECT_EQ(progress.freshness().trouble(), trouble);
    v1::ExplainRequest explain;
    explain.set_place_id("23500");
    explain.set_period("2025Q4");
    explain.set_scheme(v1::BHXH_TN);
    explain.set_counter(v1::COUNTER_FIRST);
    const auto explain_context = Context();
    v1::ExplainResponse postings;
    const auto reader = stub_->Explain(explain_context.get(), explain);
    ASSERT_TRUE(reader->Read(&postings));
    EXPECT_EQ(postings.freshness().trouble(), trouble);
    EXPECT_FALSE(reader->Read(&postings));
    EXPECT_TRUE(reader->Finish().ok());
    v1::GetProjectionStatusResponse status;
    ASSERT_TRUE(stub_->GetProjectionStatus(Context().get(), {}, &status).ok());
    EXPECT_EQ(status.freshness().trouble(), trouble);
    EXPECT_EQ(status.trouble(), trouble.empty() ? "no bus" : trouble);
  }
  context->TryCancel();
  watch->Finish();
}

TEST_F(ProgressServiceTest, RebuildsOneAtATime) {
  log_ = testing::MakeRandomLog(7, 500);
  Start();
  ASSERT_TRUE(log_.Feed(projection_.get(), 1, log_.size(), 50).ok());
  absl::Notification begun, go_on;
  log_.before_visit = [&] {
    if (begun.HasBeenNotified()) return;
    begun.Notify();
    go_on.WaitForNotification();
  };
  grpc::Status first;
  v1::RebuildResponse response;
  std::thread rebuild([&] { first = stub_->Rebuild(Context().get(), {}, &response); });
  begun.WaitForNotification();
  v1::RebuildResponse ignored;
  EXPECT_EQ(stub_->Rebuild(Context().get(), {}, &ignored).error_code(), grpc::StatusCode::ABORTED);
  v1::GetProgressResponse meanwhile;
  EXPECT_TRUE(GetProgress(Ask("23500"), &meanwhile).ok());
  go_on.Notify();
  rebuild.join();
  EXPECT_TRUE(first.ok()) << first.error_message();
  EXPECT_EQ(response.events(), log_.size());
  EXPECT_GT(response.cells_compared(), 0u);
}

}  // namespace
}  // namespace sothon::projection
