// Configuration of the ingest service: every key with its default. ingest_config.cc has units, bounds and descriptions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/bus/bus_config.h"
#include "common/config/config.h"
#include "ingest-service/intake/intake.h"

namespace sothon::ingest {

struct IngestConfig {
  std::string address = "127.0.0.1:7401";
  std::string metrics_address = "127.0.0.1:7411";
  std::string log_id;
  std::string province_id;
  std::string data_directory;
  std::string logging_level = "info";

  IntakeLimits intake;
  int64_t client_in_flight_bytes_max = 8 << 20;
  int64_t queue_bytes_max = 64 << 20;
  int64_t batch_events_max = 4'000;
  int64_t stuck_after_seconds = 10;
  int64_t retry_after_ms = 500;

  int64_t read_threads = 2;
  int64_t heartbeat_ms = 1'000;

  int64_t log_write_buffer_bytes = 64 << 20;
  int64_t log_block_cache_bytes = 64 << 20;
  int64_t log_index_events_in_memory = 128 << 10;
  int64_t vault_cache_entries_max = 500'000;

  std::vector<std::string> audit_key_files;
  int64_t audit_checkpoint_seconds = 60;

  BusConfig bus;
  StreamConfig stream;
  int64_t bus_window_events_max = 512;
};

// Binds the keys to `*config`, which must outlive the schema.
void DeclareKeys(IngestConfig* config, ConfigSchema* schema);
// What bounds alone do not say. INVALID_ARGUMENT names the key and the remedy.
absl::Status Validate(const IngestConfig& config);

}  // namespace sothon::ingest
