#include "projection-service/service/projection_config.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/ids.h"
#include "common/base/scheme.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::projection {
namespace {

constexpr int64_t kMiB = 1 << 20;
constexpr int64_t kGraceDaysMax = 3'650;

// "BHXH_TN=60" changes the grace of one scheme.
absl::Status ReadGrace(const std::string& entry, ledger::CountingRules* rules) {
  const std::vector<std::string> parts = absl::StrSplit(entry, '=');
  const auto scheme = parts.size() == 2 ? SchemeFromName(parts[0]) : std::nullopt;
  int32_t days = -1;
  if (!scheme || !absl::SimpleAtoi(parts[1], &days) || days < 0 || days > kGraceDaysMax) {
    return absl::InvalidArgumentError(StrCat("counting.grace_days_by_scheme: \"", entry, "\": write a scheme and 0 to ",
                                             kGraceDaysMax, " days, for example \"BHXH_TN=60\""));
  }
  rules->grace_days[*scheme] = days;
  return absl::OkStatus();
}

// "ID|name|SCHEME,SCHEME".
absl::StatusOr<SchemeGroupDefinition> ReadGroup(const std::string& entry) {
  const std::vector<std::string> parts = absl::StrSplit(entry, '|');
  SchemeGroupDefinition group;
  bool good = parts.size() == 3 && IsWellFormedId(parts[0]) && !parts[1].empty();
  if (good) {
    group.id = parts[0];
    group.name = parts[1];
    const std::vector<std::string> names = absl::StrSplit(parts[2], ',');
    for (const std::string& name : names) {
      const auto scheme = SchemeFromName(name);
      const bool again = scheme && std::count(group.schemes.begin(), group.schemes.end(), *scheme) > 0;
      good &= scheme.has_value() && !again;
      if (scheme) group.schemes.push_back(*scheme);
    }
  }
  if (!good) {
    return absl::InvalidArgumentError(StrCat("counting.scheme_groups: \"", entry,
                                             "\": write id, name and schemes, each ",
                                             "once, for example \"BHYT_TU_DONG|BHYT tự đóng|BHYT_HGD,BHYT_HSSV\""));
  }
  return group;
}

}  // namespace

void DeclareKeys(ProjectionConfig* config, ConfigSchema* schema) {
  schema->Text("server.address", &config->address, "Where gRPC listens; port 0 picks one");
  schema->Text("server.metrics_address", &config->metrics_address,
               "Where Prometheus finds /metrics; port 0 picks one, empty: nowhere");
  schema->Text("data.directory", &config->data_directory, "Holds the projection; of this service alone. Required");
  schema->Text("ingest.address", &config->ingest_address, "The ingest service whose log is followed");
  schema->Text("logging.level", &config->logging_level, "trace, debug, info, warn or error");
  DeclareBusKeys(&config->bus, schema);
  schema->Integer("counting.grace_days", &config->grace_days, 0, kGraceDaysMax, "days",
                  "A payment after a longer gap in coverage counts as returned. Changing it needs --rebuild");
  schema->TextList("counting.grace_days_by_scheme", &config->grace_days_by_scheme,
                   "Exceptions, for example [\"BHXH_TN=60\"]. Changing them needs --rebuild");
  schema->TextList("counting.scheme_groups", &config->scheme_groups,
                   "Scheme groups, each \"id|name|scheme,scheme\"; empty: BHYT_TU_DONG and BHYT_MOI_HINH_THUC");
  schema->Integer("limits.wait_seconds_max", &config->wait_seconds_max, 1, 3'600, "s",
                  "The longest a read waits for its min_position");
  schema->Integer("limits.waiters_max", &config->waiters_max, 1, 1'000'000, "reads", "Reads that may wait at a time");
  schema->Integer("limits.watchers_max", &config->watchers_max, 1, 100'000, "calls", "WatchProgress calls at a time");
  schema->Integer("commit.events_max", &config->commit_events_max, 1, 100'000'000, "events",
                  "While catching up, events in one commit");
  schema->Integer("commit.bytes_max", &config->commit_bytes_max, kMiB, 4'096 * kMiB, "bytes",
                  "While catching up, memory that gathers before a commit");
  schema->Integer("commit.seconds_max", &config->commit_seconds_max, 1, 600, "s",
                  "While catching up, how far readers may fall behind what is applied");
  schema->Integer("store.write_buffer_bytes", &config->write_buffer_bytes, kMiB, 1'024 * kMiB, "bytes",
                  "Memory for new histories, and as much for new postings, before they are written to a table");
  schema->Integer("store.block_cache_bytes", &config->block_cache_bytes, kMiB, 65'536 * kMiB, "bytes",
                  "Cache of blocks read from disk, for questions about the past");
  schema->Integer(
      "health.stuck_after_seconds", &config->stuck_after_seconds, 1, 3'600, "s",
      "Behind the log and not moving for so long, the service is NOT_SERVING. Answers name ingest's silence as "
      "trouble after so long, or 10 s");
}

absl::StatusOr<ProjectionOptions> OptionsOf(const ProjectionConfig& config) {
  ProjectionOptions options;
  options.data_directory = config.data_directory;
  options.waiters_max = static_cast<size_t>(config.waiters_max);
  BuiltViewOptions& view = options.view;
  view.commit_events_max = static_cast<size_t>(config.commit_events_max);
  view.commit_bytes_max = static_cast<size_t>(config.commit_bytes_max);
  view.commit_interval_max = absl::Seconds(config.commit_seconds_max);
  view.store.write_buffer_bytes = static_cast<size_t>(config.write_buffer_bytes);
  view.store.block_cache_bytes = static_cast<size_t>(config.block_cache_bytes);
  std::fill(std::begin(view.store.rules.grace_days), std::end(view.store.rules.grace_days),
            static_cast<int32_t>(config.grace_days));
  for (const std::string& entry : config.grace_days_by_scheme) {
    SOTHON_RETURN_IF_ERROR(ReadGrace(entry, &view.store.rules));
  }
  if (!config.scheme_groups.empty()) options.groups.clear();
  for (const std::string& entry : config.scheme_groups) {
    SOTHON_ASSIGN_OR_RETURN(SchemeGroupDefinition group, ReadGroup(entry));
    options.groups.push_back(std::move(group));
  }
  return options;
}

}  // namespace sothon::projection
