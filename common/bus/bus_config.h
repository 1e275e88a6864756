// The configuration keys of the bus, the same in every service that uses it.
#pragma once

#include <cstdint>
#include <string>

#include "common/bus/connection.h"
#include "common/config/config.h"

namespace sothon {

struct BusConfig {
  bool enabled = true;
  std::string url = "nats://127.0.0.1:7400";
  std::string credentials_file;
  std::string stream = "SOTHON";

  BusOptions Options() const;
};

// Of the one who creates the stream.
struct StreamConfig {
  int64_t max_age_hours = 24 * 7;
  int64_t max_bytes = int64_t{1} << 30;
  int64_t duplicate_window_seconds = 120;
  int64_t replicas = 1;

  StreamOptions Options() const;
};

// Binds bus.enabled, bus.url, bus.credentials_file, bus.stream. `*config` must outlive the schema.
void DeclareBusKeys(BusConfig* config, ConfigSchema* schema);
// Binds bus.max_age_hours, bus.max_bytes, bus.duplicate_window_seconds, bus.replicas.
void DeclareStreamKeys(StreamConfig* config, ConfigSchema* schema);

}  // namespace sothon
