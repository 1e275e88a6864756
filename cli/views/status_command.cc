// sothon status, sothon rebuild: how the two services are.
#include <iostream>

#include "absl/strings/str_format.h"
#include "cli/app/command_line.h"
#include "cli/app/log_access.h"
#include "cli/format/json_writer.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

std::string Count(uint64_t value) { return FormatThousands(static_cast<int64_t>(value)); }

std::string Moment(int64_t unix_us) { return unix_us > 0 ? FormatMoment(unix_us).substr(0, 19) : "-"; }

// A service whose bus is off publishes nothing, ever; the answer does not tell it from one that has not begun yet.
std::string BusText(const v1::GetStatusResponse& status) {
  if (status.published_position() == 0 && status.head_position() > 0) {
    return "nothing: bus disabled ([bus] enabled = false), or it took no event yet";
  }
  return StrCat(Count(status.published_position()), "  behind ",
                Count(status.head_position() - std::min(status.head_position(), status.published_position())));
}

const std::string& TroubleOf(const v1::GetProjectionStatusResponse& status) {
  return status.trouble().empty() ? status.freshness().trouble() : status.trouble();
}

void PrintIngest(const v1::GetStatusResponse& status, const Endpoints& endpoints) {
  std::cout << "sothon-ingest      " << endpoints.ingest << "  version " << status.version() << "\n"
            << "  log              " << status.log_id() << "\n"
            << "  head             " << Count(status.head_position()) << "  recorded "
            << Moment(status.head_recorded_at_us()) << "\n"
            << "  bus has          " << BusText(status) << "\n"
            << "  limits           " << status.limits().events_per_request_max() << " events a request, "
            << Count(status.limits().event_bytes_max()) << " bytes an event, "
            << Count(status.limits().request_bytes_max()) << " bytes a request\n";
  if (!status.trouble().empty()) std::cout << "  TROUBLE          " << status.trouble() << "\n";
}

void PrintProjection(const v1::GetProjectionStatusResponse& status, const Endpoints& endpoints) {
  const v1::Freshness& freshness = status.freshness();
  // A projection in trouble may not hear how far the log has grown.
  const char* const behind = TroubleOf(status).empty() ? "  behind " : "  behind at least ";
  std::cout << "sothon-projection  " << endpoints.projection << "  version " << status.version() << "\n"
            << "  log              " << freshness.log_id() << "\n"
            << "  position         " << Count(freshness.position()) << behind << Count(freshness.lag_events())
            << absl::StrFormat(" events, %.1f s\n", freshness.lag_seconds()) << "  people           "
            << Count(status.participants()) << "  cells " << Count(status.cells()) << "  gaps refetched "
            << Count(status.gaps_refetched()) << "\n";
  if (TroubleOf(status).empty()) return;
  std::cout << "  TROUBLE          " << TroubleOf(status) << "\n"
            << absl::StrFormat("  heard            from the log %.0f s ago\n", freshness.heard_seconds_ago());
}

void PrintJson(const absl::StatusOr<v1::GetStatusResponse>& ingest, const absl::Status& projection_status,
               const v1::GetProjectionStatusResponse& projection) {
  JsonWriter json;
  json.BeginObject().Key("ingest").BeginObject();
  json.Key("reachable").Boolean(ingest.ok());
  if (ingest.ok()) {
    json.Key("log_id").Text(ingest->log_id()).Key("head_position").Unsigned(ingest->head_position());
    json.Key("published_position").Unsigned(ingest->published_position());
    json.Key("version").Text(ingest->version()).Key("trouble").Text(ingest->trouble());
  } else {
    json.Key("error").Text(std::string(ingest.status().message()));
  }
  json.End().Key("projection").BeginObject();
  json.Key("reachable").Boolean(projection_status.ok());
  if (projection_status.ok()) {
    const v1::Freshness& freshness = projection.freshness();
    json.Key("log_id").Text(freshness.log_id()).Key("position").Unsigned(freshness.position());
    json.Key("head_position").Unsigned(freshness.head_position()).Key("lag_events").Unsigned(freshness.lag_events());
    json.Key("lag_seconds").Number(freshness.lag_seconds()).Key("participants").Unsigned(projection.participants());
    json.Key("cells").Unsigned(projection.cells()).Key("gaps_refetched").Unsigned(projection.gaps_refetched());
    json.Key("version").Text(projection.version()).Key("trouble").Text(TroubleOf(projection));
    json.Key("heard_seconds_ago").Number(freshness.heard_seconds_ago());
  } else {
    json.Key("error").Text(std::string(projection_status.message()));
  }
  json.End().End();
  std::cout << json.text() << "\n";
}

