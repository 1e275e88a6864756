#include "cli/report/xlsx_sheet.h"

#include <algorithm>
#include <cmath>

#include "cli/views/progress_words.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr double kLineHeight = 15.75;  // points, of text of 11 points
constexpr double kTitleHeight = 20;
constexpr double kHeightMax = 409;  // points; a workbook with a higher row is broken
constexpr double kNarrow = 60;      // characters
constexpr int kPaperA4 = 9;
constexpr int kRowsToSign = 4;  // left for a signature and a stamp

double HeightOf(int lines, double line_height = kLineHeight) { return std::min(kHeightMax, line_height * lines); }

lxw_datetime DateTimeOf(CivilDate date) {
  const int32_t wire = date.ToWire();
  lxw_datetime out = {};
  out.year = wire / 10000;
  out.month = wire / 100 % 100;
  out.day = wire % 100;
  return out;
}

}  // namespace

int LinesNeeded(const std::string& text, double width) {
  // A column is so many digits wide; letters are narrower on average, but words are not broken, which costs a narrow
  // column more than that gains.
  const double usable = std::max(1.0, width < kNarrow ? width * 0.95 : width * 1.2);
  return std::max(1, static_cast<int>(std::ceil(static_cast<double>(DisplayWidth(text)) / usable)));
}

XlsxSheet::XlsxSheet(lxw_workbook* workbook, XlsxStyles* styles, const Report& report, const ReportSection& section)
    : workbook_(workbook), styles_(styles), report_(report), section_(section), printed_(PrintedColumns(section)) {}

absl::Status XlsxSheet::Write() {
  sheet_ = workbook_add_worksheet(workbook_, section_.tab.c_str());
  if (sheet_ == nullptr || printed_.size() < 2) {
    return absl::InternalError(StrCat("the section \"", section_.tab, "\" cannot be a sheet of a workbook"));
  }
  last_column_ = static_cast<lxw_col_t>(printed_.size() - 1);
  SetWidths();
  WriteLetterhead();
  WriteTitles();
  WriteHeadings();
  rows_.first = row_;
  for (const ReportRow& row : section_.rows) WriteRow(row, false);
  rows_.last = row_ - 1;
  if (section_.total) WriteRow(*section_.total, true);
  WriteNotes();
  WriteSignatures();
  SetUpPage();
  return absl::OkStatus();
}

void XlsxSheet::SetWidths() {
  for (lxw_col_t c = 0; c <= last_column_; ++c) {
    worksheet_set_column(sheet_, c, c, section_.columns[printed_[c]].width, nullptr);
  }
  const double whole = WidthOf(0, last_column_);
  while (left_end_ + 1 < last_column_ && WidthOf(0, left_end_ + 1) < whole * 0.5) ++left_end_;
}

double XlsxSheet::WidthOf(lxw_col_t from, lxw_col_t to) const {
  double width = 0;
  for (lxw_col_t c = from; c <= to; ++c) width += section_.columns[printed_[c]].width;
  return width;
}

void XlsxSheet::WriteAcross(lxw_row_t row, lxw_col_t from, lxw_col_t to, const std::string& text, lxw_format* format) {
  if (from == to) {
    worksheet_write_string(sheet_, row, from, text.c_str(), format);
  } else {
    worksheet_merge_range(sheet_, row, from, row, to, text.c_str(), format);
  }
}

