#include "cli/audit/witness_state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".checkpoint";
constexpr size_t kFileNameMax = 230;  // of the 255 that file systems take: what is written first has a longer name

std::string FileName(std::string_view origin) {
  std::string name;
  for (const char c : origin) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || (c == '.' && !name.empty());
    if (is_plain) {
      name.push_back(c);
    } else {
      StrAppend(&name, "%", absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    }
  }
  return name.append(kSuffix);
}

absl::Status Cannot(std::string_view doing, const std::string& path) {
  return absl::FailedPreconditionError(StrCat("cannot ", doing, " the witness's directory ", path, ": ",
                                              std::strerror(errno), "; name another one with --state"));
}

}  // namespace

absl::StatusOr<WitnessState> WitnessState::Open(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory + "/logs", error);
  const int lock = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return Cannot("open", directory);
  WitnessState state(directory, lock);
  if (error) return absl::FailedPreconditionError(StrCat("cannot make ", directory, "/logs: ", error.message()));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Cannot("lock", directory);
    return absl::FailedPreconditionError(
        StrCat("another `sothon audit witness` works with ", directory, "; stop it, or name another --state"));
  }
  SOTHON_RETURN_IF_ERROR(SyncPath(directory));
  const std::string parent = fs::path(directory).parent_path().string();
  SOTHON_RETURN_IF_ERROR(SyncPath(parent.empty() ? "." : parent));
  return state;
}

WitnessState::WitnessState(WitnessState&& other) noexcept
    : directory_(std::move(other.directory_)), lock_(std::exchange(other.lock_, -1)) {}

WitnessState::~WitnessState() {
  if (lock_ >= 0) close(lock_);
}

absl::Status WitnessState::CheckOrigin(std::string_view origin) {
  if (FileName(origin).size() <= kFileNameMax) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat("the origin ", origin,
                                           " is too long to be witnessed here: as a file's name it has more than ",
                                           kFileNameMax, " bytes"));
}

std::string WitnessState::PathOf(std::string_view origin) const {
  return StrCat(directory_, "/logs/", FileName(origin));
}

absl::StatusOr<std::optional<std::string>> WitnessState::Load(std::string_view origin) const {
  absl::StatusOr<std::string> bytes = ReadWholeFile(PathOf(origin));
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  if (!bytes.ok()) return bytes.status();
  return *std::move(bytes);
}

absl::Status WitnessState::Store(std::string_view origin, std::string_view signed_note) {
  return WriteFileDurably(PathOf(origin), signed_note);
}

}  // namespace sothon::cli
