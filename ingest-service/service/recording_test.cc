// Recording: Record and RecordStream over a real connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "common/rpc/wire.h"
#include "grpcpp/generic/generic_stub.h"
#include "ingest-service/testing/ingest_fixture.h"

namespace sothon::ingest::testing {
namespace {

using sothon::testing::Submit;
using ::testing::HasSubstr;

TEST_F(IngestServiceTest, RecordsOnceHoweverOftenItIsSent) {
  RecordRegistry();
  for (int round = 0; round < 3; ++round) {
    const auto response = Record(Request({Paid(1), Paid(2)}));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->log_id(), "test");
    ASSERT_EQ(response->receipts_size(), 2);
    EXPECT_EQ(response->receipts(1).position(), registered_ + 2);
    EXPECT_EQ(response->receipts(1).duplicate(), round > 0);
    if (round == 1) Start();
  }
  EXPECT_EQ(Head(), registered_ + 2);
}

TEST_F(IngestServiceTest, ARefusalNamesFieldsAndRecordsNothing) {
  RecordRegistry();
  v1::RecordRequest request = Request({Paid(1), Paid(2), Paid(3, "23500-99")});
  request.mutable_submissions(1)->mutable_event()->mutable_contribution_recorded()->set_months(61);
  const auto response = Record(request);
  EXPECT_EQ(response.status().code(), absl::StatusCode::kInvalidArgument);
  const auto violations = FieldViolationsOf(response.status());
  ASSERT_EQ(violations.size(), 2u) << response.status();
  EXPECT_EQ(violations[0].field, "submissions[1].event.contribution_recorded.months");
  EXPECT_EQ(violations[1].field, "submissions[2].event.place_id");
  EXPECT_EQ(Head(), registered_);
}

TEST_F(IngestServiceTest, AConflictNamesTheEarlierEvent) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1)})).ok());
  v1::Submission other = Paid(1);
  other.mutable_event()->set_note("something else");
  const auto response = Record(Request({Paid(2), other}));
  EXPECT_EQ(response.status().code(), absl::StatusCode::kAlreadyExists);
  const auto info = ErrorInfoOf(response.status());
  EXPECT_EQ(info.reason(), "EVENT_ID_REUSED");
  EXPECT_EQ(info.metadata().at("position"), std::to_string(registered_ + 1));
  EXPECT_EQ(info.metadata().at("submission"), "1");
}

TEST_F(IngestServiceTest, ValidatingSaysTheSameAndRecordsNothing) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1)})).ok());
  v1::RecordRequest request = Request({Paid(1), Paid(2)});
  request.set_validate_only(true);
  const auto response = Record(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->receipts(0).duplicate());
  EXPECT_EQ(response->receipts(0).position(), registered_ + 1);
  EXPECT_FALSE(response->receipts(1).duplicate());
  EXPECT_EQ(response->receipts(1).position(), 0u);
  EXPECT_EQ(Head(), registered_ + 1);
}

TEST_F(IngestServiceTest, ARepeatedRequestGetsItsFirstReceiptsAfterLimitsWereTightened) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1), Paid(2)})).ok());
  config_.intake.collection_date_min = 20251101;
  Start();
  const auto response = Record(Request({Paid(1), Paid(2)}));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->receipts(0).position(), registered_ + 1);
  EXPECT_TRUE(response->receipts(1).duplicate());
  const auto context = Context();
  const std::unique_ptr<Stream> stream = stub_->RecordStream(context.get());
  ASSERT_TRUE(stream->Write(Request({Paid(2)}, 7)));
  ASSERT_TRUE(stream->Write(Request({Paid(3)}, 8)));
  v1::RecordStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  ASSERT_EQ(answer.receipts_size(), 1) << answer.error().message();
  EXPECT_EQ(answer.receipts(0).position(), registered_ + 2);
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(FromProto(answer.error()).code(), absl::StatusCode::kInvalidArgument);
  context->TryCancel();
}

