#include "common/rpc/server.h"

#include <chrono>
#include <thread>

#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon {
namespace {

using ::testing::HasSubstr;

class StatusService : public v1::IngestService::Service {
 public:
  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*, v1::GetStatusResponse* response) override {
    response->set_log_id("test");
    return grpc::Status::OK;
  }
  grpc::Status Record(grpc::ServerContext*, const v1::RecordRequest*, v1::RecordResponse*) override {
    return grpc::Status::OK;
  }
};

std::shared_ptr<grpc::Channel> ChannelTo(int port) {
  return grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials());
}

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
}

// Debian ships no stub of grpc.health.v1, so the two messages are written by hand: a request is field 1, the name; an
// answer is field 1, the state (1 serving, 2 not serving).
int HealthOf(int port, const std::string& service) {
  std::string request = service.empty() ? "" : std::string("\x0a") + static_cast<char>(service.size()) + service;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer message(&slice, 1);
  grpc::GenericStub stub(ChannelTo(port));
  grpc::ClientContext context;
  SetDeadline(&context);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", message, &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return -static_cast<int>(status.error_code());
  grpc::Slice bytes;
  answer.DumpToSingleSlice(&bytes);
  return bytes.size() < 2 ? 0 : bytes.begin()[1];
}

TEST(RpcServerTest, ServesAndTellsHealth) {
  StatusService service;
  const auto server = RpcServer::Start({.address = "127.0.0.1:0"}, {&service});
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_GT((*server)->port(), 0);
  const auto stub = v1::IngestService::NewStub(ChannelTo((*server)->port()));
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::GetStatusResponse response;
  ASSERT_TRUE(stub->GetStatus(&context, v1::GetStatusRequest(), &response).ok());
  EXPECT_EQ(response.log_id(), "test");

  const int port = (*server)->port();
  EXPECT_EQ(HealthOf(port, ""), 1);
  EXPECT_EQ(HealthOf(port, "sothon.v1.IngestService"), 1);
  EXPECT_EQ(HealthOf(port, "sothon.v1.Unknown"), -static_cast<int>(grpc::StatusCode::NOT_FOUND));
  (*server)->SetServing(false);
  EXPECT_EQ(HealthOf(port, ""), 2);
  EXPECT_EQ(HealthOf(port, "sothon.v1.IngestService"), 2);
  (*server)->SetServing(true);
  EXPECT_EQ(HealthOf(port, "sothon.v1.IngestService"), 1);
}

TEST(RpcServerTest, ATakenPortIsToldSo) {
  StatusService service;
  const auto first = RpcServer::Start({.address = "127.0.0.1:0"}, {&service});
  ASSERT_TRUE(first.ok()) << first.status();
  StatusService other;
  const auto second = RpcServer::Start({.address = "127.0.0.1:" + std::to_string((*first)->port())}, {&other});
  ASSERT_EQ(second.status().code(), absl::StatusCode::kUnavailable) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("the port is taken"));
  EXPECT_EQ(RpcServer::Start({.address = "no such host:x"}, {&other}).status().code(), absl::StatusCode::kUnavailable);
}

TEST(RpcServerTest, AnOversizedRequestIsRefused) {
  StatusService service;
  const auto server = RpcServer::Start({.address = "127.0.0.1:0", .receive_message_bytes_max = 1024}, {&service});
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = v1::IngestService::NewStub(ChannelTo((*server)->port()));
  for (const size_t note_bytes : {10u, 2000u}) {
    v1::RecordRequest request;
    request.add_submissions()->mutable_event()->set_note(std::string(note_bytes, 'x'));
    grpc::ClientContext context;
    SetDeadline(&context);
    v1::RecordResponse response;
    EXPECT_EQ(stub->Record(&context, request, &response).error_code(),
              note_bytes < 1024 ? grpc::StatusCode::OK : grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
}

TEST(RpcServerTest, StopMayBeCalledTwiceAndFromTwoThreads) {
  StatusService service;
  const auto server = RpcServer::Start({.address = "127.0.0.1:0"}, {&service});
  ASSERT_TRUE(server.ok()) << server.status();
  const int port = (*server)->port();
  std::thread other([&] { (*server)->Stop(); });
  (*server)->Stop();
  other.join();
  (*server)->Stop();
  (*server)->SetServing(true);
  StatusService next;
  EXPECT_TRUE(RpcServer::Start({.address = "127.0.0.1:" + std::to_string(port)}, {&next}).ok()) << "the port is free";
}

}  // namespace
}  // namespace sothon
