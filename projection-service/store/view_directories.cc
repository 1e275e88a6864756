#include "projection-service/store/view_directories.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/store/current_view.h"

namespace sothon::projection {
namespace {

absl::Status FromErrno(std::string_view doing) {
  const int error = errno;
  const std::string message = StrCat("cannot ", doing, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::FailedPreconditionError(message);
}

// Makes sure that what was written or renamed there survives a crash of the machine.
absl::Status SyncPath(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FromErrno(StrCat("open ", path));
  const int failed = fsync(file);
  const absl::Status status = failed != 0 ? FromErrno(StrCat("sync ", path)) : absl::OkStatus();
  close(file);
  return status;
}

absl::Status WriteFile(const std::string& path, const std::string& content) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return FromErrno(StrCat("write ", path));
  const ssize_t written = write(file, content.data(), content.size());
  absl::Status status;
  if (written != static_cast<ssize_t>(content.size())) status = FromErrno(StrCat("write ", path));
  if (close(file) != 0 && status.ok()) status = FromErrno(StrCat("write ", path));
  return status;
}

std::vector<uint64_t> ViewsIn(const std::string& directory) {
  std::vector<uint64_t> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (const auto number = ViewNumber(entry.path().filename().string())) numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ViewDirectories>> ViewDirectories::Open(const std::string& data_directory, bool afresh) {
  std::error_code error;
  std::filesystem::create_directories(data_directory, error);
  if (error) {
    return absl::FailedPreconditionError(
        StrCat("cannot create the data directory ", data_directory, ": ", error.message()));
  }
  const std::string lock_path = StrCat(data_directory, "/LOCK");
  const int lock = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return FromErrno(StrCat("open ", lock_path));
  std::unique_ptr<ViewDirectories> directories(new ViewDirectories(data_directory, lock));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(StrCat("another process uses the data directory ", data_directory,
                                                "; stop it first, or configure another data.directory"));
  }
  const absl::Status read = directories->ReadCurrent();
  if (!afresh) SOTHON_RETURN_IF_ERROR(read);
  if (afresh) directories->current_ = ++directories->newest_;
  return directories;
}

ViewDirectories::~ViewDirectories() { close(lock_); }

std::string ViewDirectories::Path(uint64_t number) const { return StrCat(data_directory_, "/", kViewPrefix, number); }

absl::Status ViewDirectories::ReadCurrent() {
  for (const uint64_t number : ViewsIn(data_directory_)) newest_ = std::max(newest_, number);
  SOTHON_ASSIGN_OR_RETURN(const std::optional<uint64_t> number, ReadCurrentView(data_directory_));
  current_ = number.value_or(current_);
  newest_ = std::max(newest_, current_);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ViewDirectories::MakeNext() {
  const std::string path = Path(++newest_);
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return absl::FailedPreconditionError(StrCat("cannot remove ", path, ": ", error.message()));
  return path;
}

absl::Status ViewDirectories::Switch(const std::string& path) {
  const auto number = ViewNumber(std::filesystem::path(path).filename().string());
  if (!number) return absl::InternalError(StrCat(path, " is no view directory"));
  const std::string target = StrCat(data_directory_, "/", kCurrentFile);
  const std::string fresh = StrCat(target, ".new");
  SOTHON_RETURN_IF_ERROR(WriteFile(fresh, StrCat(kViewPrefix, *number, "\n")));
  SOTHON_RETURN_IF_ERROR(SyncPath(fresh));
  if (rename(fresh.c_str(), target.c_str()) != 0) return FromErrno(StrCat("replace ", target));
  current_ = *number;
  return SyncPath(data_directory_);
}

void ViewDirectories::RemoveOthers(const std::string& path) const {
  for (const uint64_t number : ViewsIn(data_directory_)) {
    std::error_code ignored;
    if (number != current_ && Path(number) != path) std::filesystem::remove_all(Path(number), ignored);
  }
}

}  // namespace sothon::projection
