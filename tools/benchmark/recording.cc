// One client that streams contributions as fast as the service takes them.
#include <chrono>
#include <cstdio>
#include <thread>

#include "sothon/v1/ingest.grpc.pb.h"
#include "tools/benchmark/benchmarks.h"
#include "tools/benchmark/workload.h"

namespace sothon::benchmark {
namespace {

std::vector<v1::RecordRequest> BuildRequests(uint64_t events, uint64_t people, int batch, const std::string& run) {
  std::vector<v1::RecordRequest> requests;
  for (uint64_t index = 0; index < events;) {
    v1::RecordRequest& request = requests.emplace_back();
    request.set_request_id(requests.size());
    for (int i = 0; i < batch && index < events; ++i, ++index) {
      FillContribution(run, index, people, request.add_submissions());
    }
  }
  return requests;
}

}  // namespace

int StreamContributions(const std::string& address, uint64_t events, uint64_t people, int batch,
                        const std::string& run) {
  auto stub = v1::IngestService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  {
    grpc::ClientContext context;
    v1::RecordResponse response;
    if (const auto status = stub->Record(&context, RegistryRequest(), &response); !status.ok()) {
      std::fprintf(stderr, "record_stream: %s\n", status.error_message().c_str());
      return 1;
    }
  }
  // Serialising the requests is the client's own cost, but building them from records is not what is measured.
  const std::vector<v1::RecordRequest> requests = BuildRequests(events, people, batch, run);
  grpc::ClientContext context;
  const auto stream = stub->RecordStream(&context);
  const auto begin = std::chrono::steady_clock::now();
  std::thread writer([&] {
    for (const v1::RecordRequest& request : requests) {
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
  });
  size_t answered = 0;
  std::string refusal;
  v1::RecordStreamResponse response;
  while (stream->Read(&response)) {
    ++answered;
    if (response.has_error() && refusal.empty()) refusal = response.error().message();
  }
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  writer.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok() || answered != requests.size() || !refusal.empty()) {
    std::fprintf(stderr, "record_stream: %zu of %zu requests answered; %s %s\n", answered, requests.size(),
                 status.error_message().c_str(), refusal.c_str());
    return 1;
  }
  PrintResult("record_stream", static_cast<double>(events) / took, "events/s");
  return 0;
}

}  // namespace sothon::benchmark
