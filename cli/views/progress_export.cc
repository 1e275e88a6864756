// Progress for programs: stable columns and keys, documented in docs/formats/cli.md.
#include <map>

#include "cli/app/text_tools.h"
#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/views/progress_view.h"
#include "common/base/civil_time.h"

namespace sothon::cli {
namespace {

std::string MonthText(int32_t wire) {
  const auto month = CivilMonth::FromWire(wire);
  return month ? month->ToString() : "";
}

std::string SchemeText(const v1::ProgressRow& row) {
  return row.scheme() == v1::SCHEME_UNSPECIFIED ? "" : v1::Scheme_Name(row.scheme());
}

std::string SpanText(const v1::ProgressRow& row) { return AsciiLower(v1::ProgressRow::Span_Name(row.span())); }

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

void WriteFreshness(const v1::Freshness& freshness, JsonWriter* json) {
  json->Key("log_id").Text(freshness.log_id());
  json->Key("position").Unsigned(freshness.position());
  json->Key("head_position").Unsigned(freshness.head_position());
  json->Key("lag_events").Unsigned(freshness.lag_events());
  json->Key("lag_seconds").Number(freshness.lag_seconds());
  json->Key("recorded_at").Text(freshness.recorded_at_us() > 0 ? FormatMoment(freshness.recorded_at_us()) : "");
  json->Key("trouble").Text(freshness.trouble());
  json->Key("heard_seconds_ago").Number(freshness.heard_seconds_ago());
}

void WritePlace(const v1::PlaceInfo& place, JsonWriter* json) {
  json->BeginObject();
  json->Key("place_id").Text(place.place_id());
  json->Key("name").Text(place.name());
  json->Key("level").Text(v1::PlaceLevel_Name(place.level()));
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
  const v1::Figures& figures = row.figures();
  json->Key("figures").BeginObject();
  json->Key("first").Integer(figures.first());
  json->Key("returned").Integer(figures.returned());
  json->Key("renewed").Integer(figures.renewed());
  json->Key("repeat").Integer(figures.repeat());
  json->Key("collected").Integer(figures.collected());
  json->Key("active").Integer(figures.active());
  json->Key("paid_vnd").Integer(figures.paid_vnd());
  json->Key("central_support_vnd").Integer(figures.central_support_vnd());
  json->Key("local_support_vnd").Integer(figures.local_support_vnd());
  json->End();
  json->Key("targets").BeginArray();
  for (const v1::TargetProgress& target : row.targets()) {
    json->BeginObject();
    json->Key("target_id").Text(target.target_id());
    json->Key("measure").Text(v1::Measure_Name(target.measure()));
    json->Key("target").Integer(target.target());
    json->Key("achieved").Integer(target.achieved());
    json->Key("remaining").Integer(target.remaining());
    json->Key("attainment_percent");
    if (target.has_attainment_percent()) {
      json->Number(target.attainment_percent());
    } else {
      json->Null();
    }
    json->Key("months_with_target").Unsigned(target.months_with_target());
    json->Key("months_met").Unsigned(target.months_met());
    json->Key("summed").Boolean(target.summed());
    json->Key("document_id").Text(target.document_id());
    json->Key("reading").Text(target.reading());
    json->End();
  }
  json->End();
  json->Key("last_change_position").Unsigned(row.last_change_position());
  json->End();
}

}  // namespace

std::string RenderProgressCsv(const v1::GetProgressResponse& response) {
  std::map<std::string, const v1::PlaceInfo*> places;
  for (const v1::PlaceInfo& place : response.places()) places[place.place_id()] = &place;
  std::string out;
  AppendCsvRecord({"place_id",
                   "place_name",
                   "level",
                   "source_row",
                   "scheme",
                   "scheme_group",
                   "span",
                   "from_month",
                   "month",
                   "first",
                   "returned",
                   "renewed",
                   "repeat",
                   "collected",
                   "active",
                   "paid_vnd",
                   "central_support_vnd",
                   "local_support_vnd",
                   "measure",
                   "target",
                   "achieved",
                   "remaining",
                   "attainment_percent",
                   "months_with_target",
                   "months_met",
                   "summed",
                   "document_id",
                   "reading",
                   "log_id",
                   "position",
                   "contains_synthetic"},
                  ',', &out);
  for (const v1::ProgressRow& row : response.rows()) {
    const auto found = places.find(row.place_id());
    const v1::PlaceInfo place = found == places.end() ? v1::PlaceInfo() : *found->second;
    const v1::Figures& f = row.figures();
    std::vector<std::string> begin = {row.place_id(),
                                      place.name(),
                                      v1::PlaceLevel_Name(place.level()),
                                      place.source_row() > 0 ? StrCat(place.source_row()) : "",
                                      SchemeText(row),
                                      row.scheme_group_id(),
                                      SpanText(row),
                                      MonthText(row.from_month()),
                                      MonthText(row.month())};
    for (int64_t value : {f.first(), f.returned(), f.renewed(), f.repeat(), f.collected(), f.active(), f.paid_vnd(),
                          f.central_support_vnd(), f.local_support_vnd()}) {
      begin.push_back(StrCat(value));
    }
    const int targets = std::max(1, row.targets_size());
    for (int i = 0; i < targets; ++i) {
      std::vector<std::string> cells = begin;
      AppendTargetCells(i < row.targets_size() ? &row.targets(i) : nullptr, &cells);
      cells.insert(cells.end(), {response.freshness().log_id(), StrCat(response.freshness().position()),
                                 response.contains_synthetic() ? "1" : "0"});
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
  json.Key("scheme_groups").BeginArray();
  for (const v1::SchemeGroup& group : response.scheme_groups()) {
    json.BeginObject().Key("scheme_group").Text(group.scheme_group_id()).Key("name").Text(group.name());
    json.Key("schemes").BeginArray();
    for (int scheme : group.schemes()) json.Text(v1::Scheme_Name(static_cast<v1::Scheme>(scheme)));
    json.End().End();
  }
  json.End();
  json.Key("places").BeginArray();
  for (const v1::PlaceInfo& place : response.places()) WritePlace(place, &json);
  json.End();
  json.Key("rows").BeginArray();
  for (const v1::ProgressRow& row : response.rows()) WriteRow(row, &json);
  json.End();
  json.End();
  return json.text() + "\n";
}

}  // namespace sothon::cli
