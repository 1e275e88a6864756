// Calls with many clients at a time: the echo that does nothing, Record of one event, GetProgress of one village and
// quarter, the views of the oversight of a commune.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>

#include "echo.grpc.pb.h"
#include "sothon/v1/ingest.grpc.pb.h"
#include "sothon/v1/progress.grpc.pb.h"
#include "tools/benchmark/benchmarks.h"
#include "tools/benchmark/workload.h"

namespace sothon::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

class EchoService final : public Echo::CallbackService {
  grpc::ServerUnaryReactor* Call(grpc::CallbackServerContext* context, const EchoMessage*, EchoMessage*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// Keeps one call of one client going until the time is up. Owned by RunCallers.
template <typename Stub, typename Request, typename Response>
class Caller {
 public:
  using Prepare = std::function<void(int client, uint64_t call, Request*)>;
  using Start =
      std::function<void(Stub*, grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>)>;

  Caller(int client, std::unique_ptr<Stub> stub, const Prepare& prepare, const Start& start)
      : client_(client), stub_(std::move(stub)), prepare_(prepare), start_(start) {}

  void Go(Clock::time_point end, std::function<void()> done) {
    end_ = end;
    done_ = std::move(done);
    Next();
  }
  const std::vector<double>& times() const { return times_; }
  const grpc::Status& error() const { return error_; }

 private:
  void Next() {
    context_ = std::make_unique<grpc::ClientContext>();
    request_.Clear();
    prepare_(client_, calls_++, &request_);
    const auto begin = Clock::now();
    start_(stub_.get(), context_.get(), &request_, &response_, [this, begin](grpc::Status status) {
      const auto now = Clock::now();
      times_.push_back(Seconds(now - begin));
      if (!status.ok()) error_ = status;
      if (status.ok() && now < end_) {
        Next();
      } else {
        done_();
      }
    });
  }

  int client_;
  std::unique_ptr<Stub> stub_;
  const Prepare& prepare_;
  const Start& start_;
  Clock::time_point end_;
  std::function<void()> done_;
  std::unique_ptr<grpc::ClientContext> context_;
  Request request_;
  Response response_;
  uint64_t calls_ = 0;
  std::vector<double> times_;
  grpc::Status error_;
};

template <typename Service, typename Request, typename Response>
int RunCallers(const std::string& name, const std::string& address, int clients, double seconds,
               typename Caller<typename Service::Stub, Request, Response>::Prepare prepare,
               typename Caller<typename Service::Stub, Request, Response>::Start start) {
  using OneCaller = Caller<typename Service::Stub, Request, Response>;
  std::vector<std::unique_ptr<OneCaller>> callers;
  for (int i = 0; i < clients; ++i) {
    auto channel = OwnChannel(address);
    if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
      std::fprintf(stderr, "%s: nobody answers at %s\n", name.c_str(), address.c_str());
      return 1;
    }
    callers.push_back(std::make_unique<OneCaller>(i, Service::NewStub(channel), prepare, start));
  }
  std::mutex mutex;
  std::condition_variable all_done;
  int running = clients;
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (auto& caller : callers) {
    caller->Go(end, [&] {
      std::lock_guard lock(mutex);
      if (--running == 0) all_done.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  all_done.wait(lock, [&] { return running == 0; });
  const double took = Seconds(Clock::now() - begin);
  std::vector<double> times;
  for (auto& caller : callers) {
    if (!caller->error().ok()) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), caller->error().error_message().c_str());
      return 1;
    }
    times.insert(times.end(), caller->times().begin(), caller->times().end());
  }
  PrintResult(name + "_per_second", static_cast<double>(times.size()) / took, "requests/s");
  PrintResult(name + "_p50", Percentile(times, 50) * 1e6, "us");
  PrintResult(name + "_p99", Percentile(times, 99) * 1e6, "us");
  return 0;
}

}  // namespace

