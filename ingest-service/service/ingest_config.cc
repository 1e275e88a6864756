#include "ingest-service/service/ingest_config.h"

#include <optional>

#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "common/base/place_id.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"

namespace sothon::ingest {
namespace {

constexpr int64_t kMiB = 1 << 20;

void DeclareLimits(IngestConfig* config, ConfigSchema* schema) {
  schema->Integer("limits.events_per_request_max", &config->intake.events_per_request_max, 1, 10'000, "events",
                  "Events in one request");
  schema->Integer("limits.event_bytes_max", &config->intake.event_bytes_max, 256,
                  static_cast<int64_t>(kStoredEventBytesMax), "bytes", "One stored event; the audit format's limit");
  schema->Integer("limits.request_bytes_max", &config->intake.request_bytes_max, 1'024, 15 * kMiB, "bytes",
                  "One request");
  schema->Integer("limits.client_in_flight_bytes_max", &config->client_in_flight_bytes_max, 1'024, 1'024 * kMiB,
                  "bytes", "Requests of one stream that are not answered yet; beyond it, the stream is not read");
  schema->Integer("limits.queue_bytes_max", &config->queue_bytes_max, kMiB, 4'096 * kMiB, "bytes",
                  "Requests that wait to be written, of all clients");
  schema->Integer("limits.batch_events_max", &config->batch_events_max, 1, 100'000, "events",
                  "Events in one synced write");
  schema->Integer("limits.violations_told_max", &config->intake.violations_told_max, 1, 1'000, "violations",
                  "What is wrong with a request is told up to here");
  schema->Integer("limits.amount_vnd_max", &config->intake.amount_vnd_max, 1, 1'000'000'000'000, "VND",
                  "The largest amount of money that is believed");
  schema->Integer("limits.collection_date_min", &config->intake.collection_date_min, 19'000'101, 21'001'231, "YYYYMMDD",
                  "The earliest date of a receipt");
  schema->Integer("limits.collection_future_days_max", &config->intake.collection_future_days_max, 0, 31, "days",
                  "How far after today a receipt may be dated");
  schema->Integer("limits.other_future_days_max", &config->intake.other_future_days_max, 0, 36'600, "days",
                  "The same for everything else; plans are made ahead");
}

void DeclareStorage(IngestConfig* config, ConfigSchema* schema) {
  schema->Integer("log.write_buffer_bytes", &config->log_write_buffer_bytes, kMiB, 1'024 * kMiB, "bytes",
                  "Events in memory before they are written to a table");
  schema->Integer("log.block_cache_bytes", &config->log_block_cache_bytes, kMiB, 65'536 * kMiB, "bytes",
                  "Cache of blocks read from disk");
  schema->Integer("log.index_events_in_memory", &config->log_index_events_in_memory, 1'024, 16 * kMiB, "events",
                  "Events whose keys gather in memory, about 200 bytes each, before they are indexed on disk");
  schema->Integer("vault.cache_entries_max", &config->vault_cache_entries_max, 1'000, 100'000'000, "entries",
                  "People held in memory, about 60 bytes each");
}

void DeclareAudit(IngestConfig* config, ConfigSchema* schema) {
  schema->TextList(
      "audit.key_files", &config->audit_key_files,
      "Keys that sign checkpoints, files of mode 0600 (sothon audit keygen); two while one takes the place "
      "of the other; none: checkpoints are refused");
  schema->Integer("audit.checkpoint_seconds", &config->audit_checkpoint_seconds, 1, 86'400, "seconds",
                  "A checkpoint is signed every so often, where events came");
}

}  // namespace

void DeclareKeys(IngestConfig* config, ConfigSchema* schema) {
  schema->Text("server.address", &config->address, "Where gRPC listens; port 0 picks one");
  schema->Text("server.metrics_address", &config->metrics_address,
               "Where Prometheus finds /metrics; port 0 picks one, empty: nowhere");
  schema->Text("log.id", &config->log_id, "Identity of the log, 1 to 64 of [A-Za-z0-9._:-]; never changes. Required");
  schema->Text("log.province_id", &config->province_id,
               "The log's province, 2 digits; stands in bus subjects. Required");
  schema->Text("data.directory", &config->data_directory,
               "Holds the log, the identity vault and its key; of this service alone. Required");
  schema->Text("logging.level", &config->logging_level, "trace, debug, info, warn or error");
  DeclareLimits(config, schema);
  DeclareStorage(config, schema);
  DeclareAudit(config, schema);
  schema->Integer("recovery.retry_after_ms", &config->retry_after_ms, 10, 60'000, "ms",
                  "After a write that the disk did not take, how long until the next try");
  schema->Integer("recovery.stuck_after_seconds", &config->stuck_after_seconds, 1, 3'600, "s",
                  "A write that takes longer turns the service NOT_SERVING");
  schema->Integer("reading.threads", &config->read_threads, 1, 64, "threads", "Threads that serve ReadEvents");
  schema->Integer("reading.heartbeat_ms", &config->heartbeat_ms, 50, 60'000, "ms",
                  "While following, a message is sent at least so often");
  DeclareBusKeys(&config->bus, schema);
  DeclareStreamKeys(&config->stream, schema);
  schema->Integer("bus.window_events_max", &config->bus_window_events_max, 1, 100'000, "events",
                  "Events published and not yet acknowledged by the bus");
}

absl::Status Validate(const IngestConfig& config) {
  if (!IsWellFormedId(config.log_id)) {
    return absl::InvalidArgumentError(
        StrCat("log.id = \"", config.log_id, "\": give 1 to 64 of [A-Za-z0-9._:-], for example \"51-quang-ngai\""));
  }
  if (ShapeOfPlaceId(config.province_id) != PlaceShape::kProvince) {
    return absl::InvalidArgumentError(StrCat("log.province_id = \"", config.province_id,
                                             "\": give the 2 digits of the province, for example \"51\""));
  }
  if (!CivilDate::FromWire(static_cast<int32_t>(config.intake.collection_date_min))) {
    return absl::InvalidArgumentError(
        StrCat("limits.collection_date_min = ", config.intake.collection_date_min, ": is no date; give YYYYMMDD"));
  }
  if (config.data_directory.empty()) return absl::InvalidArgumentError("data.directory is not set: give a directory");
  return absl::OkStatus();
}

}  // namespace sothon::ingest
