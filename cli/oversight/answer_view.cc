#include "cli/oversight/answer_view.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/csv/csv_reader.h"
#include "cli/format/json_writer.h"
#include "cli/format/table.h"
#include "cli/views/event_text.h"
#include "cli/views/progress_fields.h"
#include "cli/views/progress_words.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr size_t kPositionsShown = 5;

// What the visitors of Cell::value below have in common: one function for each alternative.
struct CsvText {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(bool value) const { return value ? "1" : "0"; }
  std::string operator()(const Cell::Texts& values) const { return absl::StrJoin(values, "|"); }
  std::string operator()(const Cell::Numbers& values) const { return absl::StrJoin(values, "|"); }
  template <typename Number>
  std::string operator()(Number value) const {
    return StrCat(value);
  }
};

struct JsonValue {
  JsonWriter* json;
  void operator()(std::monostate) const { json->Null(); }
  void operator()(const std::string& value) const { json->Text(value); }
  void operator()(int64_t value) const { json->Integer(value); }
  void operator()(uint64_t value) const { json->Unsigned(value); }
  void operator()(double value) const { json->Number(value); }
  void operator()(bool value) const { json->Boolean(value); }
  void operator()(const Cell::Texts& values) const {
    json->BeginArray();
    for (const std::string& value : values) json->Text(value);
    json->End();
  }
  void operator()(const Cell::Numbers& values) const {
    json->BeginArray();
    for (const uint64_t value : values) json->Unsigned(value);
    json->End();
  }
};

std::string RenderTable(const RecordList& list) {
  std::string out = list.title.empty() ? "" : StrCat(list.title, "\n");
  if (list.records.empty()) return StrCat(out, list.if_empty, "\n");
  std::vector<TableColumn> columns;
  for (const Column& column : list.columns) {
    if (column.reader != Column::kPrograms) columns.push_back({column.title, column.align});
  }
  Table table(std::move(columns));
  for (const std::vector<Cell>& record : list.records) {
    std::vector<std::string> cells;
    for (size_t i = 0; i < record.size(); ++i) {
      if (list.columns[i].reader != Column::kPrograms) cells.push_back(record[i].text);
    }
    table.AddRow(std::move(cells));
  }
  return StrCat(out, table.Render());
}

// What an answer reflects: whole lines.
std::string Source(const v1::Freshness& freshness, bool contains_synthetic, Language language) {
  if (language == Language::kVietnamese) {
    return StrCat(TroubleLine(freshness), SyntheticLine(contains_synthetic), DescribeFreshness(freshness), "\n");
  }
  std::string out;
  if (!freshness.trouble().empty()) {
    StrAppend(&out, "*** NOT UP TO DATE: ", freshness.trouble(), " (last heard from the log ",
              static_cast<int64_t>(freshness.heard_seconds_ago()), " seconds ago) ***\n");
  }
  if (contains_synthetic) out += "*** MADE-UP DATA (synthetic): no real figures ***\n";
  StrAppend(&out, "Log ", freshness.log_id(), ", position ", freshness.position());
  if (freshness.recorded_at_us() > 0) {
    StrAppend(&out, " (recorded ", FormatMoment(freshness.recorded_at_us()).substr(0, 19), ")");
  }
  if (freshness.lag_events() > 0) {
    StrAppend(&out, ", events not counted yet: ", freshness.lag_events(),
              absl::StrFormat(" (%.1f seconds behind)", freshness.lag_seconds()));
  }
  return out + "\n";
}

}  // namespace

