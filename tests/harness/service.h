// One of our services as a process: configured, started, watched, killed, restarted.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "tests/harness/process.h"

namespace sothon::testing {

// The value of an environment variable that ctest sets, or the test fails.
std::string RequiredEnvironment(const char* name);
// $SOTHON_BIN/<name>.
std::string ProgramPath(const std::string& name);

// A channel that is quick to notice a server that is back.
std::shared_ptr<grpc::Channel> ConnectTo(int port);
// What grpc.health.v1 says of the whole server; false too when nobody answers.
bool IsServing(const std::shared_ptr<grpc::Channel>& channel);

// Owned by one thread. The gRPC port is chosen once and kept over restarts.
class Service {
 public:
  // `program` is "sothon-ingest" or "sothon-projection". Files stand in `directory`, data in `directory`/data.
  Service(std::string program, std::string directory);

  // TOML besides listen addresses and data directory, which the harness writes.
  void SetConfig(std::string toml) { config_ = std::move(toml); }
  // Starts the process without waiting for it.
  absl::Status Launch();
  // Starts it and waits until it has told its ports; the error holds the end of its log when it ends instead.
  absl::Status Start();
  absl::Status AwaitPorts(absl::Duration timeout = absl::Seconds(60));
  bool AwaitServing(bool serving = true, absl::Duration timeout = absl::Seconds(60));
  // SIGKILL.
  void Kill();
  // SIGTERM; the exit status, or -1 when it does not end within half a minute.
  int Terminate();

  // Launch() from then on with writes limited to files of this size, as on a full disk.
  void LimitFileBytes(uint64_t bytes) { file_bytes_max_ = bytes; }
  // Lifts the limit, also of the running process.
  void LiftLimit();

  int grpc_port() const { return grpc_port_; }
  int metrics_port() const { return metrics_port_; }
  std::string address() const;
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // One metric's value, from the metrics page; 0 when it is not there. `labels` as Prometheus writes them, or empty.
  double Metric(const std::string& name, const std::string& labels = "") const;
  std::string MetricsPage() const;
  std::string Log() const { return ReadWholeFile(log_path()); }
  std::string data_directory() const { return directory_ + "/data"; }
  std::string config_path() const { return directory_ + "/config.toml"; }
  const std::string& program() const { return program_; }
  Process* process() const { return process_.get(); }

 private:
  std::string log_path() const { return directory_ + "/log"; }
  std::string ports_path() const { return data_directory() + "/ports"; }
  bool ReadPorts();

  const std::string program_;
  const std::string directory_;
  const int grpc_port_;
  int metrics_port_ = 0;
  std::string config_;
  std::optional<uint64_t> file_bytes_max_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Process> process_;
};

}  // namespace sothon::testing
