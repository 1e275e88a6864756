#include "tests/harness/stack.h"

#include <filesystem>
#include <iostream>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"

namespace sothon::testing {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(30);

std::string MakeDirectory(const std::string& parent, const std::string& name) {
  std::filesystem::create_directories(parent + "/" + name);
  return parent + "/" + name;
}

std::string BusConfigText(bool enabled, const NatsServer& broker) {
  return StrCat("\n[bus]\nenabled = ", enabled ? "true" : "false", "\nurl = \"", broker.url(), "\"\n");
}

}  // namespace

std::unique_ptr<grpc::ClientContext> WithDeadline(absl::Duration timeout) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  return context;
}

Stack::Stack(const Options& options)
    : bus_enabled_(options.bus_enabled),
      broker_(MakeDirectory(directory_.path(), "broker")),
      ingest_("sothon-ingest", MakeDirectory(directory_.path(), "ingest")),
      projection_("sothon-projection", MakeDirectory(directory_.path(), "projection")) {
  EXPECT_TRUE(broker_.ReservePort().ok());
  const std::string bus = BusConfigText(bus_enabled_, broker_);
  ingest_.SetConfig(StrCat(options.ingest_config, bus, "\n[log]\nid = \"", kLogId, "\"\nprovince_id = \"51\"\n"));
  projection_.SetConfig(StrCat(options.projection_config, bus, "\n[ingest]\naddress = \"", ingest_.address(), "\"\n"));
}

Stack::~Stack() {
  if (!::testing::Test::HasFailure()) return;
  for (const Service* service : {&ingest_, &projection_}) {
    const std::string log = service->Log();
    std::cerr << "---- the end of " << service->program() << "'s log\n"
              << log.substr(log.size() < 4'000 ? 0 : log.size() - 4'000) << "\n";
  }
}

void Stack::StartAll() {
  if (bus_enabled_) {
    ASSERT_EQ(broker_.Start(), absl::OkStatus());
  }
  ASSERT_EQ(ingest_.Start(), absl::OkStatus());
  ASSERT_EQ(projection_.Start(), absl::OkStatus());
  ASSERT_TRUE(ingest_.AwaitServing());
  ASSERT_TRUE(projection_.AwaitServing());
}

absl::StatusOr<v1::RecordResponse> Stack::Record(std::vector<v1::Submission> submissions) {
  v1::RecordRequest request;
  for (v1::Submission& submission : submissions) *request.add_submissions() = std::move(submission);
  v1::RecordResponse response;
  absl::Status status;
  Eventually([&] {
    status = FromGrpc(IngestStub()->Record(WithDeadline(kCallTimeout).get(), request, &response));
    return !absl::IsUnavailable(status);
  });
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::GetStatusResponse> Stack::IngestStatus() {
  v1::GetStatusResponse response;
  SOTHON_RETURN_IF_ERROR(FromGrpc(IngestStub()->GetStatus(WithDeadline(kCallTimeout).get(), {}, &response)));
  return response;
}

absl::StatusOr<v1::GetProjectionStatusResponse> Stack::ProjectionStatus() {
  v1::GetProjectionStatusResponse response;
  SOTHON_RETURN_IF_ERROR(
      FromGrpc(ProgressStub()->GetProjectionStatus(WithDeadline(kCallTimeout).get(), {}, &response)));
  return response;
}

uint64_t Stack::Head() {
  const auto status = IngestStatus();
  return status.ok() ? status->head_position() : 0;
}

uint64_t Stack::Projected() {
  const auto status = ProjectionStatus();
  return status.ok() ? status->freshness().position() : 0;
}

bool Stack::AwaitProjected(absl::Duration timeout) {
  return Eventually(
      [&] {
        const auto ingest = IngestStatus();
        const auto projection = ProjectionStatus();
        return ingest.ok() && projection.ok() && projection->freshness().position() == ingest->head_position();
      },
      timeout);
}

absl::StatusOr<std::vector<v1::Event>> Stack::ReadAll() {
  auto context = WithDeadline(absl::Minutes(1));
  const auto stub = IngestStub();
  const auto reader = stub->ReadEvents(context.get(), {});
  std::vector<v1::Event> events;
  v1::ReadEventsResponse message;
  while (reader->Read(&message)) {
    for (const std::string& stored : message.events()) {
      if (!events.emplace_back().ParseFromString(stored)) return absl::DataLossError("no event");
    }
  }
  SOTHON_RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  return events;
}

absl::StatusOr<v1::GetProgressResponse> Stack::Progress(const v1::GetProgressRequest& request) {
  v1::GetProgressResponse response;
  SOTHON_RETURN_IF_ERROR(FromGrpc(ProgressStub()->GetProgress(WithDeadline(kCallTimeout).get(), request, &response)));
  return response;
}

absl::StatusOr<v1::ExplainResponse> Stack::Explain(const v1::ExplainRequest& request) {
  auto context = WithDeadline(kCallTimeout);
  const auto stub = ProgressStub();
  const auto reader = stub->Explain(context.get(), request);
  v1::ExplainResponse all;
  v1::ExplainResponse message;
  for (bool first = true; reader->Read(&message); first = false) {
    if (first) {
      all = message;
    } else {
      all.mutable_postings()->MergeFrom(message.postings());
    }
  }
  SOTHON_RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  return all;
}

absl::StatusOr<v1::GetDigestsResponse> Stack::Digests() {
  SOTHON_ASSIGN_OR_RETURN(const v1::GetStatusResponse status, IngestStatus());
  v1::GetDigestsRequest request;
  request.set_min_position(status.head_position());
  v1::GetDigestsResponse response;
  SOTHON_RETURN_IF_ERROR(
      FromGrpc(ProgressStub()->GetDigests(WithDeadline(absl::Minutes(1)).get(), request, &response)));
  return response;
}

}  // namespace sothon::testing
