// What was published, as the events say it: the periods of weeks, too, which have no figures by month.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/app/connection.h"
#include "sothon/v1/event.pb.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

// "2025-W45", and as people type it, "2025-w45".
bool IsWeek(const std::string& period);
// The newest publication of exactly this place and period. Of months "2025Q4" and "2025-10..2025-12" are the same.
absl::StatusOr<std::optional<v1::Event>> FindPublication(v1::IngestService::StubInterface* ingest,
                                                         const std::string& place_id, const std::string& period);

// INVALID_ARGUMENT: a week has no figures by month; names the command that shows it as it was published, as far as the
// events can be read.
absl::Status NoFiguresOfWeek(const std::string& place_id, const std::string& week, const Endpoints& endpoints);

}  // namespace sothon::cli
