#include "cli/report/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr mode_t kNewFileMode = 0666;  // less what the umask takes

absl::Status Cannot(const std::string& path, std::string_view why, std::string_view remedy) {
  return absl::FailedPreconditionError(StrCat("cannot write ", path, ": ", why, "; ", remedy));
}

absl::Status CannotNow(const std::string& path, int error) {
  const bool is_full = error == ENOSPC || error == EDQUOT;
  return Cannot(path, std::strerror(error),
                is_full ? "free the disk" : "name a file in a folder that you may write to");
}

// Where the bytes really go: the end of a chain of links. The file itself need not be there.
absl::Status FindTarget(const std::string& path, std::filesystem::path* target, mode_t* mode) {
  std::error_code error;
  *target = std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  if (error) return Cannot(path, error.message(), "name another file");
  struct stat state = {};
  if (::stat(target->c_str(), &state) != 0) {
    if (errno != ENOENT) return CannotNow(path, errno);
    *mode = 0;
  } else if (S_ISDIR(state.st_mode)) {
    return Cannot(path, "it is a folder", "name a file in it");
  } else if (!S_ISREG(state.st_mode)) {
    return Cannot(path, "it is no plain file", "name another one");
  } else {
    *mode = state.st_mode & 07777;
  }
  const std::filesystem::path folder = target->parent_path();
  if (!std::filesystem::is_directory(folder, error)) {
    return Cannot(path, StrCat("there is no folder ", folder.string()), "make it, or name another file");
  }
  return absl::OkStatus();
}

absl::Status Sync(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return CannotNow(path, errno);
  const int result = ::fsync(file);
  const int error = errno;
  ::close(file);
  return result == 0 ? absl::OkStatus() : CannotNow(path, error);
}

}  // namespace

absl::Status ReplaceFile(const std::string& path, const std::function<absl::Status(const std::string&)>& write) {
  std::filesystem::path target;
  mode_t mode = 0;
  if (absl::Status found = FindTarget(path, &target, &mode); !found.ok()) return found;
  std::string part = StrCat(target.parent_path().string(), "/.", target.filename().string(), ".XXXXXX");
  const int file = ::mkstemp(part.data());
  if (file < 0) return CannotNow(path, errno);
  ::close(file);
  // The umask can only be read by setting it; nothing else runs at that moment.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  absl::Status status = write(part);
  if (status.ok()) status = Sync(part);
  if (status.ok() && (::chmod(part.c_str(), mode != 0 ? mode : kNewFileMode & ~mask) != 0 ||
                      std::rename(part.c_str(), target.c_str()) != 0)) {
    status = CannotNow(path, errno);
  }
  if (!status.ok()) std::remove(part.c_str());
  return status;
}

absl::Status WriteText(const std::string& text, const std::string& path) {
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  return out ? absl::OkStatus() : CannotNow(path, errno);
}

}  // namespace sothon::cli
