// The service in this process, over a real connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "grpcpp/generic/generic_stub.h"
#include "ingest-service/service/ingest_server.h"
#include "ingest-service/service/wire.h"

namespace sothon::ingest {
namespace {

using sothon::testing::Submit;
using sothon::testing::SubmitFor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Submission Paid(uint64_t person, const std::string& place_id = "23500-01") {
  sothon::testing::ContributionSpec spec;
  spec.person = person;
  spec.receipt = StrCat("BL-", person);
  spec.place_id = place_id;
  return SubmitFor(person, sothon::testing::Contribution(spec));
}

v1::RecordRequest Request(const std::vector<v1::Submission>& submissions, uint64_t request_id = 0) {
  v1::RecordRequest request;
  request.set_request_id(request_id);
  for (const v1::Submission& submission : submissions) *request.add_submissions() = submission;
  return request;
}

v1::RecordRequest RegistryRequest(int villages) {
  std::vector<v1::Submission> submissions;
  for (v1::Event& event : sothon::testing::MinimalRegistry(villages)) submissions.push_back(Submit(std::move(event)));
  return Request(submissions);
}

std::unique_ptr<grpc::ClientContext> Context(int seconds = 60) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
  return context;
}

class IngestServiceTest : public ::testing::Test {
 protected:
  using Stream = grpc::ClientReaderWriter<v1::RecordRequest, v1::RecordStreamResponse>;

  void SetUp() override {
    config_.address = "127.0.0.1:0";
    config_.metrics_address = "";  // stopping it takes two seconds
    config_.log_id = "test";
    config_.province_id = "51";
    config_.data_directory = directory_.Path("data");
    config_.logging_level = "error";
    config_.bus.enabled = false;
    config_.heartbeat_ms = 50;
    Start();
  }
  void Start() {
    server_.reset();
    auto server = IngestServer::Start(config_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials());
    stub_ = v1::IngestService::NewStub(channel_);
  }
  absl::StatusOr<v1::RecordResponse> Record(const v1::RecordRequest& request) {
    v1::RecordResponse response;
    SOTHON_RETURN_IF_ERROR(FromGrpc(stub_->Record(Context().get(), request, &response)));
    return response;
  }
  void RecordRegistry() {
    const auto recorded = Record(RegistryRequest(2));
    ASSERT_TRUE(recorded.ok()) << recorded.status();
    registered_ = static_cast<uint64_t>(recorded->receipts_size());
  }
  uint64_t Head() {
    v1::GetStatusResponse response;
    EXPECT_TRUE(stub_->GetStatus(Context().get(), {}, &response).ok());
    return response.head_position();
  }
  // All events of the answer, and its status.
  absl::Status Read(const v1::ReadEventsRequest& request, std::vector<v1::Event>* events) {
    const auto context = Context();
    const auto reader = stub_->ReadEvents(context.get(), request);
    v1::ReadEventsResponse message;
    while (reader->Read(&message)) {
      for (const std::string& stored : message.events()) EXPECT_TRUE(events->emplace_back().ParseFromString(stored));
    }
    return FromGrpc(reader->Finish());
  }
  std::vector<uint64_t> ReadPositions(const v1::ReadEventsRequest& request) {
    std::vector<v1::Event> events;
    EXPECT_EQ(Read(request, &events), absl::OkStatus());
    std::vector<uint64_t> positions;
    for (const v1::Event& event : events) positions.push_back(event.position());
    return positions;
  }
  // A request as bytes, with a text that is not UTF-8 in the note of its second event.
  static std::string WithBadNote() {
    v1::RecordRequest request = Request({Paid(1), Paid(2)});
    request.mutable_submissions(1)->mutable_event()->set_note("caf\xc3\xa9");
    std::string bytes = request.SerializeAsString();
    bytes[bytes.find("caf\xc3\xa9") + 4] = 'x';
    return bytes;
  }

  const sothon::testing::TempDir directory_;
  IngestConfig config_;
  std::unique_ptr<IngestServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  uint64_t registered_ = 0;
};

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
  server_->Stop();
  server_->Stop();
  v1::ReadEventsResponse message;
  while (follower->Read(&message)) {
  }
  EXPECT_EQ(follower->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_FALSE(stream->Read(&answer));
  Start();
  EXPECT_EQ(Head(), registered_ + 1);
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
}  // namespace sothon::ingest
