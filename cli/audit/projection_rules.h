// What a projection counts and shows by, beside the log: days of grace and scheme groups.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "projection-service/view/projection.h"

namespace sothon::cli {

// As the projection's configuration `file` says; "": the defaults. INVALID_ARGUMENT and others: it cannot be read.
absl::StatusOr<projection::ProjectionOptions> LoadProjectionRules(const std::string& file);

}  // namespace sothon::cli
