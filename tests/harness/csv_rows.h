// What `--format csv` prints, by the header's names.
#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace sothon::testing {

using CsvRow = std::map<std::string, std::string>;

// Rows of a CSV text without line breaks or doubled quotes in its fields; with or without a byte order mark.
inline std::vector<CsvRow> ParseCsv(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::vector<CsvRow> rows;
  std::vector<std::string> header;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    if (header.empty()) {
      header = fields;
      continue;
    }
    CsvRow& row = rows.emplace_back();
    for (size_t i = 0; i < header.size() && i < fields.size(); ++i) row[header[i]] = fields[i];
  }
  return rows;
}

}  // namespace sothon::testing
