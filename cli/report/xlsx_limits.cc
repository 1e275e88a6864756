// What a sheet of a workbook takes: so many rows, and so many characters in a cell. What is beyond that the library
// leaves out without a word.
#include "cli/report/xlsx_sheet.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr size_t kCellUnitsMax = 32'767;             // of UTF-16, in which spreadsheets count
constexpr size_t kNoteUnitsMax = kCellUnitsMax - 2;  // "- " stands before it
constexpr size_t kRowsBesides = 50;                  // letterhead, headings, total, signatures: fewer than that
constexpr std::string_view kCutMark = "…";

// A character begins at every byte that does not continue one; those of four bytes take two units.
bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
size_t UnitsOf(char first_byte) { return static_cast<unsigned char>(first_byte) >= 0xF0 ? 2 : 1; }

// False: it fitted as it was.
bool Cut(std::string* text, size_t units_max = kCellUnitsMax) {
  if (text->size() <= units_max) return false;  // no character takes more units than bytes
  size_t units = 0;
  size_t end = 0;  // where the mark would begin
  for (size_t i = 0; i < text->size(); ++i) {
    if (IsContinuation((*text)[i])) continue;
    if (units < units_max) end = i;
    units += UnitsOf((*text)[i]);
    if (units > units_max) {
      text->resize(end);
      *text += kCutMark;
      return true;
    }
  }
  return false;
}

size_t CutAll(std::vector<std::string>* texts, size_t units_max = kCellUnitsMax) {
  size_t cut = 0;
  for (std::string& text : *texts) cut += Cut(&text, units_max) ? 1 : 0;
  return cut;
}

// About what stands around the tables, which CSV does not have.
void NoteCutLines(size_t cut, std::vector<std::string>* notes) {
  if (cut == 0) return;
  notes->push_back(StrCat("Có ", cut, " dòng tiêu đề, cảnh báo hoặc ghi chú dài quá ", FormatThousands(kCellUnitsMax),
                          " ký tự nên bị cắt bớt (cuối dòng có dấu …)."));
}

size_t CutCells(ReportRow* row) {
  size_t cut = 0;
  for (CellValue& value : *row) {
    if (auto* text = std::get_if<std::string>(&value)) cut += Cut(text) ? 1 : 0;
  }
  return cut;
}

absl::Status CheckRows(const Report& report, const ReportSection& section) {
  const size_t besides = kRowsBesides + report.issuer.size() + report.warnings.size() + report.notes.size() +
                         section.titles.size() + section.notes.size();
  if (section.rows.size() + besides <= LXW_ROW_MAX) return absl::OkStatus();
  return absl::FailedPreconditionError(
      StrCat("\"", section.tab, "\" has ", section.rows.size(), " rows, and a sheet of a workbook takes ", LXW_ROW_MAX,
             " with its headings and notes; ask for --format csv, which has no such limit, or ",
             "for a smaller --place or --period"));
}

}  // namespace

absl::Status FitToWorkbook(Report* report) {
  for (const ReportSection& section : report->sections) {
    if (absl::Status rows = CheckRows(*report, section); !rows.ok()) return rows;
  }
  NoteCutLines(CutAll(&report->issuer) + CutAll(&report->warnings) + CutAll(&report->notes, kNoteUnitsMax),
               &report->notes);
  for (ReportSection& section : report->sections) {
    NoteCutLines(CutAll(&section.titles) + CutAll(&section.notes, kNoteUnitsMax), &section.notes);
    size_t cut = 0;
    for (ReportColumn& column : section.columns) cut += (Cut(&column.title) ? 1 : 0) + (Cut(&column.group) ? 1 : 0);
    for (ReportRow& row : section.rows) cut += CutCells(&row);
    if (section.total) cut += CutCells(&*section.total);
    if (cut == 0) continue;
    section.notes.push_back(StrCat("Có ", cut, " ô dài quá ", FormatThousands(kCellUnitsMax),
                                   " ký tự nên bị cắt bớt (cuối ô có dấu …); tệp csv có đầy đủ."));
  }
  return absl::OkStatus();
}

}  // namespace sothon::cli
