// What `sothon erase` takes from people: numbers, and whether they mean it.
#pragma once

#include <istream>
#include <string>

#include "absl/status/statusor.h"

namespace sothon::cli {

// What an option for a number says: "-" is the next line of `in`, "@FILE" the first line of a file, anything else the
// number itself; without white space at its ends. INVALID_ARGUMENT: there is no such line; the message does not repeat
// what was read.
absl::StatusOr<std::string> ReadNumber(const std::string& option, const std::string& value, std::istream& in);

// "xóa", "xoa", "erase" and "yes", however they are written.
bool IsConfirmation(const std::string& line);

}  // namespace sothon::cli
