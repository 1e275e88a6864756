// Files that hold a secret key.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sothon {

// In all of these `what` names the key in errors: "vault key".

// The bytes of the file, which the caller wipes. NOT_FOUND; FAILED_PRECONDITION, saying what to do about it: a symbolic
// link or no plain file, owned by another user than runs this program, a mode other than 0600, more than `bytes_max`
// long.
absl::StatusOr<std::string> ReadPrivateFile(std::string_view what, const std::string& path, size_t bytes_max);

// Writes a new file, mode 0600 whatever the umask, synced together with its directory. ALREADY_EXISTS, the file that is
// there being left as it is; after any other error there is no file.
absl::Status CreatePrivateFile(std::string_view what, const std::string& path, std::string_view bytes);

}  // namespace sothon
