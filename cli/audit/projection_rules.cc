#include "cli/audit/projection_rules.h"

#include "common/config/config.h"
#include "common/status/status.h"
#include "projection-service/service/projection_config.h"

namespace sothon::cli {

absl::StatusOr<projection::ProjectionOptions> LoadProjectionRules(const std::string& file) {
  projection::ProjectionConfig config;
  if (!file.empty()) {
    ConfigSchema schema;
    projection::DeclareKeys(&config, &schema);
    SOTHON_RETURN_IF_ERROR(schema.LoadFile(file));
  }
  return projection::OptionsOf(config);
}

}  // namespace sothon::cli
