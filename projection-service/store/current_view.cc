#include "projection-service/store/current_view.h"

#include <charconv>
#include <system_error>

#include "common/base/durable_file.h"
#include "common/base/strings.h"

namespace sothon::projection {

std::optional<uint64_t> ViewNumber(std::string_view name) {
  const std::string_view prefix = kViewPrefix;
  if (name.substr(0, prefix.size()) != prefix) return std::nullopt;
  name.remove_prefix(prefix.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

absl::StatusOr<std::optional<uint64_t>> ReadCurrentView(const std::string& data_directory) {
  const std::string path = StrCat(data_directory, "/", kCurrentFile);
  const absl::StatusOr<std::string> content = ReadWholeFile(path);
  if (absl::IsNotFound(content.status())) return std::nullopt;
  if (!content.ok()) return content.status();
  std::string_view name = *content;
  while (!name.empty() && name.back() == '\n') name.remove_suffix(1);
  const std::optional<uint64_t> number = ViewNumber(name);
  if (!number) {
    return absl::DataLossError(StrCat(path, " does not name a view (\"", name, "\"); start with --rebuild"));
  }
  return number;
}

}  // namespace sothon::projection
