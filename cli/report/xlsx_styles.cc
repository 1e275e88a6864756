#include "cli/report/xlsx_sheet.h"

namespace sothon::cli {
namespace {

constexpr char kFont[] = "Times New Roman";  // as Vietnamese offices write (Nghị định 30/2020/NĐ-CP)
constexpr double kTextSize = 11;
constexpr double kTitleSize = 14;
constexpr lxw_color_t kHeadingFill = 0xDDE6F0;
constexpr lxw_color_t kTotalFill = 0xF0F0F0;
constexpr lxw_color_t kWarningColor = 0xC00000;

const char* NumberFormat(ColumnType type) {
  switch (type) {
    case ColumnType::kOrdinal:
      return "0";
    case ColumnType::kCount:
    case ColumnType::kMoney:
      return "#,##0";
    case ColumnType::kShare:
      return "0.0%";
    case ColumnType::kDate:
      return "dd/mm/yyyy";
    case ColumnType::kText:
      break;
  }
  return "General";
}

uint8_t AlignmentOf(ColumnType type) {
  if (type == ColumnType::kText) return LXW_ALIGN_LEFT;
  if (type == ColumnType::kOrdinal || type == ColumnType::kDate) return LXW_ALIGN_CENTER;
  return LXW_ALIGN_RIGHT;
}

}  // namespace

lxw_format* XlsxStyles::New(double size) {
  lxw_format* format = workbook_add_format(workbook_);
  format_set_font_name(format, kFont);
  format_set_font_size(format, size);
  format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
  return format;
}

lxw_format* XlsxStyles::Of(Block block) {
  lxw_format*& format = blocks_[block];
  if (format != nullptr) return format;
  format = New(block == kTitle ? kTitleSize : kTextSize);
  const bool is_left = block == kNote;
  format_set_align(format, is_left ? LXW_ALIGN_LEFT : block == kUnit ? LXW_ALIGN_RIGHT : LXW_ALIGN_CENTER);
  if (block != kUnit) format_set_text_wrap(format);
  if (block == kIssuerBold || block == kMotto || block == kTitle || block == kWarning || block == kHeading ||
      block == kSigner) {
    format_set_bold(format);
  }
  if (block == kDateLine || block == kSubtitle || block == kUnit || block == kNote || block == kSignerHint) {
    format_set_italic(format);
  }
  if (block == kMotto) format_set_underline(format, LXW_UNDERLINE_SINGLE);
  if (block == kWarning) format_set_font_color(format, kWarningColor);
  if (block == kHeading) {
    format_set_border(format, LXW_BORDER_THIN);
    format_set_bg_color(format, kHeadingFill);
  }
  return format;
}

lxw_format* XlsxStyles::OfCell(ColumnType type, bool is_total, bool is_known) {
  lxw_format*& format = cells_[static_cast<int>(type) * 4 + (is_total ? 2 : 0) + (is_known ? 1 : 0)];
  if (format != nullptr) return format;
  format = New(kTextSize);
  format_set_border(format, LXW_BORDER_THIN);
  format_set_num_format(format, NumberFormat(type));
  format_set_align(format, is_known ? AlignmentOf(type) : static_cast<uint8_t>(LXW_ALIGN_CENTER));
  if (type == ColumnType::kText) format_set_text_wrap(format);
  if (is_total) {
    format_set_bold(format);
    format_set_bg_color(format, kTotalFill);
  }
  return format;
}

}  // namespace sothon::cli