ExitStatus RunStatus(const std::string& format, const Endpoints& endpoints) {
  const auto ingest_stub = IngestAt(endpoints);
  auto ingest = FetchStatus(ingest_stub.get());
  if (!ingest.ok()) ingest = NameIngest(ingest.status(), endpoints);
  const auto projection_stub = ProgressAt(endpoints);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetProjectionStatusResponse projection;
  const absl::Status status =
      FromProjection(projection_stub->GetProjectionStatus(&context, {}, &projection), endpoints);
  if (format == "json") {
    PrintJson(ingest, status, projection);
  } else {
    if (ingest.ok()) PrintIngest(*ingest, endpoints);
    if (status.ok()) PrintProjection(projection, endpoints);
  }
  ExitStatus exit = kDone;
  if (!ingest.ok()) exit = TellFailure(ingest.status());
  if (!status.ok()) exit = TellFailure(status);
  if (!ingest.ok() || !status.ok()) return exit;
  const std::string& counted = projection.freshness().log_id();
  if (!counted.empty() && counted != ingest->log_id()) {
    return TellFailure(absl::FailedPreconditionError(
        StrCat("the two services name different logs: ", ingest->log_id(), " (sothon-ingest at ", endpoints.ingest,
               ") and ", counted, " (sothon-projection at ", endpoints.projection,
               "); name the ones that belong together with --ingest and --projection")));
  }
  const bool has_trouble = !ingest->trouble().empty() || !TroubleOf(projection).empty();
  return has_trouble ? kRefused : exit;
}

ExitStatus RunRebuild(bool dry_run, int64_t timeout_seconds, const Endpoints& endpoints) {
  const auto stub = ProgressAt(endpoints);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(absl::Seconds(timeout_seconds)));
  v1::RebuildRequest request;
  request.set_dry_run(dry_run);
  v1::RebuildResponse response;
  const absl::Status status = FromProjection(stub->Rebuild(&context, request, &response), endpoints);
  if (!status.ok()) return TellFailure(status);
  std::cout << absl::StrFormat("Rebuilt from %s events in %.1f s: all %s cells agree, as of position %s%s\n",
                               Count(response.events()), response.seconds(), Count(response.cells_compared()),
                               Count(response.freshness().position()),
                               dry_run ? " (dry run: the running view stays)" : "; the new view is in use");
  return kDone;
}

}  // namespace

void AddStatusCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("status", "how both services are; 1 when one is not well");
  const auto format = std::make_shared<std::string>("table");
  command->add_option("--format", *format, "table or json")->check(CLI::IsMember({"table", "json"}));
  command->callback([format, line] { line->run = [format, line] { return RunStatus(*format, line->endpoints); }; });
}

void AddRebuildCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "rebuild", "build the views again from the log, compare cell by cell, switch when they agree");
  const auto dry_run = std::make_shared<bool>(false);
  const auto timeout_seconds = std::make_shared<int64_t>(3600);
  command->add_flag("--dry-run", *dry_run, "compare only");
  command->add_option("--timeout-seconds", *timeout_seconds, "how long it may take")->check(CLI::Range(1, 604'800));
  command->callback([dry_run, timeout_seconds, line] {
    line->run = [dry_run, timeout_seconds, line] { return RunRebuild(*dry_run, *timeout_seconds, line->endpoints); };
  });
}

}  // namespace sothon::cli
