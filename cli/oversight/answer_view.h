// An answer of the oversight as lists of records: one model, printed as tables in Vietnamese or, where its texts are in
// both, in English, as CSV or as JSON.
//
// The names of lists and columns are the stable interface of CSV and JSON (docs/formats/cli.md); titles and the texts
// of cells are for people and may change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/text.h"
#include "sothon/v1/reading.pb.h"

namespace sothon::cli {

enum class Language { kVietnamese, kEnglish };
// Of the two, the one in `language`.
inline const char* In(Language language, const char* vietnamese, const char* english) {
  return language == Language::kEnglish ? english : vietnamese;
}

// What stands in one field: for programs `value`, for people `text`.
struct Cell {
  using Texts = std::vector<std::string>;
  using Numbers = std::vector<uint64_t>;
  std::variant<std::monostate, std::string, int64_t, uint64_t, double, bool, Texts, Numbers> value;
  std::string text;
};

// The value is also the text, unless another one is given.
Cell TextCell(std::string value);
Cell WordCell(std::string value, std::string text);
// 1.234 in Vietnamese tables, 1234 in English ones, which would read a fraction there.
Cell CountCell(int64_t value, Language language = Language::kVietnamese);
// 0 is none: empty in tables, null in JSON.
Cell PositionCell(uint64_t position);
Cell NumberCell(uint64_t value);
// YYYYMMDD, YYYYMM; 0 is none: empty text.
Cell DateCell(int32_t wire);
Cell MonthCell(int32_t wire);
// Whether it is so; people read `text` or nothing.
Cell FlagCell(bool value, const char* text);
// nullopt: unknown, which is not 0.
Cell CountOrUnknownCell(std::optional<int64_t> value);
Cell PercentCell(std::optional<double> value);
Cell TextsCell(Cell::Texts values);
// At most the first few are shown to people, with how many there are: `count`.
Cell PositionsCell(Cell::Numbers positions, uint64_t count);

struct Column {
  enum Reader { kBoth, kPeople, kPrograms };
  std::string name;   // for programs
  std::string title;  // for people
  Align align = Align::kLeft;
  Reader reader = kBoth;
};

struct RecordList {
  std::string name;
  std::string title;  // above its table; empty: none
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> records = {};  // as many cells as there are columns
  std::string if_empty = "Không có gì.";        // what people read in place of a table without lines
  bool is_shown = true;                         // to people; programs always get it
};

struct AnswerView {
  std::string heading;  // "PHÁT HIỆN · 23500"
  // Absent: an answer that depends on no log.
  std::optional<v1::Freshness> freshness;
  int32_t date = 0;
  bool contains_synthetic = false;
  std::vector<std::pair<std::string, Cell>> facts;  // single values, for JSON
  std::vector<RecordList> lists;
  std::vector<std::string> notes;  // lines below the tables
  // Of what RenderTables itself says; titles and texts come in the language they are given in.
  Language language = Language::kVietnamese;
};

// With this list alone, shown to people, too.
AnswerView OnlyList(AnswerView view, const std::string& name);
std::string RenderTables(const AnswerView& view);
// The first of the lists. Each record ends with `answer_date`, `answer_log_id`, `answer_position`,
// `contains_synthetic`, where the answer depends on a log.
std::string RenderCsv(const AnswerView& view);
std::string RenderJson(const AnswerView& view);

}  // namespace sothon::cli
