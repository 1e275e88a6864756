#include "common/base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "common/base/strings.h"

namespace sothon {
namespace {

absl::Status FromErrno(std::string_view doing, const std::string& path) {
  const int error = errno;
  const std::string message = StrCat("cannot ", doing, " ", path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::FailedPreconditionError(message);
}

absl::Status WriteAll(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return FromErrno("write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file) == 0 ? absl::OkStatus() : FromErrno("sync", path);
}

absl::StatusOr<std::string> ReadAll(int file, const std::string& path, size_t bytes_max) {
  std::string bytes;
  char buffer[64 << 10];
  ssize_t got = 0;
  while ((got = read(file, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR)) {
    if (got > 0) bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > bytes_max) {
      return absl::DataLossError(StrCat(path, " is longer than the ", bytes_max, " bytes that it can have"));
    }
  }
  if (got < 0) return FromErrno("read", path);
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FromErrno("read", path);
  absl::StatusOr<std::string> bytes = ReadAll(file, path, SIZE_MAX);
  close(file);
  return bytes;
}

absl::StatusOr<std::string> ReadBoundedFile(const std::string& path, size_t bytes_max) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return FromErrno("read", path);
  struct stat found;
  absl::StatusOr<std::string> bytes;
  if (fstat(file, &found) != 0) {
    bytes = FromErrno("look at", path);
  } else if (!S_ISREG(found.st_mode)) {
    bytes = absl::FailedPreconditionError(StrCat(path, " is no file"));
  } else {
    bytes = ReadAll(file, path, bytes_max);
  }
  close(file);
  return bytes;
}

absl::Status SyncPath(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FromErrno("open", path);
  const absl::Status status = fsync(file) == 0 ? absl::OkStatus() : FromErrno("sync", path);
  close(file);
  return status;
}

absl::Status WriteFileDurably(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".new";
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) {
    absl::Status status = FromErrno("write", path);
    return absl::IsNotFound(status) ? absl::FailedPreconditionError(status.message()) : status;
  }
  absl::Status status = WriteAll(file, bytes, path);
  if (close(file) != 0 && status.ok()) status = FromErrno("write", path);
  if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) status = FromErrno("replace", path);
  if (!status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return SyncPath(folder.empty() ? "." : folder.string());
}

}  // namespace sothon
