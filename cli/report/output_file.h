// A file that is there whole or not at all.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace sothon::cli {

// Has `write` write to a new file beside `path`, makes sure that it is on disk, and puts it in place of `path`: whoever
// reads sees the old file or the new one. Where `path` is a symbolic link, the file it leads to is replaced; its mode
// is kept. On failure the old file stays as it was and nothing new is left behind. FAILED_PRECONDITION: the folder is
// not there or takes nothing, `path` is a folder or no plain file; otherwise what `write` says.
absl::Status ReplaceFile(const std::string& path, const std::function<absl::Status(const std::string&)>& write);

// For `write`: puts `text` into the file at `path`.
absl::Status WriteText(const std::string& text, const std::string& path);

}  // namespace sothon::cli
