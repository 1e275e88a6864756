// Reading: ReadEvents and GetStatus over a real connection, and the service's start and end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/event/stored_event.h"
#include "ingest-service/testing/ingest_fixture.h"
#include "rocksdb/db.h"

namespace sothon::ingest::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST_F(IngestServiceTest, EventsAreReadByRangeByListAndByFilter) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1), Paid(2, "23500-02"), Paid(3)})).ok());
  const uint64_t first = registered_ + 1;
  v1::ReadEventsRequest request;
  request.set_from_position(first);
  EXPECT_THAT(ReadPositions(request), ElementsAre(first, first + 1, first + 2));
  request.set_to_position(first + 1);
  EXPECT_THAT(ReadPositions(request), ElementsAre(first, first + 1));
  request.Clear();
  request.add_positions(2);
  request.add_positions(first + 2);
  EXPECT_THAT(ReadPositions(request), ElementsAre(2, first + 2));
  request.Clear();
  request.add_kinds("contribution_recorded");
  request.set_place_id("23500-02");
  EXPECT_THAT(ReadPositions(request), ElementsAre(first + 1));
  request.set_place_id("51");
  EXPECT_THAT(ReadPositions(request), ElementsAre(first, first + 1, first + 2));
  request.Clear();
  request.add_kinds("place_registered");
  request.set_place_id("23500");
  EXPECT_THAT(ReadPositions(request), ElementsAre(2, 3, 4)) << "the commune and its villages";
  request.set_from_position(first);
  EXPECT_THAT(ReadPositions(request), IsEmpty());
}

TEST_F(IngestServiceTest, WhatWasTakenBackIsToldOnRequest) {
  RecordRegistry();
  const auto takes_back = [](const std::string& receipt) {
    return sothon::testing::Submit(sothon::testing::Reversal(receipt, 20251101));
  };
  for (const v1::Submission& each : {Paid(1), Paid(2), takes_back("BL-1"), Paid(3), takes_back("BL-3")}) {
    ASSERT_TRUE(Record(Request({each})).ok());
  }
  const uint64_t first = registered_ + 1;
  v1::ReadEventsRequest request;
  const auto told = [&] {
    const auto context = Context();
    const auto reader = stub_->ReadEvents(context.get(), request);
    std::map<uint64_t, uint64_t> reversed_by;
    v1::ReadEventsResponse message;
    while (reader->Read(&message)) {
      if (message.reversed_by_size() == 0) continue;
      EXPECT_EQ(message.reversed_by_size(), message.events_size());
      for (int i = 0; i < message.events_size(); ++i) {
        reversed_by[SplitStoredEvent(message.events(i))->position.value] = message.reversed_by(i);
      }
    }
    EXPECT_TRUE(reader->Finish().ok());
    return reversed_by;
  };
  for (uint64_t position = first; position < first + 5; ++position) request.add_positions(position);
  EXPECT_THAT(told(), IsEmpty());
  request.set_with_reversals(true);
  EXPECT_THAT(told(), ElementsAre(Pair(first, first + 2), Pair(first + 1, 0), Pair(first + 2, 0),
                                  Pair(first + 3, first + 4), Pair(first + 4, 0)));
  request.add_kinds("contribution_reversed");
  EXPECT_THAT(told(), ElementsAre(Pair(first + 2, 0), Pair(first + 4, 0)));
}

TEST_F(IngestServiceTest, StoredBytesArriveUnchangedAndAllOfThem) {
  RecordRegistry();
  for (uint64_t request = 0; request < 10; ++request) {
    std::vector<v1::Submission> submissions;
    for (uint64_t i = 0; i < 1'000; ++i) submissions.push_back(Paid(request * 1'000 + i + 1));
    ASSERT_TRUE(Record(Request(submissions)).ok());
  }
  std::vector<v1::Event> events;
  ASSERT_EQ(Read({}, &events), absl::OkStatus());  // several messages
  ASSERT_EQ(events.size(), registered_ + 10'000);
  for (size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i].position(), i + 1);
}

