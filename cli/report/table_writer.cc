#include "cli/format/table.h"
#include "cli/report/report_text.h"
#include "cli/report/report_writers.h"
#include "cli/views/progress_words.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::string TableCell(const CellValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<int64_t>(&value)) return FormatThousands(*number);
  if (const auto* share = std::get_if<double>(&value)) return FormatPercent(*share * 100);
  if (const auto* date = std::get_if<CivilDate>(&value)) return VietnameseDate(*date);
  return kUnknown;
}

std::string RenderSection(const ReportSection& section) {
  const std::vector<size_t> printed = PrintedColumns(section);
  std::vector<TableColumn> columns;
  for (size_t i : printed) {
    const ReportColumn& column = section.columns[i];
    const bool is_text = column.type == ColumnType::kText;
    const std::string mark = column.type == ColumnType::kShare ? " %" : "";
    columns.push_back({column.title + mark, is_text ? Align::kLeft : Align::kRight, column.group});
  }
  Table table(std::move(columns));
  const auto add = [&](const ReportRow& row) {
    std::vector<std::string> cells;
    for (size_t i : printed) cells.push_back(TableCell(row[i]));
    table.AddRow(std::move(cells));
  };
  for (const ReportRow& row : section.rows) add(row);
  if (section.total) {
    table.AddRule();
    add(*section.total);
  }
  return table.Render();
}

}  // namespace

std::string RenderReportTable(const Report& report) {
  std::string out;
  for (const std::string& line : report.issuer) StrAppend(&out, line, "\n");
  for (const ReportSection& section : report.sections) {
    out += "\n";
    for (const std::string& title : section.titles) StrAppend(&out, title, "\n");
    if (!report.data_until.empty()) StrAppend(&out, "(", report.data_until, ")\n");
    for (const std::string& warning : report.warnings) StrAppend(&out, "*** ", warning, " ***\n");
    if (!section.unit.empty()) StrAppend(&out, section.unit, "\n");
    StrAppend(&out, "\n", RenderSection(section));
    for (const std::string& note : section.notes) StrAppend(&out, "- ", note, "\n");
  }
  if (!report.notes.empty()) out += "\nGhi chú:\n";
  for (const std::string& note : report.notes) StrAppend(&out, "- ", note, "\n");
  return out;
}

}  // namespace sothon::cli