// Two numbers that stood side by side only in a refused request are not one person's.
TEST_F(IngestServiceTest, ARefusedRequestLinksNoNumbers) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1)})).ok());
  for (const bool met_before : {false, true}) {
    const uint64_t person = met_before ? 2 : 3;
    if (met_before) {
      ASSERT_TRUE(Record(Request({Paid(person)})).ok());
    }
    v1::Submission wrong = Paid(10 * person);
    *wrong.mutable_identity() = Paid(person).identity();
    wrong.mutable_identity()->set_social_insurance_number(met_before ? "0000000009" : "0000000008");
    v1::Submission refused = wrong;
    refused.mutable_event()->mutable_contribution_recorded()->set_receipt_number("BL-1");
    EXPECT_EQ(ErrorInfoOf(Record(Request({refused})).status()).reason(), "RECEIPT_REUSED");
    v1::Submission right = wrong;
    right.mutable_identity()->set_social_insurance_number(met_before ? "0000000019" : "0000000018");
    const auto recorded = Record(Request({right}));
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    // And what is recorded is linked, also after a start.
    Start();
    wrong.mutable_event()->set_event_id(StrCat("other-", person));
    wrong.mutable_event()->mutable_contribution_recorded()->set_receipt_number(StrCat("other-", person));
    const auto violations = FieldViolationsOf(Record(Request({wrong})).status());
    ASSERT_EQ(violations.size(), 1u);
    EXPECT_EQ(violations[0].field, "submissions[0].identity");
  }
}

TEST_F(IngestServiceTest, NoNumberOfAPersonGetsIntoTheLog) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(7)})).ok());
  std::vector<v1::Event> events;
  ASSERT_EQ(Read({}, &events), absl::OkStatus());
  for (const v1::Event& event : events) {
    EXPECT_THAT(event.SerializeAsString(), ::testing::Not(HasSubstr(sothon::testing::CitizenNumberOf(7))));
  }
}

