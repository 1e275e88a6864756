// A table for people: columns lined up by what they take on a terminal, not by bytes, so that Vietnamese text stands
// right.
#pragma once

#include <string>
#include <vector>

#include "common/base/text.h"

namespace sothon::cli {

struct TableColumn {
  std::string title;
  Align align = Align::kLeft;
  // Columns beside each other with the same group share a heading above their titles. Empty: none.
  std::string group = {};
};

// Thread-compatible.
class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void AddRow(std::vector<std::string> cells);
  // A line across the table before the next row.
  void AddRule() { rules_before_.push_back(rows_.size()); }

  // Lines ended by LF, without blanks at their ends.
  std::string Render() const;

 private:
  std::vector<size_t> Widths() const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> rules_before_;
};

}  // namespace sothon::cli
