// Progress for programs: stable columns and keys, documented in docs/formats/cli.md.
#include <algorithm>
#include <map>

#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/views/progress_fields.h"
#include "cli/views/progress_view.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

void AppendTargetCells(const v1::TargetProgress* target, std::vector<std::string>* cells) {
  if (target == nullptr) {
    cells->insert(cells->end(), 10, "");
    return;
  }
  cells->insert(cells->end(), {v1::Measure_Name(target->measure()), StrCat(target->target()),
                               StrCat(target->achieved()), StrCat(target->remaining()),
                               target->has_attainment_percent() ? StrCat(target->attainment_percent()) : "",
                               StrCat(target->months_with_target()), StrCat(target->months_met()),
                               target->summed() ? "1" : "0", target->document_id(), target->reading()});
}

// Empty where there is none, as of an office's own row.
std::string LevelText(v1::PlaceLevel level) {
  return level == v1::PLACE_LEVEL_UNSPECIFIED ? "" : v1::PlaceLevel_Name(level);
}

void WritePlace(const v1::PlaceInfo& place, JsonWriter* json) {
  json->BeginObject();
  json->Key("place_id").Text(place.place_id());
  json->Key("name").Text(place.name());
  json->Key("level").Text(LevelText(place.level()));
  json->Key("parent_place_id").Text(place.parent_place_id());
  json->Key("former_unit").Text(place.former_unit());
  json->Key("former_unit_provenance").Text(v1::Provenance_Name(place.former_unit_provenance()));
  json->Key("document_id").Text(place.document_id());
  json->Key("source_row").Unsigned(place.source_row());
  json->End();
}

void WriteRow(const v1::ProgressRow& row, JsonWriter* json) {
  json->BeginObject();
  json->Key("place_id").Text(row.place_id());
  json->Key("scheme").Text(SchemeText(row));
  json->Key("scheme_group").Text(row.scheme_group_id());
  json->Key("span").Text(SpanText(row));
  json->Key("from_month").Text(MonthText(row.from_month()));
  json->Key("month").Text(MonthText(row.month()));
  json->Key("figures");
  WriteFigures(row.figures(), true, json);
  WriteTargets(row, json);
  json->Key("last_change_position").Unsigned(row.last_change_position());
  json->Key("party_id").Text(row.party_id());
  json->End();
}

}  // namespace

std::string RenderProgressCsv(const v1::GetProgressResponse& response) {
  std::map<std::string, const v1::PlaceInfo*> places;
  for (const v1::PlaceInfo& place : response.places()) places[place.place_id()] = &place;
  std::string out;
  std::vector<std::string> header = {"place_id",     "place_name", "level",      "source_row", "scheme",
                                     "scheme_group", "span",       "from_month", "month"};
  for (std::string& column : FigureColumns(true)) header.push_back(std::move(column));
  header.insert(header.end(),
                {"measure", "target", "achieved", "remaining", "attainment_percent", "months_with_target", "months_met",
                 "summed", "document_id", "reading", "log_id", "position", "contains_synthetic", "party_id",
                 "published_date", "publication_position", "published_by", "digest_holds"});
  AppendCsvRecord(header, ',', &out);
  for (const v1::ProgressRow& row : response.rows()) {
    const auto found = places.find(row.place_id());
    const v1::PlaceInfo place = found == places.end() ? v1::PlaceInfo() : *found->second;
    std::vector<std::string> begin = {row.place_id(),
                                      place.name(),
                                      LevelText(place.level()),
                                      place.source_row() > 0 ? StrCat(place.source_row()) : "",
                                      SchemeText(row),
                                      row.scheme_group_id(),
                                      SpanText(row),
                                      MonthText(row.from_month()),
                                      MonthText(row.month())};
    AppendFigureCells(row.figures(), true, &begin);
    const int targets = std::max(1, row.targets_size());
    for (int i = 0; i < targets; ++i) {
      std::vector<std::string> cells = begin;
      AppendTargetCells(i < row.targets_size() ? &row.targets(i) : nullptr, &cells);
      cells.insert(cells.end(), {response.freshness().log_id(), StrCat(response.freshness().position()),
                                 response.contains_synthetic() ? "1" : "0", row.party_id()});
      AppendPublicationCells(response.publication(), &cells);
      AppendCsvRecord(cells, ',', &out);
    }
  }
  return out;
}

std::string RenderProgressJson(const v1::GetProgressResponse& response) {
  JsonWriter json;
  json.BeginObject();
  WriteFreshness(response.freshness(), &json);
  json.Key("period").Text(response.period());
  json.Key("contains_synthetic").Boolean(response.contains_synthetic());
  json.Key("notices").BeginArray();
  for (const std::string& notice : response.notices()) json.Text(notice);
  json.End();
  WriteGroups(response.scheme_groups(), &json);
  json.Key("places").BeginArray();
  for (const v1::PlaceInfo& place : response.places()) WritePlace(place, &json);
  json.End();
  json.Key("rows").BeginArray();
  for (const v1::ProgressRow& row : response.rows()) WriteRow(row, &json);
  json.End();
  json.Key("publication");
  WritePublication(response.has_publication() ? &response.publication() : nullptr, &json);
  json.End();
  return json.text() + "\n";
}

}  // namespace sothon::cli
