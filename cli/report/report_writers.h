// A report as a workbook, as CSV for programs and as a table for people.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "cli/report/report.h"

namespace sothon::cli {

// Writes a workbook to `path`, which must not be one that somebody needs: it is written in place (output_file.h knows
// better). A sheet for each section with its letterhead and signatures, ready for A4 landscape, and one for each chart.
// Equal reports give equal bytes. RESOURCE_EXHAUSTED, FAILED_PRECONDITION: it could not be written, and why; a section
// of more rows than a sheet takes is refused before anything is. Texts longer than a cell are cut, with a note.
absl::Status WriteXlsx(const Report& report, const std::string& path);

// One table of all sections: `section`, `row` ("row" or "total"), then their columns, each once, in order of first
// appearance, then log_id, position, contains_synthetic. Unknown is empty; shares are percent; dates 2025-11-30. No
// letterhead, no notes. docs/formats/report.md has the keys.
std::string RenderReportCsv(const Report& report);

std::string RenderReportTable(const Report& report);

}  // namespace sothon::cli
