#include "ingest-service/vault/key_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/base/strings.h"

namespace sothon::ingest {
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

absl::Status SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.descriptor() < 0 || fsync(file.descriptor()) != 0) {
    return absl::UnavailableError(StrCat("sync ", directory, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VaultKey> ReadKeyFile(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) {
    if (errno == ENOENT) return absl::NotFoundError(StrCat("the vault key file ", path, " does not exist"));
    return absl::FailedPreconditionError(StrCat("read the vault key file ", path, ": ", std::strerror(errno)));
  }
  struct stat about;
  if (fstat(file.descriptor(), &about) != 0 || (about.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(StrCat(
        "the vault key file ", path, " can be read by others than its owner; chmod 600 it, and consider it known"));
  }
  VaultKey key;
  char beyond;
  if (read(file.descriptor(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
      read(file.descriptor(), &beyond, 1) != 0) {
    return absl::FailedPreconditionError(
        StrCat("the vault key file ", path, " is not ", key.size(), " bytes long; restore it from its backup"));
  }
  return key;
}

absl::StatusOr<VaultKey> CreateKeyFile(const std::string& path) {
  VaultKey key;
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
    return absl::InternalError("no random bytes to be had");
  const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.descriptor() < 0) {
    if (errno == EEXIST) return absl::AlreadyExistsError(StrCat("the vault key file ", path, " exists already"));
    return absl::FailedPreconditionError(StrCat("create the vault key file ", path, ": ", std::strerror(errno)));
  }
  if (write(file.descriptor(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
      fsync(file.descriptor()) != 0) {
    const std::string why = std::strerror(errno);
    unlink(path.c_str());
    return absl::UnavailableError(StrCat("write the vault key file ", path, ": ", why));
  }
  if (absl::Status status = SyncDirectoryOf(path); !status.ok()) return status;
  return key;
}

}  // namespace sothon::ingest
