// Where a command is asked to write: whether it can, and would destroy nothing that cannot be had again.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace sothon::cli {

// The folder in which `file` stands or is to stand; empty for "".
std::string FolderOf(const std::string& file);

// Whether a file can be put at `path`, as far as that can be known before; OK for "". INVALID_ARGUMENT names `option`:
// a folder, a device or a secret key stands there, or its folder is missing or takes no files.
absl::Status CheckFileCanBeWritten(const std::string& option, const std::string& path);
// The same for files in the folder `path`, which is made where it is missing. Also INVALID_ARGUMENT: it is an export.
absl::Status CheckFolderCanBeFilled(const std::string& option, const std::string& path);

}  // namespace sothon::cli
