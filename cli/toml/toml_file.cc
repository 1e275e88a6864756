#include "cli/toml/toml_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {

absl::StatusOr<toml::table> ReadTomlFile(const std::string& path, std::string_view remedy) {
  // A directory opens like a file, and throws when it is read.
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in && !std::filesystem::is_directory(path, ignored)) text << in.rdbuf();
  // An empty file sets the fail bit of `text`: it holds nothing, and is TOML.
  if (!in || std::filesystem::is_directory(path, ignored)) {
    return absl::NotFoundError(StrCat("cannot read ", path, "; ", remedy));
  }
  const std::string file = std::filesystem::path(path).filename().string();
  try {
    return toml::parse(text.str(), path);
  } catch (const toml::parse_error& error) {
    return BadRequest(
        {{StrCat(file, " line ", error.source().begin.line), StrCat("is not TOML: ", error.description())}});
  }
}

}  // namespace sothon::cli
