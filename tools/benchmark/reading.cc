// What readers see: sizes of stored events, how fast a projection catches up, how soon an event is visible.
#include <chrono>
#include <cstdio>
#include <thread>

#include "sothon/v1/ingest.grpc.pb.h"
#include "sothon/v1/progress.grpc.pb.h"
#include "tools/benchmark/benchmarks.h"
#include "tools/benchmark/workload.h"

namespace sothon::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::unique_ptr<v1::IngestService::Stub> Ingest(const std::string& address) {
  return v1::IngestService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}
std::unique_ptr<v1::ProgressService::Stub> Projection(const std::string& address) {
  return v1::ProgressService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

bool Head(v1::IngestService::Stub* ingest, uint64_t* head) {
  grpc::ClientContext context;
  v1::GetStatusResponse response;
  if (!ingest->GetStatus(&context, {}, &response).ok()) return false;
  *head = response.head_position();
  return true;
}

}  // namespace

int MeasureEventSize(const std::string& address) {
  auto ingest = Ingest(address);
  uint64_t head = 0;
  if (!Head(ingest.get(), &head)) return 1;
  v1::ReadEventsRequest request;
  request.set_from_position(head > 100'000 ? head - 100'000 : 1);
  grpc::ClientContext context;
  const auto stream = ingest->ReadEvents(&context, request);
  v1::ReadEventsResponse response;
  double bytes = 0, events = 0;
  while (stream->Read(&response)) {
    for (const std::string& event : response.events()) bytes += static_cast<double>(event.size()), ++events;
  }
  if (!stream->Finish().ok() || events == 0) return 1;
  PrintResult("stored_event_bytes", bytes / events, "bytes");
  return 0;
}

int AwaitOutbox(const std::string& ingest_address, double timeout_seconds) {
  auto ingest = Ingest(ingest_address);
  const auto begin = Clock::now();
  while (SecondsSince(begin) < timeout_seconds) {
    grpc::ClientContext context;
    v1::GetStatusResponse response;
    if (ingest->GetStatus(&context, {}, &response).ok() && response.published_position() >= response.head_position()) {
      PrintResult("published", static_cast<double>(response.head_position()), "events");
      return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::fprintf(stderr, "published: not everything was on the bus after %.0f s\n", timeout_seconds);
  return 1;
}

int AwaitProjection(const std::string& ingest_address, const std::string& projection_address, double timeout_seconds) {
  auto ingest = Ingest(ingest_address);
  uint64_t head = 0;
  if (!Head(ingest.get(), &head)) return 1;
  const auto begin = Clock::now();
  while (SecondsSince(begin) < timeout_seconds) {
    // A channel of its own each time: a refused connection would make an old one wait before it tries again.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(projection_address, grpc::InsecureChannelCredentials(), arguments);
    auto projection = v1::ProgressService::NewStub(channel);
    for (;;) {
      grpc::ClientContext context;
      v1::GetProjectionStatusResponse response;
      if (!projection->GetProjectionStatus(&context, {}, &response).ok()) break;
      if (response.freshness().position() >= head) {
        PrintResult("caught_up", static_cast<double>(head) / SecondsSince(begin), "events/s");
        PrintResult("participants", static_cast<double>(response.participants()), "people");
        return 0;
      }
      if (SecondsSince(begin) > timeout_seconds) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::fprintf(stderr, "caught_up: the projection did not reach %llu in %.0f s\n",
               static_cast<unsigned long long>(head), timeout_seconds);
  return 1;
}

int MeasureVisibility(const std::string& ingest_address, const std::string& projection_address, int rounds) {
  auto ingest = Ingest(ingest_address);
  auto projection = Projection(projection_address);
  const std::string run = "v" + std::to_string(Clock::now().time_since_epoch().count() % 100000000000);
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    v1::RecordRequest request;
    FillContribution(run, static_cast<uint64_t>(round), 300'000, request.add_submissions());
    v1::RecordResponse recorded;
    grpc::ClientContext record_context;
    if (const auto status = ingest->Record(&record_context, request, &recorded); !status.ok()) {
      std::fprintf(stderr, "visibility: %s\n", status.error_message().c_str());
      return 1;
    }
    const auto acknowledged = Clock::now();
    v1::GetProgressRequest read;
    read.set_place_id(request.submissions(0).event().place_id());
    read.set_period("2025-10");
    read.add_schemes(v1::BHXH_TN);
    read.set_min_position(recorded.receipts(0).position());
    grpc::ClientContext read_context;
    read_context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    v1::GetProgressResponse seen;
    if (const auto status = projection->GetProgress(&read_context, read, &seen); !status.ok()) {
      std::fprintf(stderr, "visibility: %s\n", status.error_message().c_str());
      return 1;
    }
    times.push_back(SecondsSince(acknowledged));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // an idle system
  }
  PrintResult("visible_p50", Percentile(times, 50) * 1e6, "us");
  PrintResult("visible_p99", Percentile(times, 99) * 1e6, "us");
  return 0;
}

}  // namespace sothon::benchmark
