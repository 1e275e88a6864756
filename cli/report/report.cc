#include "cli/report/report.h"

namespace sothon::cli {

std::optional<size_t> ColumnIndex(const ReportSection& section, const std::string& key) {
  for (size_t i = 0; i < section.columns.size(); ++i) {
    if (section.columns[i].key == key) return i;
  }
  return std::nullopt;
}

std::vector<size_t> PrintedColumns(const ReportSection& section) {
  std::vector<size_t> printed;
  for (size_t i = 0; i < section.columns.size(); ++i) {
    if (section.columns[i].width > 0) printed.push_back(i);
  }
  return printed;
}

}  // namespace sothon::cli
