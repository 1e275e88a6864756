// The chart of a section: a bar for each row, labelled "13. Thôn 1", since names repeat (plan#10).
#include <algorithm>

#include "cli/report/xlsx_sheet.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr double kLabelWidth = 30;
constexpr double kShareWidth = 12;
constexpr double kHeadingHeight = 32;
constexpr int kBarHeight = 22;  // pixels, with the gap
constexpr int kChartWidth = 860;
constexpr int kPaperA4 = 9;

std::string LabelOf(const ReportSection& section, const ReportRow& row) {
  const auto ordinal = ColumnIndex(section, section.chart->ordinal_key);
  const auto label = ColumnIndex(section, section.chart->label_key);
  std::string out;
  if (const auto* number = ordinal ? std::get_if<int64_t>(&row[*ordinal]) : nullptr) StrAppend(&out, *number, ". ");
  if (const auto* text = label ? std::get_if<std::string>(&row[*label]) : nullptr) out += *text;
  return out;
}

// The column as a workbook names it: A, B, ..., Z, AA...
std::string ColumnLetters(size_t index) {
  std::string out;
  for (size_t n = index + 1; n > 0; n = (n - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
  return out;
}

lxw_chart* NewBarChart(lxw_workbook* workbook, const ReportSection& section, const std::string& tab, size_t bars) {
  lxw_chart* chart = workbook_add_chart(workbook, LXW_CHART_BAR);
  lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
  const auto last = static_cast<lxw_row_t>(bars);
  chart_series_set_categories(series, tab.c_str(), 1, 0, last, 0);
  chart_series_set_values(series, tab.c_str(), 1, 1, last, 1);
  chart_series_set_name(series, section.chart->title.c_str());
  chart_series_set_labels(series);
  chart_series_set_labels_num_format(series, "0.0%");
  lxw_chart_fill fill = {};
  fill.color = 0x2E75B6;
  chart_series_set_fill(series, &fill);
  chart_set_series_gap(chart, 40);
  chart_title_set_name(chart, section.chart->title.c_str());
  lxw_chart_font font = {};
  font.size = 13;
  font.bold = LXW_TRUE;
  chart_title_set_name_font(chart, &font);
  chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  // Of bars that lie, the library's x axis has the values and its y axis the categories. The first row on top, as in
  // the table; that takes the values' axis along to the top, unless it crosses at the other end.
  chart_axis_set_reverse(chart->y_axis);
  chart_axis_set_crossing_max(chart->y_axis);
  chart_axis_set_num_format(chart->x_axis, "0%");
  chart_axis_set_min(chart->x_axis, 0);
  return chart;
}

}  // namespace

absl::Status WriteChartSheet(lxw_workbook* workbook, XlsxStyles* styles, TabNames* tabs, const ReportSection& section,
                             const SheetRange& rows) {
  const auto share = ColumnIndex(section, section.chart->share_key);
  if (!share) return absl::InternalError(StrCat("no column ", section.chart->share_key, " for the chart"));
  const std::vector<size_t> printed = PrintedColumns(section);
  const auto at = static_cast<size_t>(std::find(printed.begin(), printed.end(), *share) - printed.begin());
  const bool has_bars = std::any_of(section.rows.begin(), section.rows.end(), [&share](const ReportRow& row) {
    return std::holds_alternative<double>(row[*share]);
  });
  if (!has_bars) return absl::OkStatus();
  const std::string tab = tabs->Unique(StrCat("Biểu đồ ", section.tab));
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, tab.c_str());
  if (sheet == nullptr) return absl::InternalError(StrCat("\"", tab, "\" cannot be a sheet of a workbook"));
  worksheet_set_column(sheet, 0, 0, kLabelWidth, nullptr);
  worksheet_set_column(sheet, 1, 1, kShareWidth, nullptr);
  worksheet_set_row(sheet, 0, kHeadingHeight, nullptr);
  lxw_format* heading = styles->Of(XlsxStyles::kHeading);
  const ReportColumn& column = section.columns[*share];
  const auto label = ColumnIndex(section, section.chart->label_key);
  worksheet_write_string(sheet, 0, 0, label ? section.columns[*label].title.c_str() : "", heading);
  worksheet_write_string(sheet, 0, 1, column.group.empty() ? column.title.c_str() : column.group.c_str(), heading);
  lxw_row_t row = 1;
  for (size_t i = 0; i < section.rows.size(); ++i) {
    const auto* value = std::get_if<double>(&section.rows[i][*share]);
    if (value == nullptr) continue;
    const std::string text = LabelOf(section, section.rows[i]);
    worksheet_write_string(sheet, row, 0, text.c_str(), styles->OfCell(ColumnType::kText, false, true));
    // The table's own cell, so that the chart follows where somebody corrects the table.
    const std::string formula =
        StrCat("='", section.tab, "'!", ColumnLetters(at), static_cast<size_t>(rows.first) + i + 1);
    worksheet_write_formula_num(sheet, row, 1, formula.c_str(), styles->OfCell(ColumnType::kShare, false, true),
                                *value);
    ++row;
  }
  lxw_chart* chart = NewBarChart(workbook, section, tab, row - 1);
  lxw_chart_options options = {};
  // A chart is 480 x 288 pixels unless it is scaled.
  options.x_scale = kChartWidth / 480.0;
  options.y_scale = std::max(300, static_cast<int>(row) * kBarHeight + 80) / 288.0;
  worksheet_insert_chart_opt(sheet, 0, 3, chart, &options);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, kPaperA4);
  worksheet_fit_to_pages(sheet, 1, 1);
  worksheet_freeze_panes(sheet, 1, 0);
  return absl::OkStatus();
}

}  // namespace sothon::cli
