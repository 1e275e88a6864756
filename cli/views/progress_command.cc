// sothon progress
#include <iostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/app/command_line.h"
#include "cli/app/log_access.h"
#include "cli/app/text_tools.h"
#include "cli/directory/directory.h"
#include "cli/views/party_view.h"
#include "cli/views/progress_view.h"
#include "cli/views/publications.h"
#include "cli/views/query.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct ProgressArguments {
  Query query;
  uint32_t depth = 1;
  bool with_figures = false;
  bool by_desk = false;
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

constexpr char kOffered[] = "--place, --office, --party, --drive, --kind and --every-drive";

// What requests about places and about parties have in common.
template <typename Request>
absl::Status FillCommon(const Query& query, Request* request) {
  request->set_period(query.period);
  request->set_min_position(query.min_position);
  if (query.as_published) request->mutable_as_of()->set_published(true);
  if (!query.as_of.empty()) SOTHON_RETURN_IF_ERROR(ParseAsOf(query.as_of, request->mutable_as_of()));
  return AddUnits(query, request);
}

absl::Status FillRequest(const ProgressArguments& arguments, v1::GetProgressRequest* request) {
  request->set_place_id(arguments.query.place);
  request->set_office_party_id(arguments.query.office);
  request->set_depth(arguments.depth);
  return FillCommon(arguments.query, request);
}

absl::Status FillRequest(const ProgressArguments& arguments, v1::GetPartyProgressRequest* request) {
  const Query& query = arguments.query;
  request->set_party_id(query.party);
  request->set_drive_id(query.drive);
  request->set_every_drive(query.every_drive);
  request->set_by_desk(arguments.by_desk);
  v1::PartyKind kind = v1::PARTY_KIND_UNSPECIFIED;
  if (!query.kind.empty() && !v1::PartyKind_Parse(AsciiUpper(query.kind), &kind)) {
    return absl::InvalidArgumentError(StrCat("--kind ", query.kind, " is no kind of party"));
  }
  request->set_kind(kind);
  return FillCommon(query, request);
}

bool IsAboutPlaces(const Query& query) { return !query.place.empty() || !query.office.empty(); }

absl::Status CheckArguments(const ProgressArguments& arguments) {
  const Query& query = arguments.query;
  SOTHON_RETURN_IF_ERROR(CheckQuery(query, kOffered));
  if (arguments.by_desk && query.party.empty() && query.kind != "agency") {
    return absl::InvalidArgumentError("--by-desk goes with --party (an agency) and --kind agency");
  }
  if (arguments.with_figures && !IsAboutPlaces(query)) {
    return absl::InvalidArgumentError("--figures goes with --place and --office: the others show nothing but figures");
  }
  return absl::OkStatus();
}

// An answer of an office alone (depth 0) names none of the places that it has.
bool HasPlaces(v1::GetProgressRequest request, v1::ProgressService::StubInterface* stub) {
  if (request.depth() > 0) return false;
  request.set_depth(1);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetProgressResponse response;
  // Where that cannot be told, what was answered stands.
  return !stub->GetProgress(&context, request, &response).ok() || !response.places().empty();
}

ExitStatus RunOfPlaces(const ProgressArguments& arguments, const v1::GetProgressRequest& request,
                       v1::ProgressService::StubInterface* stub, const Endpoints& endpoints) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetProgressResponse response;
  const absl::Status status = FromProjection(stub->GetProgress(&context, request, &response), endpoints);
  if (!status.ok()) return TellFailure(InTermsOf(arguments.query, status));
  if (!arguments.query.office.empty() && response.places().empty() && !HasPlaces(request, stub)) {
    const std::string& office = arguments.query.office;
    return TellFailure(absl::NotFoundError(
        StrCat("--office ", office,
               " has no places: none is assigned to it, nor to an office below it. Assign them with "
               "[[jurisdictions]] of a plan file (`sothon plan`), or ask for what it brought in itself with --party ",
               office)));
  }
  if (arguments.query.format == "json") {
    std::cout << RenderProgressJson(response);
  } else if (arguments.query.format == "csv") {
    std::cerr << TroubleLine(response.freshness());
    std::cout << RenderProgressCsv(response);
  } else {
    ProgressTableOptions options;
    options.place_id = request.place_id();
    options.office_party_id = request.office_party_id();
    options.with_figures = arguments.with_figures;
    AddCitedDocuments(response, endpoints, &options);
    std::cout << RenderProgressTable(response, options);
  }
  const v1::Publication& publication = response.publication();
  if (!publication.has_digest_holds() || publication.digest_holds()) return kDone;
  return TellFailure(absl::DataLossError(WrongDigest(publication)));
}

