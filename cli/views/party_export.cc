// Figures of parties and drives for programs: stable columns and keys, documented in docs/formats/cli.md.
#include <map>

#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/views/party_view.h"
#include "cli/views/progress_fields.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::string KindText(const v1::PartyInfo& party) {
  return party.kind() == v1::PARTY_KIND_UNSPECIFIED ? "" : v1::PartyKind_Name(party.kind());
}

void WriteRow(const v1::ProgressRow& row, JsonWriter* json) {
  json->BeginObject();
  json->Key("party_id").Text(row.party_id());
  json->Key("agency_id").Text(row.agency_id());
  json->Key("drive_id").Text(row.drive_id());
  json->Key("scheme").Text(SchemeText(row));
  json->Key("scheme_group").Text(row.scheme_group_id());
  json->Key("span").Text(SpanText(row));
  json->Key("from_month").Text(MonthText(row.from_month()));
  json->Key("month").Text(MonthText(row.month()));
  json->Key("figures");
  WriteFigures(row.figures(), false, json);
  WriteTargets(row, json);
  json->Key("last_change_position").Unsigned(row.last_change_position());
  json->End();
}

}  // namespace

std::string RenderPartyCsv(const v1::GetPartyProgressResponse& response) {
  std::map<std::string, const v1::PartyInfo*> parties;
  for (const v1::PartyInfo& party : response.parties()) parties[party.party_id()] = &party;
  std::vector<std::string> header = {"party_id", "party_name",   "party_kind", "agency_id",  "drive_id",
                                     "scheme",   "scheme_group", "span",       "from_month", "month"};
  for (std::string& column : FigureColumns(false)) header.push_back(std::move(column));
  header.insert(header.end(), {"log_id", "position", "contains_synthetic"});
  std::string out;
  AppendCsvRecord(header, ',', &out);
  for (const v1::ProgressRow& row : response.rows()) {
    const auto found = parties.find(row.party_id());
    const v1::PartyInfo party = found == parties.end() ? v1::PartyInfo() : *found->second;
    std::vector<std::string> cells = {row.party_id(),        party.name(),   KindText(party),
                                      row.agency_id(),       row.drive_id(), SchemeText(row),
                                      row.scheme_group_id(), SpanText(row),  MonthText(row.from_month()),
                                      MonthText(row.month())};
    AppendFigureCells(row.figures(), false, &cells);
    cells.insert(cells.end(), {response.freshness().log_id(), StrCat(response.freshness().position()),
                               response.contains_synthetic() ? "1" : "0"});
    AppendCsvRecord(cells, ',', &out);
  }
  return out;
}

std::string RenderPartyJson(const v1::GetPartyProgressResponse& response) {
  JsonWriter json;
  json.BeginObject();
  WriteFreshness(response.freshness(), &json);
  json.Key("period").Text(response.period());
  json.Key("contains_synthetic").Boolean(response.contains_synthetic());
  WriteGroups(response.scheme_groups(), &json);
  json.Key("parties").BeginArray();
  for (const v1::PartyInfo& party : response.parties()) {
    json.BeginObject();
    json.Key("party_id").Text(party.party_id());
    json.Key("kind").Text(KindText(party));
    json.Key("name").Text(party.name());
    json.Key("parent_party_id").Text(party.parent_party_id());
    json.End();
  }
  json.End();
  json.Key("rows").BeginArray();
  for (const v1::ProgressRow& row : response.rows()) WriteRow(row, &json);
  json.End();
  json.End();
  return json.text() + "\n";
}

}  // namespace sothon::cli
