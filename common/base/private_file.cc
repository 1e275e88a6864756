#include "common/base/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/base/strings.h"

namespace sothon {
namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

absl::Status CheckPrivate(std::string_view name, const std::string& path, const File& file) {
  struct stat about;
  if (fstat(file.descriptor(), &about) != 0) {
    return absl::FailedPreconditionError(StrCat("look at ", name, ": ", std::strerror(errno)));
  }
  if (!S_ISREG(about.st_mode)) return absl::FailedPreconditionError(StrCat(name, " is not a plain file"));
  if (about.st_uid != geteuid()) {
    return absl::FailedPreconditionError(StrCat(name, " belongs to user ", about.st_uid,
                                                ", but this program runs as user ", geteuid(),
                                                "; run it as that user, or chown ", geteuid(), " ", path));
  }
  if ((about.st_mode & 07777) != 0600) {
    return absl::FailedPreconditionError(
        StrCat(name, " has mode ", absl::Hex(about.st_mode >> 9 & 7), absl::Hex(about.st_mode >> 6 & 7),
               absl::Hex(about.st_mode >> 3 & 7), absl::Hex(about.st_mode & 7), " instead of 0600; chmod 600 ", path,
               (about.st_mode & 044) != 0 ? ", and consider the key known to others" : ""));
  }
  return absl::OkStatus();
}

// Whether all of `bytes` is on disk.
bool WriteAndSync(const File& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file.descriptor()) == 0;
}

bool SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.descriptor() >= 0 && fsync(file.descriptor()) == 0;
}

}  // namespace

absl::StatusOr<std::string> ReadPrivateFile(std::string_view what, const std::string& path, size_t bytes_max) {
  const std::string name = StrCat("the ", what, " file ", path);
  // Not blocking: opening a pipe would wait for its writer.
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.descriptor() < 0) {
    if (errno == ENOENT) return absl::NotFoundError(StrCat(name, " does not exist"));
    if (errno == ELOOP) {
      return absl::FailedPreconditionError(StrCat(name, " is a symbolic link; name the file that it points to"));
    }
    return absl::FailedPreconditionError(StrCat("open ", name, ": ", std::strerror(errno)));
  }
  if (absl::Status status = CheckPrivate(name, path, file); !status.ok()) return status;
  std::string bytes(bytes_max + 1, '\0');  // the whole at once: growing would leave copies of the key in freed memory
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.descriptor(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::UnavailableError(StrCat("read ", name, ": ", std::strerror(errno)));
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > bytes_max) {
    return absl::FailedPreconditionError(StrCat(name, " is longer than the ", bytes_max, " bytes of any ", what));
  }
  bytes.resize(size);
  return bytes;
}

absl::Status CreatePrivateFile(std::string_view what, const std::string& path, std::string_view bytes) {
  const std::string name = StrCat("the ", what, " file ", path);
  const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.descriptor() < 0) {
    if (errno == EEXIST) return absl::AlreadyExistsError(StrCat(name, " exists already"));
    return absl::FailedPreconditionError(StrCat("create ", name, ": ", std::strerror(errno)));
  }
  if (fchmod(file.descriptor(), 0600) != 0 || !WriteAndSync(file, bytes) || !SyncDirectoryOf(path)) {
    const std::string why = std::strerror(errno);
    unlink(path.c_str());
    return absl::UnavailableError(StrCat("write ", name, ": ", why));
  }
  return absl::OkStatus();
}

}  // namespace sothon
