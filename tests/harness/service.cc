#include "tests/harness/service.h"

#include <signal.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/harness/eventually.h"
#include "tests/harness/http_get.h"
#include "tests/harness/port.h"

namespace sothon::testing {
namespace {

std::string Tail(const std::string& text) { return text.size() < 2'000 ? text : text.substr(text.size() - 2'000); }

}  // namespace

std::string RequiredEnvironment(const char* name) {
  const char* value = std::getenv(name);
  if (value != nullptr) return value;
  ADD_FAILURE() << name << " is not set: run this test with ctest";
  return "";
}

std::string ProgramPath(const std::string& name) { return RequiredEnvironment("SOTHON_BIN") + "/" + name; }

std::shared_ptr<grpc::Channel> ConnectTo(int port) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);  // how long one attempt may take
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials(), arguments);
}

bool IsServing(const std::shared_ptr<grpc::Channel>& channel) {
  // Generated code for the health service is in no Debian package; an empty request asks for the whole server, and the
  // answer SERVING is field 1 = 1.
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::CompletionQueue queue;
  grpc::ByteBuffer request;
  grpc::Slice empty("");
  request = grpc::ByteBuffer(&empty, 1);
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return false;
  std::vector<grpc::Slice> slices;
  if (!response.Dump(&slices).ok()) return false;
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes == std::string("\x08\x01", 2);
}

Service::Service(std::string program, std::string directory)
    : program_(std::move(program)),
      directory_(std::move(directory)),
      grpc_port_(FreePort()),
      channel_(ConnectTo(grpc_port_)) {
  std::filesystem::create_directories(data_directory());
}

absl::Status Service::Launch() {
  std::ofstream(config_path()) << config_ << "\n[data]\ndirectory = \"" << data_directory()
                               << "\"\n\n[server]\naddress = \"" << address()
                               << "\"\nmetrics_address = \"127.0.0.1:0\"\n";
  std::filesystem::remove(ports_path());
  metrics_port_ = 0;
  // A fresh one: the old one may not have noticed yet that the process it was connected to is gone.
  channel_ = ConnectTo(grpc_port_);
  ProcessOptions options;
  options.argv = {ProgramPath(program_), "--config", config_path()};
  options.output_file = log_path();
  options.error_file = log_path();
  options.file_bytes_max = file_bytes_max_;
  SOTHON_ASSIGN_OR_RETURN(process_, Process::Start(options));
  return absl::OkStatus();
}

bool Service::ReadPorts() {
  std::istringstream lines(ReadWholeFile(ports_path()));
  int grpc = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("grpc=")) grpc = std::atoi(line.c_str() + 5);
    if (line.starts_with("metrics=")) metrics_port_ = std::atoi(line.c_str() + 8);
  }
  return grpc == grpc_port_ && metrics_port_ != 0;
}

absl::Status Service::AwaitPorts(absl::Duration timeout) {
  const bool told = Eventually([this] { return ReadPorts() || !process_->Running(); }, timeout);
  if (told && process_->Running()) return absl::OkStatus();
  return absl::UnavailableError(StrCat(program_, told ? " has ended: " : " does not start: ", Tail(Log())));
}

absl::Status Service::Start() {
  SOTHON_RETURN_IF_ERROR(Launch());
  return AwaitPorts();
}

bool Service::AwaitServing(bool serving, absl::Duration timeout) {
  return Eventually([&] { return IsServing(channel_) == serving; }, timeout);
}

void Service::Kill() {
  if (process_ != nullptr) process_->Kill();
}

int Service::Terminate() {
  process_->Signal(SIGTERM);
  return process_->AwaitExit(absl::Seconds(30)).value_or(-1);
}

void Service::LiftLimit() {
  file_bytes_max_.reset();
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  if (process_ != nullptr && prlimit(process_->pid(), RLIMIT_FSIZE, &unlimited, nullptr) != 0) {
    ADD_FAILURE() << "cannot lift the limit of " << program_;
  }
}

std::string Service::address() const { return StrCat("127.0.0.1:", grpc_port_); }

std::string Service::MetricsPage() const { return HttpGet(metrics_port_, "/metrics"); }

double Service::Metric(const std::string& name, const std::string& labels) const {
  std::istringstream page(MetricsPage());
  const std::string wanted = name + labels + " ";
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with(wanted)) return std::atof(line.c_str() + wanted.size());
  }
  return 0;
}

}  // namespace sothon::testing
