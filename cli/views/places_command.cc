// sothon places: the places the book knows.
#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "cli/app/command_line.h"
#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/format/table.h"
#include "cli/import/fields.h"
#include "cli/views/progress_view.h"
#include "cli/views/query.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct PlacesArguments {
  std::string place;
  std::string date;
  std::string as_of;
  std::string format = "table";
};

std::string FormerUnit(const v1::PlaceInfo& place) {
  if (place.former_unit().empty()) return "";
  return StrCat(place.former_unit(), place.former_unit_provenance() == v1::INFERRED ? " (suy ra)" : "");
}

std::string RowText(const v1::PlaceInfo& place) { return place.source_row() > 0 ? StrCat(place.source_row()) : ""; }

void PrintTable(const v1::ListPlacesResponse& response) {
  std::cout << TroubleLine(response.freshness()) << DescribeFreshness(response.freshness()) << "\n\n";
  Table table({{"mã"}, {"cấp"}, {"tên"}, {"thuộc"}, {"STT", Align::kRight}, {"văn bản"}, {"đơn vị cũ"}});
  for (const v1::PlaceInfo& place : response.places()) {
    table.AddRow({place.place_id(), LevelName(place.level()), place.name(), place.parent_place_id(), RowText(place),
                  place.document_id(), FormerUnit(place)});
  }
  std::cout << table.Render();
}

void PrintCsv(const v1::ListPlacesResponse& response) {
  std::string out;
  AppendCsvRecord({"place_id", "level", "name", "parent_place_id", "source_row", "document_id", "former_unit",
                   "former_unit_provenance", "aliases"},
                  ',', &out);
  for (const v1::PlaceInfo& place : response.places()) {
    AppendCsvRecord({place.place_id(), v1::PlaceLevel_Name(place.level()), place.name(), place.parent_place_id(),
                     RowText(place), place.document_id(), place.former_unit(),
                     v1::Provenance_Name(place.former_unit_provenance()), absl::StrJoin(place.aliases(), "|")},
                    ',', &out);
  }
  std::cout << out;
}

void PrintJson(const v1::ListPlacesResponse& response) {
  JsonWriter json;
  json.BeginObject().Key("position").Unsigned(response.freshness().position()).Key("places").BeginArray();
  for (const v1::PlaceInfo& place : response.places()) {
    json.BeginObject().Key("place_id").Text(place.place_id()).Key("level").Text(v1::PlaceLevel_Name(place.level()));
    json.Key("name").Text(place.name()).Key("parent_place_id").Text(place.parent_place_id());
    json.Key("source_row").Unsigned(place.source_row()).Key("document_id").Text(place.document_id());
    json.Key("former_unit").Text(place.former_unit());
    json.Key("former_unit_provenance").Text(v1::Provenance_Name(place.former_unit_provenance()));
    json.Key("aliases").BeginArray();
    for (const std::string& alias : place.aliases()) json.Text(alias);
    json.End().End();
  }
  json.End().End();
  std::cout << json.text() << "\n";
}

absl::Status FillRequest(const PlacesArguments& arguments, v1::ListPlacesRequest* request) {
  if (!arguments.as_of.empty()) SOTHON_RETURN_IF_ERROR(ParseAsOf(arguments.as_of, request->mutable_as_of()));
  if (arguments.date.empty()) return absl::OkStatus();
  Problem problem;
  const auto date = ParseDateField(arguments.date, &problem);
  if (!date) return absl::InvalidArgumentError(StrCat("--date: ", problem.reason, "; ", problem.remedy));
  request->set_date(date->ToWire());
  return absl::OkStatus();
}

ExitStatus RunPlaces(const PlacesArguments& arguments, const Endpoints& endpoints) {
  v1::ListPlacesRequest request;
  const absl::Status usage = FillRequest(arguments, &request);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto stub = ProgressAt(endpoints);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::ListPlacesResponse all;
  const absl::Status status = FromProjection(stub->ListPlaces(&context, request, &all), endpoints);
  if (!status.ok()) return TellFailure(status);
  v1::ListPlacesResponse response;
  *response.mutable_freshness() = all.freshness();
  for (const v1::PlaceInfo& place : all.places()) {
    const bool is_wanted =
        arguments.place.empty() || place.place_id() == arguments.place || place.parent_place_id() == arguments.place;
    if (is_wanted) *response.add_places() = place;
  }
  if (!arguments.place.empty() && response.places().empty()) {
    return TellFailure(absl::NotFoundError(StrCat("--place ", arguments.place, " is not in the book",
                                                  arguments.date.empty() ? "" : StrCat(" on ", arguments.date),
                                                  "; `sothon places` lists what is")));
  }
  if (arguments.format == "json") {
    PrintJson(response);
  } else if (arguments.format == "csv") {
    PrintCsv(response);
  } else {
    PrintTable(response);
  }
  return kDone;
}

}  // namespace

void AddPlacesCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command =
      app->add_subcommand("places", "provinces, communes, villages: their codes, names and former units");
  const auto arguments = std::make_shared<PlacesArguments>();
  command->add_option("--place", arguments->place, "only this place and its children");
  command->add_option("--date", arguments->date,
                      "the tree as of a day, 2025-12-31: without places merged or split up by then");
  command->add_option("--as-of", arguments->as_of, "as known at a position (4711 or @4711) or a moment (2025-12-05)");
  command->add_option("--format", arguments->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunPlaces(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
