#include "ingest-service/vault/key_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/base/private_file.h"
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
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  if (absl::Status status = CreatePrivateFile("vault key", path, bytes); !status.ok()) return status;
  return key;
}

}  // namespace sothon::ingest
