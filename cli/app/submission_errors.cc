#include "cli/app/submission_errors.h"

#include "cli/app/text_tools.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

std::optional<uint64_t> Metadata(const absl::Status& status, const char* key) {
  const google::rpc::ErrorInfo info = ErrorInfoOf(status);
  const auto found = info.metadata().find(key);
  uint64_t value = 0;
  if (found == info.metadata().end() || !ParseNumber(found->second, &value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<size_t> SubmissionIndexOfPath(std::string_view path, std::string* rest) {
  constexpr std::string_view kPrefix = "submissions[";
  if (!path.starts_with(kPrefix)) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  const size_t close = path.find(']');
  uint64_t index = 0;
  if (close == std::string_view::npos || !ParseNumber(path.substr(0, close), &index)) return std::nullopt;
  path.remove_prefix(close + 1);
  if (path.starts_with(".")) path.remove_prefix(1);
  if (rest != nullptr) *rest = std::string(path);
  return static_cast<size_t>(index);
}

std::optional<size_t> SubmissionOf(const absl::Status& status) {
  const auto index = Metadata(status, "submission");
  return index ? std::optional<size_t>(static_cast<size_t>(*index)) : std::nullopt;
}

uint64_t PositionOf(const absl::Status& status) { return Metadata(status, "position").value_or(0); }

}  // namespace sothon::cli
