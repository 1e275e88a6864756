// sothon progress
#include <iostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/app/command_line.h"
#include "cli/app/log_access.h"
#include "cli/directory/directory.h"
#include "cli/views/progress_view.h"
#include "cli/views/query.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct ProgressArguments {
  Query query;
  uint32_t depth = 1;
  bool with_figures = false;
};

// The documents that the targets cite, as far as ingest can be asked: the table does without where it cannot. Those of
// another log are not these.
void AddCitedDocuments(const v1::GetProgressResponse& response, const Endpoints& endpoints,
                       ProgressTableOptions* options) {
  std::set<std::string> ids;
  for (const v1::ProgressRow& row : response.rows()) {
    for (const v1::TargetProgress& target : row.targets()) {
      if (!target.document_id().empty()) ids.insert(target.document_id());
    }
  }
  if (ids.empty()) return;
  const auto stub = IngestAt(endpoints);
  const auto log = FetchStatus(stub.get());
  const bool is_this_log = log.ok() && log->log_id() == response.freshness().log_id();
  const absl::StatusOr<Directory> directory =
      is_this_log ? ReadDirectory(stub.get()) : absl::UnavailableError("no ingest of this log");
  for (const std::string& id : ids) {
    if (!directory.ok()) {
      options->unread_documents.push_back(id);
    } else if (const v1::DocumentIssued* known = directory->FindDocument(id)) {
      options->documents.push_back(*known);
    } else {
      options->unknown_documents.push_back(id);
    }
  }
}

absl::Status FillRequest(const ProgressArguments& arguments, v1::GetProgressRequest* request) {
  const Query& query = arguments.query;
  SOTHON_RETURN_IF_ERROR(CheckQuery(query));
  request->set_place_id(query.place);
  request->set_period(query.period);
  request->set_depth(arguments.depth);
  request->set_min_position(query.min_position);
  if (!query.as_of.empty()) SOTHON_RETURN_IF_ERROR(ParseAsOf(query.as_of, request->mutable_as_of()));
  for (const std::string& name : query.schemes) {
    v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
    SOTHON_RETURN_IF_ERROR(ParseScheme(name, &scheme));
    request->add_schemes(scheme);
  }
  for (const std::string& group : query.groups) request->add_scheme_group_ids(group);
  return absl::OkStatus();
}

ExitStatus RunProgress(const ProgressArguments& arguments, const Endpoints& endpoints) {
  if (arguments.query.as_published) {
    return TellFailure(absl::UnimplementedError(
        "--as-published is not available yet: months are not closed in this version. Ask --as-of the position or the "
        "moment of the publication instead"));
  }
  v1::GetProgressRequest request;
  const absl::Status usage = FillRequest(arguments, &request);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto stub = ProgressAt(endpoints);
  const absl::Status waited = AwaitMinPosition(stub.get(), arguments.query, endpoints);
  if (!waited.ok()) return TellFailure(waited);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetProgressResponse response;
  const absl::Status status = FromProjection(stub->GetProgress(&context, request, &response), endpoints);
  if (!status.ok()) return TellFailure(InTermsOf(arguments.query, status));
  if (arguments.query.format == "json") {
    std::cout << RenderProgressJson(response);
  } else if (arguments.query.format == "csv") {
    std::cerr << TroubleLine(response.freshness());
    std::cout << RenderProgressCsv(response);
  } else {
    ProgressTableOptions options;
    options.place_id = request.place_id();
    options.with_figures = arguments.with_figures;
    AddCitedDocuments(response, endpoints, &options);
    std::cout << RenderProgressTable(response, options);
  }
  return kDone;
}

}  // namespace

void AddProgressCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("progress", "results against targets, village by village and month by month");
  const auto arguments = std::make_shared<ProgressArguments>();
  Query& query = arguments->query;
  AddPlaceAndPeriod(command, &query);
  command->add_option("--scheme", query.schemes, "BHXH_TN, BHYT_HGD, ...; may be repeated (default: all)");
  command->add_option("--group", query.groups, "scheme group, for example BHYT_TU_DONG; may be repeated");
  command->add_option("--depth", arguments->depth, "levels below the place: 0 itself, 1 its villages too")
      ->check(CLI::Range(0, 8));
  AddAsOf(command, &query);
  command->add_flag("--as-published", query.as_published, "as stored when the month was closed");
  command->add_flag("--figures", arguments->with_figures, "in the table: also people and money of every scheme");
  command->add_option("--format", query.format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunProgress(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
