#include "cli/views/progress_fields.h"

#include <utility>

#include "cli/app/text_tools.h"
#include "cli/views/event_text.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::vector<std::pair<const char*, int64_t>> Named(const v1::Figures& f, bool with_active) {
  std::vector<std::pair<const char*, int64_t>> named = {{"first", f.first()},
                                                        {"returned", f.returned()},
                                                        {"renewed", f.renewed()},
                                                        {"repeat", f.repeat()},
                                                        {"collected", f.collected()}};
  if (with_active) named.emplace_back("active", f.active());
  named.emplace_back("paid_vnd", f.paid_vnd());
  named.emplace_back("central_support_vnd", f.central_support_vnd());
  named.emplace_back("local_support_vnd", f.local_support_vnd());
  return named;
}

}  // namespace

std::string MonthText(int32_t wire) {
  const auto month = CivilMonth::FromWire(wire);
  return month ? month->ToString() : "";
}

std::string SchemeText(const v1::ProgressRow& row) {
  return row.scheme() == v1::SCHEME_UNSPECIFIED ? "" : v1::Scheme_Name(row.scheme());
}

std::string SpanText(const v1::ProgressRow& row) { return AsciiLower(v1::ProgressRow::Span_Name(row.span())); }

std::vector<std::string> FigureColumns(bool with_active) {
  std::vector<std::string> columns;
  for (const auto& [name, value] : Named({}, with_active)) columns.emplace_back(name);
  return columns;
}

void AppendFigureCells(const v1::Figures& figures, bool with_active, std::vector<std::string>* cells) {
  for (const auto& [name, value] : Named(figures, with_active)) cells->push_back(StrCat(value));
}

void WriteFigures(const v1::Figures& figures, bool with_active, JsonWriter* json) {
  json->BeginObject();
  for (const auto& [name, value] : Named(figures, with_active)) json->Key(name).Integer(value);
  json->End();
}

void WriteTargets(const v1::ProgressRow& row, JsonWriter* json) {
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

void WriteGroups(const google::protobuf::RepeatedPtrField<v1::SchemeGroup>& groups, JsonWriter* json) {
  json->Key("scheme_groups").BeginArray();
  for (const v1::SchemeGroup& group : groups) {
    json->BeginObject().Key("scheme_group").Text(group.scheme_group_id()).Key("name").Text(group.name());
    json->Key("schemes").BeginArray();
    for (const int scheme : group.schemes()) json->Text(v1::Scheme_Name(static_cast<v1::Scheme>(scheme)));
    json->End().End();
  }
  json->End();
}

void AppendPublicationCells(const v1::Publication& publication, std::vector<std::string>* cells) {
  const bool is_published = publication.event_position() > 0;
  cells->insert(cells->end(), {DateText(publication.published_date()),
                               is_published ? StrCat(publication.event_position()) : "", publication.by_party_id(),
                               publication.has_digest_holds() ? (publication.digest_holds() ? "1" : "0") : ""});
}

void WritePublication(const v1::Publication* publication, JsonWriter* json) {
  if (publication == nullptr) {
    json->Null();
    return;
  }
  json->BeginObject();
  json->Key("at_position").Unsigned(publication->at_position());
  json->Key("event_position").Unsigned(publication->event_position());
  json->Key("published_date").Text(DateText(publication->published_date()));
  json->Key("by_party_id").Text(publication->by_party_id());
  json->Key("digest_holds");
  if (publication->has_digest_holds()) {
    json->Boolean(publication->digest_holds());
  } else {
    json->Null();
  }
  json->End();
}

}  // namespace sothon::cli
