// The parts of a workbook: cell formats, the sheet of a section, the sheet of a chart.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/report/report.h"
#include "xlsxwriter.h"

namespace sothon::cli {

// Cell formats, each made once; owned by the workbook. Thread-compatible.
class XlsxStyles {
 public:
  enum Block {
    kIssuer,      // first lines of the letterhead
    kIssuerBold,  // who it is; the nation's name
    kMotto,
    kDateLine,
    kTitle,
    kSubtitle,
    kWarning,
    kUnit,
    kHeading,  // of columns
    kNote,
    kSigner,
    kSignerHint,
  };

  explicit XlsxStyles(lxw_workbook* workbook) : workbook_(workbook) {}

  lxw_format* Of(Block block);
  // Of a cell in the table.
  lxw_format* OfCell(ColumnType type, bool is_total, bool is_known);

 private:
  lxw_format* New(double size);
  lxw_workbook* workbook_;
  std::map<Block, lxw_format*> blocks_;
  std::map<int, lxw_format*> cells_;
};

// Where the rows of a section stand on its sheet, both ends inclusive, counted from 0; none where first > last.
struct SheetRange {
  lxw_row_t first = 1;
  lxw_row_t last = 0;
};

// One section on a sheet of its own. Thread-compatible.
class XlsxSheet {
 public:
  // All of them outlive the sheet.
  XlsxSheet(lxw_workbook* workbook, XlsxStyles* styles, const Report& report, const ReportSection& section);

  absl::Status Write();
  SheetRange rows() const { return rows_; }

 private:
  void SetWidths();
  void WriteLetterhead();
  void WriteTitles();
  void WriteHeadings();
  void WriteRow(const ReportRow& row, bool is_total);
  void WriteCell(lxw_col_t column, ColumnType type, const CellValue& value, bool is_total);
  void WriteNotes();
  void WriteSignatures();
  void SetUpPage();
  // `text` over columns `from` to `to`, in as many lines as it takes.
  void WriteAcross(lxw_row_t row, lxw_col_t from, lxw_col_t to, const std::string& text, lxw_format* format);
  double WidthOf(lxw_col_t from, lxw_col_t to) const;

  lxw_workbook* workbook_;
  XlsxStyles* styles_;
  const Report& report_;
  const ReportSection& section_;
  const std::vector<size_t> printed_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_col_t last_column_ = 0;
  lxw_col_t left_end_ = 0;  // last column of the left half
  lxw_row_t row_ = 0;       // the next one
  lxw_row_t first_heading_ = 0;
  lxw_row_t last_heading_ = 0;
  SheetRange rows_;
};

// Names of the sheets of one workbook. Thread-compatible.
class TabNames {
 public:
  // `wanted` as a workbook takes it: at most 31 characters, none of []:*?/\, and not one that was given before.
  std::string Unique(const std::string& wanted);

 private:
  std::set<std::string> taken_;  // in the form in which names are compared
};

// The chart of `section`, whose rows stand at `rows` of its sheet, on a sheet of its own, beside the figures it shows.
// Where nothing is known there is no chart and no sheet.
absl::Status WriteChartSheet(lxw_workbook* workbook, XlsxStyles* styles, TabNames* tabs, const ReportSection& section,
                             const SheetRange& rows);

// Makes `report` one that a workbook takes. A text longer than a cell takes is cut, ends in "…", and a note says
// so, of the section, or of the report for what stands on every sheet: on paper nobody reads so much, and CSV has the
// cells of the tables whole. FAILED_PRECONDITION: a section has more rows
// than a sheet takes; none is ever left out.
absl::Status FitToWorkbook(Report* report);

// 1 for what stands in one line of `width` characters, 2 for two...
int LinesNeeded(const std::string& text, double width);

}  // namespace sothon::cli
