// Structured logs on standard error, one line each: `time level message key=value ...` (spdlog). State changes at info,
// nothing per event.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "spdlog/spdlog.h"

namespace sothon {

// `level`: trace, debug, info, warn, error. `service` stands in every line.
absl::Status InitLogging(const std::string& service, const std::string& level);

}  // namespace sothon