TEST_F(IngestServiceTest, ReadingWhatCannotBeIsRefused) {
  RecordRegistry();
  const auto refuse = [&](const std::function<void(v1::ReadEventsRequest*)>& fill) {
    v1::ReadEventsRequest request;
    fill(&request);
    std::vector<v1::Event> events;
    const absl::Status status = Read(request, &events);
    EXPECT_THAT(events, IsEmpty());
    return status.code();
  };
  const uint64_t head = Head();
  EXPECT_EQ(refuse([&](auto* r) { r->set_from_position(head + 2); }), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(refuse([&](auto* r) { r->set_from_position(head + 1); }), absl::StatusCode::kOk);
  EXPECT_EQ(refuse([&](auto* r) { r->add_positions(head + 1); }), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(refuse([](auto* r) { r->add_kinds("no_such_kind"); }), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refuse([](auto* r) { r->set_place_id("99999"); }), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refuse([](auto* r) { r->set_from_position(3), r->set_to_position(2); }),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refuse([](auto* r) { r->add_positions(2), r->add_positions(1); }), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refuse([](auto* r) { r->add_positions(1), r->set_follow(true); }), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refuse([](auto* r) { r->set_with_reversals(true); }), absl::StatusCode::kInvalidArgument);
}

TEST_F(IngestServiceTest, AFollowerGetsEachNewEventAndHeartbeatsBetween) {
  RecordRegistry();
  v1::ReadEventsRequest request;
  request.set_follow(true);
  const auto context = Context();
  const auto reader = stub_->ReadEvents(context.get(), request);
  v1::ReadEventsResponse message;
  uint64_t seen = 0;
  uint64_t heartbeats = 0;
  uint64_t recorded = 0;
  while ((recorded < 30 || heartbeats < 3 || seen < registered_ + recorded) && reader->Read(&message)) {
    for (const std::string& stored : message.events()) EXPECT_EQ(SplitStoredEvent(stored)->position.value, ++seen);
    EXPECT_GE(message.head_position(), seen);
    EXPECT_EQ(message.scanned_to_position(), seen);
    if (message.events().empty()) ++heartbeats;
    if (seen >= registered_ + recorded && recorded < 30) {
      ASSERT_TRUE(Record(Request({Paid(++recorded)})).ok());
    }
  }
  EXPECT_EQ(seen, registered_ + 30);
  context->TryCancel();
}

TEST_F(IngestServiceTest, AFollowerWithAFilterLearnsHowFarWasLookedAt) {
  RecordRegistry();
  v1::ReadEventsRequest request;
  request.set_follow(true);
  request.add_kinds("contribution_reversed");
  const auto context = Context();
  const auto reader = stub_->ReadEvents(context.get(), request);
  ASSERT_TRUE(Record(Request({Paid(1), Paid(2)})).ok());
  v1::ReadEventsResponse message;
  while (message.scanned_to_position() < registered_ + 2 && reader->Read(&message))
    EXPECT_TRUE(message.events().empty());
  EXPECT_EQ(message.scanned_to_position(), registered_ + 2);
  context->TryCancel();
}

TEST_F(IngestServiceTest, GoingDownEndsFollowersAndOpenStreams) {
  RecordRegistry();
  v1::ReadEventsRequest request;
  request.set_follow(true);
  const auto follow_context = Context();
  const auto follower = stub_->ReadEvents(follow_context.get(), request);
  const auto stream_context = Context();
  const std::unique_ptr<Stream> stream = stub_->RecordStream(stream_context.get());
  ASSERT_TRUE(stream->Write(Request({Paid(1)})));
  v1::RecordStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  const absl::Time began = absl::Now();
  server_->Stop();
  EXPECT_LT(absl::Now() - began, absl::Seconds(1)) << "nobody was in the middle of anything";
  server_->Stop();
  v1::ReadEventsResponse message;
  while (follower->Read(&message)) {
  }
  EXPECT_EQ(follower->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_FALSE(stream->Finish().ok());
  Start();
  EXPECT_EQ(Head(), registered_ + 1);
}

// What the newest events name must be in the vault, or have been erased from it.
TEST_F(IngestServiceTest, AVaultOlderThanTheLogIsNotServedWith) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1)})).ok());
  const std::string vault = config_.data_directory + "/vault";
  const std::string backup = directory_.Path("backup");
  server_.reset();
  std::filesystem::copy(vault, backup, std::filesystem::copy_options::recursive);
  Start();
  ASSERT_TRUE(Record(Request({Paid(2)})).ok());
  std::vector<v1::Event> events;
  ASSERT_EQ(Read({}, &events), absl::OkStatus());
  server_.reset();
  const auto restore = [&] {
    std::filesystem::remove_all(vault);
    std::filesystem::copy(backup, vault, std::filesystem::copy_options::recursive);
  };
  restore();
  const absl::Status refused = IngestServer::Start(config_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << refused;
  EXPECT_THAT(refused.ToString(), HasSubstr(StrCat("position ", registered_ + 2, " ")));
  EXPECT_THAT(refused.ToString(), HasSubstr(vault));
  EXPECT_THAT(refused.ToString(), HasSubstr("restore the newest backup of the vault"));

  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, vault, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  ASSERT_TRUE(db->Put({}, "F" + events.back().contribution_recorded().subject_id(), "").ok());
  ASSERT_TRUE(db->Close().ok());
  Start();
  EXPECT_EQ(Head(), registered_ + 2);
}

TEST_F(IngestServiceTest, StatusTellsWhoThisIsAndTheLimits) {
  RecordRegistry();
  v1::GetStatusResponse status;
  ASSERT_TRUE(stub_->GetStatus(Context().get(), {}, &status).ok());
  EXPECT_EQ(status.log_id(), "test");
  EXPECT_EQ(status.head_position(), registered_);
  EXPECT_GT(status.head_recorded_at_us(), 0);
  EXPECT_EQ(status.limits().events_per_request_max(), 1'000u);
  EXPECT_EQ(status.limits().event_bytes_max(), 65'535u);
  EXPECT_EQ(status.trouble(), "");
  EXPECT_FALSE(status.version().empty());
}

TEST_F(IngestServiceTest, AConfigurationThatCannotBeIsRefused) {
  server_.reset();
  const auto refused = [&](const std::function<void(IngestConfig*)>& change) {
    IngestConfig config = config_;
    change(&config);
    return std::string(IngestServer::Start(config).status().message());
  };
  EXPECT_THAT(refused([](auto* c) { c->log_id = ""; }), HasSubstr("log.id"));
  EXPECT_THAT(refused([](auto* c) { c->province_id = "5"; }), HasSubstr("log.province_id"));
  EXPECT_THAT(refused([](auto* c) { c->data_directory = ""; }), HasSubstr("data.directory"));
  EXPECT_THAT(refused([](auto* c) { c->log_id = "other"; }), HasSubstr("is log test"));
}

}  // namespace
}  // namespace sothon::ingest::testing
