// A report for people, before it becomes a workbook, a CSV file or a table on a terminal.
//
// A report is a letterhead, some sections (each a titled table, on paper a page of its own), notes, and a place to
// sign. Whoever builds one says what stands in the cells and of which kind it is; how that looks is the writers'
// affair. So a new report is one new file (report_kind.h), and a new format one new writer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/civil_time.h"

namespace sothon::cli {

// monostate: unknown, shown as "–", never as 0. An empty text: nothing belongs there.
using CellValue = std::variant<std::monostate, std::string, int64_t, double, CivilDate>;

enum class ColumnType {
  kOrdinal,  // STT: int64_t
  kText,     // std::string
  kCount,    // int64_t: people, villages, days
  kMoney,    // int64_t, whole đồng
  kShare,    // double, a fraction: 0.625 is 62,5 %
  kDate,     // CivilDate
};

struct ReportColumn {
  // The header in CSV; stable, unique in its section. Columns of several sections with one key are one column there.
  std::string key;
  std::string title;
  // Columns beside each other with the same group share a heading above their titles. Empty: none.
  std::string group = {};
  ColumnType type = ColumnType::kCount;
  // On paper, in characters. 0: left out there, as identifiers are; CSV has it.
  double width = 9;
};

using ReportRow = std::vector<CellValue>;  // as many as there are columns

// Bars of one share column, a bar for each row in which it is known.
struct AttainmentChart {
  std::string title;
  std::string share_key;  // keys of columns
  std::string label_key;
  std::string ordinal_key = "stt";  // before the label, since names repeat (plan#10)
};

struct ReportSection {
  std::string key;  // in CSV
  std::string tab;  // of the workbook; cut and told apart there where need be
  std::vector<std::string> titles;
  std::string unit;  // "Đơn vị tính: người"; empty: none
  std::vector<ReportColumn> columns;
  std::vector<ReportRow> rows;
  std::optional<ReportRow> total;  // stands last and is never a village (plan#9)
  std::vector<std::string> notes = {};
  std::optional<AttainmentChart> chart = {};
};

struct Report {
  std::string key;        // "monthly"
  std::string file_name;  // proposed, without an ending: "bao-cao-thang-23500-2025-11"
  // Who reports, a line each, the last one in bold; where it is signed ("Đăk Hà").
  std::vector<std::string> issuer;
  std::string signed_at;
  // Under the titles: "Số liệu đến ngày 30/11/2025".
  std::string data_until;
  // What must not be overlooked: made-up data, figures that do not follow the log.
  std::vector<std::string> warnings;
  std::vector<ReportSection> sections;
  // Below every section: which log and position, the basis.
  std::vector<std::string> notes;

  // What the figures reflect.
  std::string log_id;
  uint64_t position = 0;
  int64_t recorded_at_us = 0;  // of the event at `position`; 0: not known
  bool contains_synthetic = false;
};

// Index of the column `key`; nullopt: the section has none.
std::optional<size_t> ColumnIndex(const ReportSection& section, const std::string& key);
// The columns that stand on paper, ascending.
std::vector<size_t> PrintedColumns(const ReportSection& section);

}  // namespace sothon::cli
