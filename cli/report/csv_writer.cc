#include <map>

#include "cli/csv/csv_reader.h"
#include "cli/report/report_writers.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

std::string CsvCell(const CellValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<int64_t>(&value)) return StrCat(*number);
  if (const auto* share = std::get_if<double>(&value)) return StrCat(*share * 100);
  if (const auto* date = std::get_if<CivilDate>(&value)) return date->ToString();
  return "";
}

}  // namespace

std::string RenderReportCsv(const Report& report) {
  std::vector<std::string> header = {"section", "row"};
  std::map<std::string, size_t> place_by_key;
  for (const ReportSection& section : report.sections) {
    for (const ReportColumn& column : section.columns) {
      if (place_by_key.try_emplace(column.key, header.size()).second) header.push_back(column.key);
    }
  }
  const size_t width = header.size();
  header.insert(header.end(), {"log_id", "position", "contains_synthetic"});
  std::string out;
  AppendCsvRecord(header, ',', &out);
  for (const ReportSection& section : report.sections) {
    const auto append = [&](const char* kind, const ReportRow& row) {
      std::vector<std::string> fields(width);
      fields[0] = section.key;
      fields[1] = kind;
      for (size_t i = 0; i < row.size(); ++i) fields[place_by_key[section.columns[i].key]] = CsvCell(row[i]);
      fields.insert(fields.end(), {report.log_id, StrCat(report.position), report.contains_synthetic ? "1" : "0"});
      AppendCsvRecord(fields, ',', &out);
    };
    for (const ReportRow& row : section.rows) append("row", row);
    if (section.total) append("total", *section.total);
  }
  return out;
}

}  // namespace sothon::cli
