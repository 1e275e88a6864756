#include "common/observability/logging.h"

#include <memory>

#include "common/base/strings.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace sothon {

absl::Status InitLogging(const std::string& service, const std::string& level) {
  const spdlog::level::level_enum parsed = spdlog::level::from_str(level);
  if (parsed == spdlog::level::off && level != "off") {
    return absl::InvalidArgumentError(StrCat("log level \"", level, "\" is none of trace, debug, info, warn, error"));
  }
  auto logger = std::make_shared<spdlog::logger>(service, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(parsed);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %n %v");
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  return absl::OkStatus();
}

}  // namespace sothon