void XlsxSheet::WriteLetterhead() {
  const lxw_col_t right = left_end_ + 1;
  std::vector<std::string> issuer = report_.issuer;
  if (issuer.size() < 2) issuer.insert(issuer.begin(), 2 - issuer.size(), "");
  for (size_t i = 0; i + 1 < issuer.size(); ++i) {
    WriteAcross(row_ + static_cast<lxw_row_t>(i), 0, left_end_, issuer[i], styles_->Of(XlsxStyles::kIssuer));
  }
  const auto last = static_cast<lxw_row_t>(issuer.size() - 1);
  WriteAcross(row_ + last, 0, left_end_, issuer.back(), styles_->Of(XlsxStyles::kIssuerBold));
  WriteAcross(row_, right, last_column_, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", styles_->Of(XlsxStyles::kIssuerBold));
  WriteAcross(row_ + 1, right, last_column_, "Độc lập - Tự do - Hạnh phúc", styles_->Of(XlsxStyles::kMotto));
  row_ += last + 1;
  WriteAcross(row_, 0, left_end_, "Số: ……/BC", styles_->Of(XlsxStyles::kIssuer));
  const std::string at = report_.signed_at.empty() ? "……………" : report_.signed_at;
  WriteAcross(row_, right, last_column_, StrCat(at, ", ngày …… tháng …… năm ………"), styles_->Of(XlsxStyles::kDateLine));
  row_ += 2;
}

void XlsxSheet::WriteTitles() {
  for (const std::string& title : section_.titles) {
    worksheet_set_row(sheet_, row_, HeightOf(LinesNeeded(title, WidthOf(0, last_column_) * 0.7), kTitleHeight),
                      nullptr);
    WriteAcross(row_++, 0, last_column_, title, styles_->Of(XlsxStyles::kTitle));
  }
  if (!report_.data_until.empty()) {
    WriteAcross(row_++, 0, last_column_, StrCat("(", report_.data_until, ")"), styles_->Of(XlsxStyles::kSubtitle));
  }
  for (const std::string& warning : report_.warnings) {
    worksheet_set_row(sheet_, row_, HeightOf(LinesNeeded(warning, WidthOf(0, last_column_))), nullptr);
    WriteAcross(row_++, 0, last_column_, warning, styles_->Of(XlsxStyles::kWarning));
  }
  // Without a unit an empty row keeps the table apart from its titles.
  if (!section_.unit.empty()) WriteAcross(row_, 0, last_column_, section_.unit, styles_->Of(XlsxStyles::kUnit));
  ++row_;
}

void XlsxSheet::WriteHeadings() {
  lxw_format* heading = styles_->Of(XlsxStyles::kHeading);
  const auto group_of = [this](lxw_col_t c) -> const std::string& { return section_.columns[printed_[c]].group; };
  const auto title_of = [this](lxw_col_t c) -> const std::string& { return section_.columns[printed_[c]].title; };
  bool has_groups = false;
  for (lxw_col_t c = 0; c <= last_column_; ++c) has_groups = has_groups || !group_of(c).empty();
  first_heading_ = row_;
  last_heading_ = row_ + (has_groups ? 1 : 0);
  int group_lines = 1;
  int title_lines = 1;
  for (lxw_col_t c = 0; c <= last_column_;) {
    lxw_col_t end = c;
    while (end < last_column_ && !group_of(c).empty() && group_of(end + 1) == group_of(c)) ++end;
    if (has_groups && group_of(c).empty()) {
      worksheet_merge_range(sheet_, first_heading_, c, last_heading_, c, title_of(c).c_str(), heading);
      // Both rows are its own.
      title_lines = std::max(title_lines, LinesNeeded(title_of(c), WidthOf(c, c)) - 1);
    } else {
      if (has_groups) WriteAcross(first_heading_, c, end, group_of(c), heading);
      if (has_groups) group_lines = std::max(group_lines, LinesNeeded(group_of(c), WidthOf(c, end)));
      for (lxw_col_t t = c; t <= end; ++t) {
        worksheet_write_string(sheet_, last_heading_, t, title_of(t).c_str(), heading);
        title_lines = std::max(title_lines, LinesNeeded(title_of(t), WidthOf(t, t)));
      }
    }
    c = end + 1;
  }
  if (has_groups) worksheet_set_row(sheet_, first_heading_, HeightOf(group_lines), nullptr);
  worksheet_set_row(sheet_, last_heading_, HeightOf(title_lines), nullptr);
  row_ = last_heading_ + 1;
  worksheet_freeze_panes(sheet_, row_, 0);
}

void XlsxSheet::WriteCell(lxw_col_t column, ColumnType type, const CellValue& value, bool is_total) {
  const bool is_known = !std::holds_alternative<std::monostate>(value);
  lxw_format* format = styles_->OfCell(type, is_total, is_known);
  if (const auto* number = std::get_if<int64_t>(&value)) {
    worksheet_write_number(sheet_, row_, column, static_cast<double>(*number), format);
  } else if (const auto* share = std::get_if<double>(&value)) {
    worksheet_write_number(sheet_, row_, column, *share, format);
  } else if (const auto* date = std::get_if<CivilDate>(&value)) {
    lxw_datetime datetime = DateTimeOf(*date);
    worksheet_write_datetime(sheet_, row_, column, &datetime, format);
  } else if (const auto* text = std::get_if<std::string>(&value); text != nullptr && !text->empty()) {
    worksheet_write_string(sheet_, row_, column, text->c_str(), format);
  } else if (text != nullptr) {
    worksheet_write_blank(sheet_, row_, column, format);
  } else {
    worksheet_write_string(sheet_, row_, column, kUnknown, format);
  }
}

void XlsxSheet::WriteRow(const ReportRow& row, bool is_total) {
  int lines = 1;
  for (lxw_col_t c = 0; c <= last_column_; ++c) {
    const ReportColumn& column = section_.columns[printed_[c]];
    const CellValue& value = row[printed_[c]];
    WriteCell(c, column.type, value, is_total);
    if (const auto* text = std::get_if<std::string>(&value)) lines = std::max(lines, LinesNeeded(*text, column.width));
  }
  worksheet_set_row(sheet_, row_++, HeightOf(lines), nullptr);
}

void XlsxSheet::WriteNotes() {
  std::vector<std::string> notes = section_.notes;
  notes.insert(notes.end(), report_.notes.begin(), report_.notes.end());
  if (notes.empty()) return;
  ++row_;
  WriteAcross(row_++, 0, last_column_, "Ghi chú:", styles_->Of(XlsxStyles::kNote));
  for (const std::string& note : notes) {
    const std::string text = StrCat("- ", note);
    worksheet_set_row(sheet_, row_, HeightOf(LinesNeeded(text, WidthOf(0, last_column_))), nullptr);
    WriteAcross(row_++, 0, last_column_, text, styles_->Of(XlsxStyles::kNote));
  }
}

void XlsxSheet::WriteSignatures() {
  const lxw_col_t right = left_end_ + 1;
  ++row_;
  WriteAcross(row_, 0, left_end_, "NGƯỜI LẬP BIỂU", styles_->Of(XlsxStyles::kSigner));
  WriteAcross(row_++, right, last_column_, "THỦ TRƯỞNG ĐƠN VỊ", styles_->Of(XlsxStyles::kSigner));
  WriteAcross(row_, 0, left_end_, "(Ký, ghi rõ họ tên)", styles_->Of(XlsxStyles::kSignerHint));
  WriteAcross(row_++, right, last_column_, "(Ký, ghi rõ họ tên, đóng dấu)", styles_->Of(XlsxStyles::kSignerHint));
  row_ += kRowsToSign;
}

void XlsxSheet::SetUpPage() {
  worksheet_set_landscape(sheet_);
  worksheet_set_paper(sheet_, kPaperA4);
  worksheet_fit_to_pages(sheet_, 1, 0);
  worksheet_repeat_rows(sheet_, first_heading_, last_heading_);
  worksheet_print_area(sheet_, 0, 0, row_ - 1, last_column_);
  worksheet_center_horizontally(sheet_);
  worksheet_set_margins(sheet_, 0.6, 0.5, 0.6, 0.6);
  const std::string footer = StrCat("&L&8", report_.contains_synthetic ? "SỐ LIỆU MẪU, KHÔNG PHẢI SỐ THẬT · " : "",
                                    "Sổ ", report_.log_id, ", vị trí ", report_.position, "&R&8Trang &P/&N");
  worksheet_set_footer(sheet_, footer.c_str());
}

}  // namespace sothon::cli
