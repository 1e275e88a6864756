// Configuration of the projection service: every key with its default. projection_config.cc has units, bounds and
// descriptions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/bus/bus_config.h"
#include "common/config/config.h"
#include "projection-service/view/projection.h"

namespace sothon::projection {

struct ProjectionConfig {
  std::string address = "127.0.0.1:7402";
  std::string metrics_address = "127.0.0.1:7412";
  std::string data_directory;
  std::string ingest_address = "127.0.0.1:7401";
  std::string logging_level = "info";
  BusConfig bus;

  int64_t grace_days = 90;
  std::vector<std::string> grace_days_by_scheme;
  std::vector<std::string> scheme_groups;

  int64_t wait_seconds_max = 30;
  int64_t waiters_max = 10'000;
  int64_t watchers_max = 1'000;

  int64_t commit_events_max = 1'000'000;
  int64_t commit_bytes_max = 64 << 20;
  int64_t commit_seconds_max = 5;
  int64_t write_buffer_bytes = 8 << 20;
  int64_t block_cache_bytes = 16 << 20;

  int64_t stuck_after_seconds = 30;
};

// Binds the keys to `*config`, which must outlive the schema.
void DeclareKeys(ProjectionConfig* config, ConfigSchema* schema);

// What the configuration says of the projection. INVALID_ARGUMENT names the key and the remedy.
absl::StatusOr<ProjectionOptions> OptionsOf(const ProjectionConfig& config);

}  // namespace sothon::projection
