// Files that are replaced as a whole, and survive a crash of the machine.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sothon {

// NOT_FOUND; FAILED_PRECONDITION: it cannot be read.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);
// Of a file that somebody else may have made: never waits for a pipe, and reads no more than it may. NOT_FOUND;
// FAILED_PRECONDITION: it cannot be read, or is no regular file (a link to one is); DATA_LOSS: it is longer.
absl::StatusOr<std::string> ReadBoundedFile(const std::string& path, size_t bytes_max);

// Puts `bytes` in the place of whatever is at `path`: whoever reads finds the old file or the new one, also after a
// power cut, and the new one once this has returned. RESOURCE_EXHAUSTED: the disk is full; FAILED_PRECONDITION: the
// folder is not there, or takes nothing. Then the old file stays.
absl::Status WriteFileDurably(const std::string& path, std::string_view bytes);

// Makes sure that what was written or renamed at `path`, a file or a folder, survives a crash of the machine.
absl::Status SyncPath(const std::string& path);

}  // namespace sothon