Cell TextCell(std::string value) { return {value, value}; }
Cell WordCell(std::string value, std::string text) { return {std::move(value), std::move(text)}; }
Cell CountCell(int64_t value, Language language) {
  return {value, language == Language::kEnglish ? StrCat(value) : FormatThousands(value)};
}
Cell NumberCell(uint64_t value) { return {value, StrCat(value)}; }
Cell PositionCell(uint64_t position) { return position == 0 ? Cell{} : NumberCell(position); }
Cell DateCell(int32_t wire) { return TextCell(DateText(wire)); }
Cell MonthCell(int32_t wire) { return TextCell(MonthText(wire)); }
Cell FlagCell(bool value, const char* text) { return {value, value ? text : ""}; }
Cell CountOrUnknownCell(std::optional<int64_t> value) { return value ? CountCell(*value) : Cell{{}, kUnknown}; }
Cell PercentCell(std::optional<double> value) {
  return value ? Cell{*value, FormatPercent(*value)} : Cell{{}, kUnknown};
}
Cell TextsCell(Cell::Texts values) {
  std::string text = absl::StrJoin(values, ", ");
  return {std::move(values), std::move(text)};
}
Cell PositionsCell(Cell::Numbers positions, uint64_t count) {
  const size_t shown = std::min(positions.size(), kPositionsShown);
  std::string text = absl::StrJoin(positions.begin(), positions.begin() + static_cast<std::ptrdiff_t>(shown), ", ");
  if (count > shown) StrAppend(&text, " … (+", count - shown, ")");
  return {std::move(positions), std::move(text)};
}

AnswerView OnlyList(AnswerView view, const std::string& name) {
  std::erase_if(view.lists, [&name](const RecordList& list) { return list.name != name; });
  for (RecordList& list : view.lists) list.is_shown = true;
  return view;
}

std::string RenderTables(const AnswerView& view) {
  std::string out = view.heading;
  if (view.date != 0) StrAppend(&out, In(view.language, " · ngày ", " · as of "), DateText(view.date));
  out += "\n";
  if (view.freshness) out += Source(*view.freshness, view.contains_synthetic, view.language);
  for (const RecordList& list : view.lists) {
    if (list.is_shown) StrAppend(&out, "\n", RenderTable(list));
  }
  if (!view.notes.empty()) StrAppend(&out, "\n", absl::StrJoin(view.notes, "\n"), "\n");
  return out;
}

std::string RenderCsv(const AnswerView& view) {
  const RecordList& list = view.lists.front();
  std::string out;
  std::vector<std::string> header;
  for (const Column& column : list.columns) {
    if (column.reader != Column::kPeople) header.push_back(column.name);
  }
  std::vector<std::string> tail;
  if (view.freshness) {
    header.insert(header.end(), {"answer_date", "answer_log_id", "answer_position", "contains_synthetic"});
    tail = {DateText(view.date), view.freshness->log_id(), StrCat(view.freshness->position()),
            view.contains_synthetic ? "1" : "0"};
  }
  AppendCsvRecord(header, ',', &out);
  for (const std::vector<Cell>& record : list.records) {
    std::vector<std::string> cells;
    for (size_t i = 0; i < record.size(); ++i) {
      if (list.columns[i].reader != Column::kPeople) cells.push_back(std::visit(CsvText(), record[i].value));
    }
    cells.insert(cells.end(), tail.begin(), tail.end());
    AppendCsvRecord(cells, ',', &out);
  }
  return out;
}

std::string RenderJson(const AnswerView& view) {
  JsonWriter json;
  json.BeginObject();
  if (view.freshness) {
    WriteFreshness(*view.freshness, &json);
    json.Key("date").Text(DateText(view.date)).Key("contains_synthetic").Boolean(view.contains_synthetic);
  }
  for (const auto& [name, cell] : view.facts) {
    json.Key(name);
    std::visit(JsonValue{&json}, cell.value);
  }
  for (const RecordList& list : view.lists) {
    json.Key(list.name).BeginArray();
    for (const std::vector<Cell>& record : list.records) {
      json.BeginObject();
      for (size_t i = 0; i < record.size(); ++i) {
        if (list.columns[i].reader == Column::kPeople) continue;
        json.Key(list.columns[i].name);
        std::visit(JsonValue{&json}, record[i].value);
      }
      json.End();
    }
    json.End();
  }
  json.End();
  return json.text() + "\n";
}

}  // namespace sothon::cli