TEST_F(IngestServiceTest, TextThatIsNotUtf8IsRefusedByTheNameOfItsField) {
  RecordRegistry();
  grpc::GenericStub generic(channel_);
  grpc::CompletionQueue queue;
  const auto context = Context();
  auto call =
      generic.PrepareUnaryCall(context.get(), "/sothon.v1.IngestService/Record", ToByteBuffer(WithBadNote()), &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto violations = FieldViolationsOf(FromGrpc(status));
  ASSERT_EQ(violations.size(), 1u) << status.error_message();
  EXPECT_EQ(violations[0].field, "submissions[1].event.note");
}

TEST_F(IngestServiceTest, AnOversizedRequestIsRefusedByTheNameOfTheLimit) {
  config_.intake.request_bytes_max = 2'000;
  Start();
  v1::RecordRequest request = Request({Paid(1)});
  request.mutable_submissions(0)->mutable_event()->set_note(std::string(2'000, 'n'));
  const auto response = Record(request);
  EXPECT_EQ(response.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(response.status().ToString(), HasSubstr("limits.request_bytes_max"));
}

TEST_F(IngestServiceTest, AStreamAnswersEachRequestInOrderAndGoesOnAfterARefusal) {
  RecordRegistry();
  const auto context = Context();
  const std::unique_ptr<Stream> stream = stub_->RecordStream(context.get());
  constexpr uint64_t kRequests = 200;
  std::thread writer([&] {
    for (uint64_t i = 1; i <= kRequests; ++i) {
      const std::string place = i % 10 == 0 ? "23500-99" : "23500-01";
      EXPECT_TRUE(stream->Write(Request({Paid(2 * i, place), Paid(2 * i + 1)}, i)));
    }
    stream->WritesDone();
  });
  uint64_t position = registered_ + 1;
  v1::RecordStreamResponse answer;
  for (uint64_t i = 1; i <= kRequests; ++i) {
    ASSERT_TRUE(stream->Read(&answer)) << i;
    EXPECT_EQ(answer.request_id(), i);
    EXPECT_EQ(answer.has_error(), i % 10 == 0);
    if (answer.has_error()) {
      EXPECT_EQ(FieldViolationsOf(FromProto(answer.error())).front().field, "submissions[0].event.place_id");
      continue;
    }
    EXPECT_EQ(answer.first_position(), position);
    EXPECT_EQ(answer.receipts_size(), 0);
    position += 2;
  }
  EXPECT_FALSE(stream->Read(&answer));
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(IngestServiceTest, AStreamTellsDuplicatesOneByOne) {
  RecordRegistry();
  ASSERT_TRUE(Record(Request({Paid(1)})).ok());
  const auto context = Context();
  const std::unique_ptr<Stream> stream = stub_->RecordStream(context.get());
  ASSERT_TRUE(stream->Write(Request({Paid(1), Paid(2)}, 5)));
  v1::RecordStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.first_position(), 0u);
  ASSERT_EQ(answer.receipts_size(), 2);
  EXPECT_TRUE(answer.receipts(0).duplicate());
  EXPECT_EQ(answer.receipts(1).position(), registered_ + 2);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

// Sent without waiting: each request rests on what the one before it registers or records.
TEST_F(IngestServiceTest, ARequestMayRestOnThoseBeforeItInTheStream) {
  const auto context = Context();
  const std::unique_ptr<Stream> stream = stub_->RecordStream(context.get());
  ASSERT_TRUE(stream->Write(RegistryRequest(2)));
  ASSERT_TRUE(stream->Write(Request({Submit(sothon::testing::Village(3, "Thôn 3"))})));
  ASSERT_TRUE(stream->Write(Request({Paid(1, "23500-03")})));
  ASSERT_TRUE(stream->Write(Request({Submit(sothon::testing::Reversal("BL-1", 20251101))})));
  ASSERT_TRUE(stream->Write(Request({Paid(2, "23500-04")})));
  stream->WritesDone();
  v1::RecordStreamResponse answer;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(stream->Read(&answer)) << i;
    EXPECT_FALSE(answer.has_error()) << i << ": " << answer.error().message();
  }
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_TRUE(answer.has_error()) << "that village is registered nowhere";
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(IngestServiceTest, AStreamSurvivesAMessageThatIsNone) {
  RecordRegistry();
  grpc::GenericStub generic(channel_);
  grpc::CompletionQueue queue;
  const auto context = Context();
  auto call = generic.PrepareCall(context.get(), "/sothon.v1.IngestService/RecordStream", &queue);
  const auto await = [&] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto exchange = [&](const std::string& bytes) {
    call->Write(ToByteBuffer(bytes), nullptr);
    EXPECT_TRUE(await());
    grpc::ByteBuffer read;
    call->Read(&read, nullptr);
    EXPECT_TRUE(await());
    v1::RecordStreamResponse answer;
    EXPECT_TRUE(ParseMessage(read, &answer).ok());
    return answer;
  };
  call->StartCall(nullptr);
  ASSERT_TRUE(await());
  EXPECT_THAT(exchange(WithBadNote()).error().message(), HasSubstr("submissions[1].event.note"));
  EXPECT_THAT(exchange("\x0a\xffgarbage").error().message(), HasSubstr("no sothon.v1.RecordRequest"));
  EXPECT_EQ(exchange(Request({Paid(1)}, 3).SerializeAsString()).first_position(), registered_ + 1);
  context->TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  await();
}

TEST_F(IngestServiceTest, AStreamOverItsBytesInFlightWaitsAndLosesNothing) {
  config_.client_in_flight_bytes_max = 1'024;
  Start();
  RecordRegistry();
  const auto context = Context();
  const std::unique_ptr<Stream> stream = stub_->RecordStream(context.get());
  constexpr uint64_t kRequests = 300;
  std::thread writer([&] {
    for (uint64_t i = 1; i <= kRequests; ++i)
      stream->Write(Request({Paid(3 * i), Paid(3 * i + 1), Paid(3 * i + 2)}, i));
    stream->WritesDone();
  });
  v1::RecordStreamResponse answer;
  for (uint64_t i = 1; i <= kRequests; ++i) {
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_EQ(answer.request_id(), i);
    EXPECT_EQ(answer.first_position(), registered_ + 3 * i - 2);
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(IngestServiceTest, AClientThatGoesAwayLeavesTheServiceAsItWas) {
  RecordRegistry();
  for (uint64_t round = 0; round < 20; ++round) {
    const auto context = Context();
    const std::unique_ptr<Stream> stream = stub_->RecordStream(context.get());
    for (uint64_t i = 0; i < 10; ++i) stream->Write(Request({Paid(100 + round * 10 + i)}));
    context->TryCancel();
    stream->Finish();
  }
  EXPECT_TRUE(Record(Request({Paid(1)})).ok());
  std::vector<v1::Event> events;
  ASSERT_EQ(Read({}, &events), absl::OkStatus());
  EXPECT_EQ(events.size(), Head());
}

TEST_F(IngestServiceTest, ManyClientsAtOnceLoseNothing) {
  RecordRegistry();
  constexpr uint64_t kClients = 8;
  constexpr uint64_t kEach = 60;
  std::vector<std::thread> clients;
  std::vector<std::set<uint64_t>> positions(kClients);
  for (uint64_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      for (uint64_t i = 0; i < kEach; ++i) {
        const auto response = Record(Request({Paid(1'000 * (client + 1) + i)}));
        ASSERT_TRUE(response.ok()) << response.status();
        positions[client].insert(response->receipts(0).position());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  std::set<uint64_t> all;
  for (const auto& of_client : positions) all.insert(of_client.begin(), of_client.end());
  EXPECT_EQ(all.size(), kClients * kEach);
  EXPECT_EQ(*all.rbegin(), registered_ + kClients * kEach);
}

}  // namespace
}  // namespace sothon::ingest::testing
