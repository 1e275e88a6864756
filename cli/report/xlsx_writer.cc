// The workbook of a report: what stands where on a sheet. How cells look is in xlsx_styles.
#include <algorithm>
#include <ctime>
#include <memory>

#include "cli/report/report_writers.h"
#include "cli/report/xlsx_sheet.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr size_t kTabNameMax = 31;  // characters; what spreadsheets take

absl::Status FromLibrary(lxw_error error, const std::string& path) {
  if (error == LXW_NO_ERROR) return absl::OkStatus();
  const std::string what = StrCat("cannot write the workbook ", path, ": ", lxw_strerror(error));
  if (error == LXW_ERROR_CREATING_TMPFILE) {
    return absl::ResourceExhaustedError(StrCat(what, "; it needs room for temporary files in /tmp"));
  }
  return absl::FailedPreconditionError(
      StrCat(what, "; free the disk, or name a file in a folder of yours with --output"));
}

// Equal reports, equal bytes: the workbook was "made" when the newest event it reflects was recorded.
void SetProperties(const Report& report, lxw_workbook* workbook) {
  lxw_doc_properties properties = {};
  std::string title = report.sections.empty() ? "" : report.sections.front().titles.front();
  std::string comment = StrCat("log ", report.log_id, ", position ", report.position);
  std::string author = report.issuer.empty() ? "" : report.issuer.back();
  properties.title = title.data();
  properties.comments = comment.data();
  properties.author = author.data();
  // 0 would be the time of the day.
  properties.created = std::max<std::time_t>(1, static_cast<std::time_t>(report.recorded_at_us / 1'000'000));
  workbook_set_properties(workbook, &properties);
}

// Without writing anything: workbook_close does.
struct FreeWorkbook {
  void operator()(lxw_workbook* workbook) const { lxw_workbook_free(workbook); }
};

// The first `count` characters; text that is no UTF-8 by bytes.
std::string FirstCharacters(const std::string& text, size_t count) {
  size_t end = 0;
  for (; end < text.size() && count > 0; --count) {
    do {
      ++end;
    } while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  }
  return text.substr(0, end);
}

}  // namespace

std::string TabNames::Unique(const std::string& wanted) {
  std::string plain = wanted.empty() ? "Bảng" : wanted;
  for (char& c : plain) {
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos) c = ' ';
  }
  std::string name = FirstCharacters(plain, kTabNameMax);
  for (int i = 2; !taken_.insert(MatchingForm(name).value_or(name)).second; ++i) {
    const std::string mark = StrCat(" (", i, ")");
    name = FirstCharacters(plain, kTabNameMax - mark.size()) + mark;
  }
  return name;
}

absl::Status WriteXlsx(const Report& asked, const std::string& path) {
  Report report = asked;
  if (absl::Status fit = FitToWorkbook(&report); !fit.ok()) return fit;
  std::unique_ptr<lxw_workbook, FreeWorkbook> workbook(workbook_new(path.c_str()));
  if (!workbook) return absl::ResourceExhaustedError(StrCat("no memory for the workbook ", path));
  SetProperties(report, workbook.get());
  XlsxStyles styles(workbook.get());
  std::vector<SheetRange> ranges;
  TabNames tabs;
  for (ReportSection& section : report.sections) {
    section.tab = tabs.Unique(section.tab);
    XlsxSheet sheet(workbook.get(), &styles, report, section);
    const absl::Status written = sheet.Write();
    if (!written.ok()) return written;
    ranges.push_back(sheet.rows());
  }
  for (size_t i = 0; i < report.sections.size(); ++i) {
    if (!report.sections[i].chart) continue;
    const absl::Status written = WriteChartSheet(workbook.get(), &styles, &tabs, report.sections[i], ranges[i]);
    if (!written.ok()) return written;
  }
  return FromLibrary(workbook_close(workbook.release()), path);
}

}  // namespace sothon::cli
