#include "common/bus/bus_config.h"

namespace sothon {

BusOptions BusConfig::Options() const {
  BusOptions options;
  options.url = url;
  options.credentials_file = credentials_file;
  options.stream = stream;
  return options;
}

StreamOptions StreamConfig::Options() const {
  StreamOptions options;
  options.max_age = absl::Hours(max_age_hours);
  options.max_bytes = max_bytes;
  options.duplicate_window = absl::Seconds(duplicate_window_seconds);
  options.replicas = replicas;
  return options;
}

void DeclareBusKeys(BusConfig* config, ConfigSchema* schema) {
  schema->Boolean("bus.enabled", &config->enabled, "false: do without a broker; readers follow the log directly");
  schema->Text("bus.url", &config->url, "the NATS server, or several of a cluster separated by commas");
  schema->Text("bus.credentials_file", &config->credentials_file, "a NATS .creds file; empty: none");
  schema->Text("bus.stream", &config->stream, "the JetStream stream that carries the events");
}

void DeclareStreamKeys(StreamConfig* config, ConfigSchema* schema) {
  schema->Integer("bus.max_age_hours", &config->max_age_hours, 1, 24 * 365, "hours",
                  "the broker drops messages older than this; the log keeps every event");
  schema->Integer("bus.max_bytes", &config->max_bytes, 1 << 20, int64_t{1} << 44, "bytes",
                  "the broker drops the oldest messages beyond this");
  schema->Integer("bus.duplicate_window_seconds", &config->duplicate_window_seconds, 1, 3600, "seconds",
                  "the broker drops a message published twice within this; an optimisation, not relied upon");
  schema->Integer("bus.replicas", &config->replicas, 1, 5, "servers", "copies of the stream in a JetStream cluster");
}

}  // namespace sothon
