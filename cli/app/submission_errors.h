// Which submission of a request an error is about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sothon::cli {

// 3 of "submissions[3].event.place_id", with "event.place_id" in `*rest`; nullopt for other paths.
std::optional<size_t> SubmissionIndexOfPath(std::string_view path, std::string* rest);

// Metadata `submission` and `position` of an ErrorInfo; nullopt and 0 where there is none.
std::optional<size_t> SubmissionOf(const absl::Status& status);
uint64_t PositionOf(const absl::Status& status);

}  // namespace sothon::cli