ExitStatus RunOfParties(const ProgressArguments& arguments, const v1::GetPartyProgressRequest& request,
                        v1::ProgressService::StubInterface* stub, const Endpoints& endpoints) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::GetPartyProgressResponse response;
  const absl::Status status = FromProjection(stub->GetPartyProgress(&context, request, &response), endpoints);
  if (!status.ok()) return TellFailure(InTermsOf(arguments.query, status));
  if (arguments.query.format == "json") {
    std::cout << RenderPartyJson(response);
  } else if (arguments.query.format == "csv") {
    std::cerr << TroubleLine(response.freshness());
    std::cout << RenderPartyCsv(response);
  } else {
    std::cout << RenderPartyTable(response);
  }
  return kDone;
}

ExitStatus RunProgress(const ProgressArguments& arguments, const Endpoints& endpoints) {
  v1::GetProgressRequest of_places;
  v1::GetPartyProgressRequest of_parties;
  const bool is_about_places = IsAboutPlaces(arguments.query);
  if (arguments.query.as_published && !arguments.query.place.empty() && IsWeek(arguments.query.period)) {
    return TellWrongUsage(NoFiguresOfWeek(arguments.query.place, arguments.query.period, endpoints));
  }
  absl::Status usage = CheckArguments(arguments);
  if (usage.ok()) usage = is_about_places ? FillRequest(arguments, &of_places) : FillRequest(arguments, &of_parties);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto stub = ProgressAt(endpoints);
  const absl::Status waited = AwaitMinPosition(stub.get(), arguments.query, endpoints);
  if (!waited.ok()) return TellFailure(waited);
  return is_about_places ? RunOfPlaces(arguments, of_places, stub.get(), endpoints)
                         : RunOfParties(arguments, of_parties, stub.get(), endpoints);
}

}  // namespace

void AddProgressCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "progress",
      "results against targets, village by village and month by month; or what parties and drives brought in");
  const auto arguments = std::make_shared<ProgressArguments>();
  Query& query = arguments->query;
  command->add_option("--place", query.place, "of a province 51, commune 23500 or village 23500-07");
  command->add_option("--office", query.office, "or of all places of an office, and of the offices below it: its id");
  command->add_option("--party", query.party, "or of an agency, collector, official, union or school: its id");
  command->add_option("--drive", query.drive, "or of a drive: its id");
  command->add_option("--kind", query.kind, "or of every agency, collector, official, union or school")
      ->transform(CLI::IsMember({"agency", "collector", "official", "union", "school"}, CLI::ignore_case));
  command->add_flag("--every-drive", query.every_drive, "or of every drive");
  AddPeriod(command, &query);
  command->add_option("--scheme", query.schemes, "BHXH_TN, BHYT_HGD, ...; may be repeated (default: all)");
  command->add_option("--group", query.groups, "scheme group, for example BHYT_TU_DONG; may be repeated");
  command->add_option("--depth", arguments->depth, "levels below the place: 0 itself, 1 its villages too")
      ->check(CLI::Range(0, 8));
  command->add_flag("--by-desk", arguments->by_desk, "of agencies: also each of their collectors");
  AddAsOf(command, &query);
  command->add_flag("--as-published", query.as_published, "as the period was published, whatever came since");
  command->add_flag("--figures", arguments->with_figures, "in the table: also people and money of every scheme");
  command->add_option("--format", query.format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunProgress(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
