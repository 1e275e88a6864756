// The service in this process, with a client, for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/service/ingest_server.h"

namespace sothon::ingest::testing {

inline v1::Submission Paid(uint64_t person, const std::string& place_id = "23500-01") {
  sothon::testing::ContributionSpec spec;
  spec.person = person;
  spec.receipt = StrCat("BL-", person);
  spec.place_id = place_id;
  return sothon::testing::SubmitFor(person, sothon::testing::Contribution(spec));
}

inline v1::RecordRequest Request(const std::vector<v1::Submission>& submissions, uint64_t request_id = 0) {
  v1::RecordRequest request;
  request.set_request_id(request_id);
  for (const v1::Submission& submission : submissions) *request.add_submissions() = submission;
  return request;
}

inline v1::RecordRequest RegistryRequest(int villages) {
  std::vector<v1::Submission> submissions;
  for (v1::Event& event : sothon::testing::MinimalRegistry(villages))
    submissions.push_back(sothon::testing::Submit(std::move(event)));
  return Request(submissions);
}

inline std::unique_ptr<grpc::ClientContext> Context(int seconds = 60) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
  return context;
}

class IngestServiceTest : public ::testing::Test {
 protected:
  using Stream = grpc::ClientReaderWriter<v1::RecordRequest, v1::RecordStreamResponse>;

  void SetUp() override {
    config_.address = "127.0.0.1:0";
    config_.metrics_address = "";
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

}  // namespace sothon::ingest::testing
