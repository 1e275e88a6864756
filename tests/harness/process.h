// Child processes of tests: started, killed, restarted, never left behind.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sothon::testing {

struct ProcessOptions {
  std::vector<std::string> argv;
  // Standard output and error are appended here; empty: they are the test's own.
  std::string output_file;
  std::string error_file;
  // "NAME=value", beside the test's own environment.
  std::vector<std::string> environment;
  // The child can write no file beyond this size, as if the disk were full (EFBIG); unset: no limit.
  std::optional<uint64_t> file_bytes_max;
};

// Owned by one thread. The child dies with the thread that started it: start children from the test's main thread.
class Process {
 public:
  static absl::StatusOr<std::unique_ptr<Process>> Start(const ProcessOptions& options);
  // Kills the child if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();
  void Signal(int signal);
  // SIGKILL, and waits for the end.
  void Kill();
  // The exit status, or 128 + signal; nullopt: still running after `timeout`.
  std::optional<int> AwaitExit(absl::Duration timeout);

 private:
  explicit Process(pid_t pid) : pid_(pid) {}

  const pid_t pid_;
  std::optional<int> exit_status_;
};

struct ProcessResult {
  int exit_status = -1;  // 128 + signal; 255: not over in time, and killed
  std::string standard_output;
  std::string standard_error;
};
// Runs a program to its end.
ProcessResult RunProcess(const std::vector<std::string>& argv, absl::Duration timeout,
                         const std::vector<std::string>& environment = {});

std::string ReadWholeFile(const std::string& path);

}  // namespace sothon::testing