double Percentile(std::vector<double> values, double percent) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(percent / 100 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

void PrintResult(const std::string& name, double value, const std::string& unit) {
  std::printf("{\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\"}\n", name.c_str(), value, unit.c_str());
  std::fflush(stdout);
}

int ServeEcho(int port) {
  EchoService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  server->Wait();
  return 0;
}

int CallEcho(const std::string& address, int clients, double seconds) {
  return RunCallers<Echo, EchoMessage, EchoMessage>(
      "echo", address, clients, seconds, [](int, uint64_t, EchoMessage*) {},
      [](Echo::Stub* stub, grpc::ClientContext* context, const EchoMessage* request, EchoMessage* response,
         std::function<void(grpc::Status)> done) { stub->async()->Call(context, request, response, std::move(done)); });
}

int RecordOversight(const std::string& address) {
  auto stub = v1::IngestService::NewStub(OwnChannel(address));
  for (const v1::RecordRequest& request : {RegistryRequest(), OversightRequest()}) {
    grpc::ClientContext context;
    v1::RecordResponse response;
    const grpc::Status status = stub->Record(&context, request, &response);
    if (status.ok()) continue;
    std::fprintf(stderr, "record_oversight: %s\n", status.error_message().c_str());
    return 1;
  }
  return 0;
}

namespace {

void AskAboutTheCommune(v1::Inquiry* inquiry) {
  inquiry->set_place_id("23500");
  inquiry->set_date(20260331);
}

// The stub's asynchronous methods; "class", because a function of the stub has the same name.
using Views = class v1::ProgressService::Stub::async;

// `call` is one of them.
template <typename Request, typename Response>
int CallView(const std::string& name, const std::string& address, double seconds, std::function<void(Request*)> ask,
             void (Views::*call)(grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>)) {
  return RunCallers<v1::ProgressService, Request, Response>(
      name, address, 1, seconds,
      [ask](int, uint64_t, Request* request) {
        AskAboutTheCommune(request->mutable_inquiry());
        if (ask) ask(request);
      },
      [call](v1::ProgressService::Stub* stub, grpc::ClientContext* context, const Request* request, Response* response,
             std::function<void(grpc::Status)> done) {
        (stub->async()->*call)(context, request, response, std::move(done));
      });
}

}  // namespace

int CallOversight(const std::string& address, const std::string& what, double seconds) {
  if (what == "findings") {
    return CallView<v1::ListFindingsRequest, v1::ListFindingsResponse>("findings", address, seconds, nullptr,
                                                                       &Views::ListFindings);
  }
  if (what == "weeks") {
    const auto ask = [](v1::GetWeekLadderRequest* request) {
      request->set_from_week("2025-W40");
      request->set_to_week("2026-W01");
      request->set_with_rows(true);
    };
    return CallView<v1::GetWeekLadderRequest, v1::GetWeekLadderResponse>("weeks", address, seconds, ask,
                                                                         &Views::GetWeekLadder);
  }
  if (what == "drives") {
    return CallView<v1::ListDrivesRequest, v1::ListDrivesResponse>("drives", address, seconds, nullptr,
                                                                   &Views::ListDrives);
  }
  if (what == "renewals") {
    const auto ask = [](v1::ListRenewalsRequest* request) { request->set_limit(100); };
    return CallView<v1::ListRenewalsRequest, v1::ListRenewalsResponse>("renewals", address, seconds, ask,
                                                                       &Views::ListRenewals);
  }
  if (what == "retention") {
    const auto ask = [](v1::GetRetentionRequest* request) { request->set_period("2025Q4"); };
    return CallView<v1::GetRetentionRequest, v1::GetRetentionResponse>("retention", address, seconds, ask,
                                                                       &Views::GetRetention);
  }
  if (what == "uncovered") {
    return CallView<v1::GetUncoveredRequest, v1::GetUncoveredResponse>("uncovered", address, seconds, nullptr,
                                                                       &Views::GetUncovered);
  }
  std::fprintf(stderr, "oversight: there is no view \"%s\"\n", what.c_str());
  return 2;
}

int CallRecord(const std::string& address, int clients, double seconds) {
  const std::string run = "u" + std::to_string(Clock::now().time_since_epoch().count() % 100000000000);
  {
    auto stub = v1::IngestService::NewStub(OwnChannel(address));
    grpc::ClientContext context;
    v1::RecordResponse response;
    const grpc::Status status = stub->Record(&context, RegistryRequest(), &response);
    if (!status.ok()) {
      std::fprintf(stderr, "record: %s\n", status.error_message().c_str());
      return 1;
    }
  }
  return RunCallers<v1::IngestService, v1::RecordRequest, v1::RecordResponse>(
      "record", address, clients, seconds,
      [run](int client, uint64_t call, v1::RecordRequest* request) {
        FillContribution(run, static_cast<uint64_t>(client) * 10'000'000 + call, 300'000, request->add_submissions());
      },
      [](v1::IngestService::Stub* stub, grpc::ClientContext* context, const v1::RecordRequest* request,
         v1::RecordResponse* response, std::function<void(grpc::Status)> done) {
        stub->async()->Record(context, request, response, std::move(done));
      });
}

int CallGetProgress(const std::string& address, double seconds) {
  return RunCallers<v1::ProgressService, v1::GetProgressRequest, v1::GetProgressResponse>(
      "get_progress", address, 1, seconds,
      [](int, uint64_t call, v1::GetProgressRequest* request) {
        char village[16];
        std::snprintf(village, sizeof village, "23500-%02d", static_cast<int>(call % 29) + 1);
        request->set_place_id(village);
        request->set_period("2025Q4");
        request->add_schemes(v1::BHXH_TN);
      },
      [](v1::ProgressService::Stub* stub, grpc::ClientContext* context, const v1::GetProgressRequest* request,
         v1::GetProgressResponse* response, std::function<void(grpc::Status)> done) {
        stub->async()->GetProgress(context, request, response, std::move(done));
      });
}

int CallExplain(const std::string& address, double seconds) {
  const auto channel = OwnChannel(address);
  const auto stub = v1::ProgressService::NewStub(channel);
  std::vector<double> times;
  double postings = 0;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (uint64_t call = 0; Clock::now() < end; ++call) {
    char village[16];
    std::snprintf(village, sizeof village, "23500-%02d", static_cast<int>(call % 29) + 1);
    v1::ExplainRequest request;
    request.set_place_id(village);
    request.set_period("2025-11");
    request.set_scheme(v1::BHXH_TN);
    request.set_counter(v1::COUNTER_FIRST);
    grpc::ClientContext context;
    v1::ExplainResponse response;
    const auto begin = Clock::now();
    const auto stream = stub->Explain(&context, request);
    while (stream->Read(&response)) postings += response.postings_size();
    if (const grpc::Status status = stream->Finish(); !status.ok()) {
      std::fprintf(stderr, "explain: %s\n", status.error_message().c_str());
      return 1;
    }
    times.push_back(Seconds(Clock::now() - begin));
  }
  PrintResult("explain_p50", Percentile(times, 50) * 1e6, "us");
  PrintResult("explain_postings", postings / static_cast<double>(times.size()), "postings");
  return 0;
}

}  // namespace sothon::benchmark
