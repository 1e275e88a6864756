#include "cli/format/table.h"

#include <algorithm>

namespace sothon::cli {
namespace {

constexpr size_t kGap = 2;

void AppendLine(std::string line, std::string* out) {
  line.erase(line.find_last_not_of(' ') + 1);
  out->append(line).push_back('\n');
}

std::string Rule(size_t width) {
  std::string out;
  for (size_t i = 0; i < width; ++i) out += "─";
  return out;
}

}  // namespace

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<size_t> Table::Widths() const {
  std::vector<size_t> widths;
  for (size_t c = 0; c < columns_.size(); ++c) {
    size_t width = DisplayWidth(columns_[c].title);
    for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[c]));
    widths.push_back(width);
  }
  // A group's heading must fit over its columns; the last of them gives way.
  for (size_t c = 0; c < columns_.size();) {
    size_t end = c;
    size_t width = 0;
    while (end < columns_.size() && columns_[end].group == columns_[c].group) width += widths[end++] + kGap;
    const size_t wanted = DisplayWidth(columns_[c].group) + kGap;
    if (!columns_[c].group.empty() && wanted > width) widths[end - 1] += wanted - width;
    c = end;
  }
  return widths;
}

std::string Table::Render() const {
  const std::vector<size_t> widths = Widths();
  const auto has_group = [](const TableColumn& column) { return !column.group.empty(); };
  std::string out;
  if (std::any_of(columns_.begin(), columns_.end(), has_group)) {
    std::string line;
    for (size_t c = 0; c < columns_.size();) {
      size_t width = 0;
      const size_t begin = c;
      while (c < columns_.size() && columns_[c].group == columns_[begin].group) width += widths[c++] + kGap;
      const size_t text = DisplayWidth(columns_[begin].group);
      line += std::string((width - kGap - std::min(text, width - kGap)) / 2, ' ');
      line += columns_[begin].group;
      size_t total = 0;
      for (size_t i = 0; i < c; ++i) total += widths[i] + kGap;
      line = PadTo(line, total, Align::kLeft);
    }
    AppendLine(std::move(line), &out);
  }
  std::string titles;
  size_t table_width = 0;
  for (size_t c = 0; c < columns_.size(); ++c) {
    titles += PadTo(columns_[c].title, widths[c], columns_[c].align) + std::string(kGap, ' ');
    table_width += widths[c] + kGap;
  }
  AppendLine(std::move(titles), &out);
  const std::string rule = Rule(table_width - kGap);
  AppendLine(rule, &out);
  for (size_t r = 0; r < rows_.size(); ++r) {
    if (std::count(rules_before_.begin(), rules_before_.end(), r) > 0) AppendLine(rule, &out);
    std::string line;
    for (size_t c = 0; c < columns_.size(); ++c) {
      line += PadTo(rows_[r][c], widths[c], columns_[c].align) + std::string(kGap, ' ');
    }
    AppendLine(std::move(line), &out);
  }
  return out;
}

}  // namespace sothon::cli
