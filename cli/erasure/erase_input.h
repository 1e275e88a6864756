// What `sothon erase` takes from people: numbers, places to write to, and whether they mean it.
#pragma once

#include <istream>
#include <string>

#include "absl/status/statusor.h"

namespace sothon::cli {

// What an option for a number says: "-" is the next line of `in`, "@FILE" the first line of a file, anything else the
// number itself; without white space at its ends. INVALID_ARGUMENT: there is no such line; the message does not repeat
// what was read.
absl::StatusOr<std::string> ReadNumber(const std::string& option, const std::string& value, std::istream& in);

// The folder in which `file` stands or is to stand; empty for "".
std::string FolderOf(const std::string& file);

// Whether WriteFileDurably() can put a file at `path`, as far as that can be known before; OK for "". INVALID_ARGUMENT
// names `option`: a folder or a device stands there, or its folder is missing or takes no files.
absl::Status CheckFileCanBeWritten(const std::string& option, const std::string& path);
// The same for files in the folder `path`, which is made where it is missing.
absl::Status CheckFolderCanBeFilled(const std::string& option, const std::string& path);

// "xóa", "xoa", "erase" and "yes", however they are written.
bool IsConfirmation(const std::string& line);

}  // namespace sothon::cli
