// A TOML file that a person wrote.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "toml++/toml.h"

namespace sothon::cli {

// The whole of `path`. NOT_FOUND: it cannot be read; `remedy` says what to name instead. INVALID_ARGUMENT with
// google.rpc.BadRequest: it is not TOML, with the file's name and the line.
absl::StatusOr<toml::table> ReadTomlFile(const std::string& path, std::string_view remedy);

}  // namespace sothon::cli
