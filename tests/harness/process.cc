#include "tests/harness/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "common/base/strings.h"
#include "common/testing/temp_dir.h"

namespace sothon::testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts->size() + 1);
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec of a process with threads only system calls are safe.
[[noreturn]] void BecomeChild(char** argv, char** environment, int output, int error,
                              const std::optional<uint64_t>& file_bytes_max) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (output >= 0) dup2(output, STDOUT_FILENO);
  if (error >= 0) dup2(error, STDERR_FILENO);
  if (file_bytes_max.has_value()) {
    // Ignored, so that the write fails with EFBIG, as it fails with ENOSPC on a full disk.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{*file_bytes_max, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  execvpe(argv[0], argv, environment);
  _exit(127);
}

absl::StatusOr<pid_t> Spawn(const ProcessOptions& options, int output, int error) {
  std::vector<std::string> arguments = options.argv;
  std::vector<std::string> environment = options.environment;
  for (char** each = environ; *each != nullptr; ++each) environment.push_back(*each);
  std::vector<char*> argument_pointers = Pointers(&arguments);
  std::vector<char*> environment_pointers = Pointers(&environment);
  const pid_t pid = fork();
  if (pid == 0) {
    BecomeChild(argument_pointers.data(), environment_pointers.data(), output, error, options.file_bytes_max);
  }
  if (pid < 0) return absl::InternalError(StrCat("fork: ", strerror(errno)));
  return pid;
}

int OpenForAppending(const std::string& path) {
  return path.empty() ? -1 : open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const ProcessOptions& options) {
  const int output = OpenForAppending(options.output_file);
  const int error = OpenForAppending(options.error_file);
  const absl::StatusOr<pid_t> pid = Spawn(options, output, error);
  if (output >= 0) close(output);
  if (error >= 0) close(error);
  if (!pid.ok()) return pid.status();
  return std::unique_ptr<Process>(new Process(*pid));
}

Process::~Process() { Kill(); }

bool Process::Running() { return !AwaitExit(absl::ZeroDuration()).has_value(); }

void Process::Signal(int signal) {
  if (!exit_status_.has_value()) kill(pid_, signal);
}

void Process::Kill() {
  Signal(SIGKILL);
  AwaitExit(absl::Seconds(10));
}

std::optional<int> Process::AwaitExit(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!exit_status_.has_value()) {
    int status = 0;
    const pid_t waited = waitpid(pid_, &status, WNOHANG);
    if (waited == pid_) {
      exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (absl::Now() >= deadline) {
      break;
    } else {
      absl::SleepFor(absl::Milliseconds(2));
    }
  }
  return exit_status_;
}

ProcessResult RunProcess(const std::vector<std::string>& argv, absl::Duration timeout,
                         const std::vector<std::string>& environment) {
  TempDir directory;
  ProcessOptions options;
  options.argv = argv;
  options.environment = environment;
  options.output_file = directory.Path("out");
  options.error_file = directory.Path("err");
  ProcessResult result;
  absl::StatusOr<std::unique_ptr<Process>> process = Process::Start(options);
  if (!process.ok()) return result;
  result.exit_status = (*process)->AwaitExit(timeout).value_or(255);
  (*process)->Kill();
  result.standard_output = ReadWholeFile(options.output_file);
  result.standard_error = ReadWholeFile(options.error_file);
  return result;
}

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace sothon::testing
