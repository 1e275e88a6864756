// sothon import collections, sothon import opening
#include <cstdio>
#include <iostream>

#include "absl/strings/str_format.h"
#include "cli/app/command_line.h"
#include "cli/app/progress_bar.h"
#include "cli/import/fields.h"
#include "cli/import/importer.h"
#include "common/base/ids.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

struct ImportArguments {
  ImportOptions options;
  std::string scheme;
  std::string date;
  int64_t retry_seconds = 60;
};

double ShareOf(const ImportProgress& progress) {
  if (progress.bytes_total == 0) return 1;
  return static_cast<double>(progress.bytes) / static_cast<double>(progress.bytes_total);
}

void TellSummary(const ImportSummary& summary, bool dry_run, absl::Duration took) {
  const double seconds = absl::ToDoubleSeconds(took);
  std::cout << absl::StrFormat("%s%u rows read, %u %s, %u already known, %u rejected; %.2f s, %.0f rows/s; log %s\n",
                               dry_run ? "Dry run: " : "", summary.rows, summary.recorded,
                               dry_run ? "would be recorded" : "recorded", summary.known, summary.rejected, seconds,
                               seconds > 0 ? static_cast<double>(summary.rows) / seconds : 0.0, summary.log_id);
  if (summary.is_synthetic) std::cout << "All rows are marked synthetic (dữ liệu giả lập).\n";
  for (const std::string& remark : summary.remarks) std::cout << "Look at this: " << remark << "\n";
  if (summary.totals_skipped > 0) std::cout << "Rows of sums skipped: " << summary.totals_skipped << "\n";
  if (summary.last_position > 0) std::cout << "Last position recorded: " << summary.last_position << "\n";
  if (summary.min_position > 0) TellHowToRead(summary.min_position);
  if (summary.rejected_earlier > 0) {
    std::cout << "Rejected before this import was broken off: " << summary.rejected_earlier << "\n";
  }
  if (!summary.rejects_path.empty()) {
    std::cout << "Rejected rows, with the reasons: " << summary.rejects_path
              << (dry_run ? "\nMend the file itself, or import it and mend the reject file.\n"
                          : "\nMend them there and import that file.\n");
  }
}

ExitStatus RunImport(ImportArguments* arguments, const Endpoints& endpoints) {
  Problem problem;
  RowOptions& row = arguments->options.row;
  if (!IsWellFormedId(row.agency_id)) {
    return TellWrongUsage(
        StrCat("--agency ", row.agency_id,
               " is not an identifier of a party; write the agency's code, for example buu-dien-dak-ha"));
  }
  if (!arguments->scheme.empty()) {
    const auto scheme = ParseSchemeField(arguments->scheme, &problem);
    if (!scheme) return TellWrongUsage(StrCat("--scheme: ", problem.reason, "; ", problem.remedy));
    row.default_scheme = *scheme;
  }
  if (!arguments->date.empty()) {
    row.opening_date = ParseDateField(arguments->date, &problem);
    if (!row.opening_date) return TellWrongUsage(StrCat("--date: ", problem.reason, "; ", problem.remedy));
  }
  arguments->options.pipeline.retry_for = absl::Seconds(arguments->retry_seconds);
  arguments->options.service = StrCat("sothon-ingest at ", endpoints.ingest);
  const auto stub = IngestAt(endpoints);
  const absl::Time started = absl::Now();
  ProgressBar bar("rows");
  Importer importer(
      stub.get(), arguments->options,
      [&bar](const std::string& remark) {
        bar.Clear();
        std::cerr << "sothon: " << remark << "\n";
      },
      [&bar](const ImportProgress& progress) { bar.Show(ShareOf(progress), progress.rows); });
  const auto summary = importer.Run();
  bar.Clear();
  if (!summary.ok()) return TellFailure(NameIngest(summary.status(), endpoints));
  TellSummary(*summary, arguments->options.dry_run, absl::Now() - started);
  return summary->rejects_path.empty() ? kDone : kRefused;
}

CLI::App* AddKind(CLI::App* import, const char* name, const char* description, FileKind kind, CommandLine* line,
                  const std::shared_ptr<ImportArguments>& arguments) {
  CLI::App* command = import->add_subcommand(name, description);
  ImportOptions& options = arguments->options;
  options.row.kind = kind;
  command->add_option("FILE", options.path, "CSV, UTF-8, comma or semicolon; docs/formats/cli.md has the columns")
      ->required();
  command->add_option("--agency", options.row.agency_id, "id of the collection agency whose rows these are")
      ->required();
  command->add_option("--scheme", arguments->scheme, "scheme of rows that name none, for example BHXH_TN");
  command->add_option("--rejects", options.rejects_path,
                      "where refused rows go (default: FILE.rejects.csv; a dry run adds .dry-run)");
  command->add_option("--ignore", options.ignored_columns, "a column of the file to leave alone; may be repeated");
  command->add_option("--retry-seconds", arguments->retry_seconds, "how long to go on without any answer")
      ->check(CLI::Range(0, 86400));
  command->add_flag("--dry-run", options.dry_run, "check every row, record nothing");
  command->add_flag("--synthetic", options.row.is_synthetic, "mark every row as made up");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunImport(arguments.get(), line->endpoints); }; });
  return command;
}

}  // namespace

void AddImportCommand(CLI::App* app, CommandLine* line) {
  CLI::App* import =
      app->add_subcommand("import", "CSV files of collections, or of people insured before the log began");
  import->require_subcommand(1);
  AddKind(import, "collections", "receipts, after forms D05-TS and D03-TS; importing twice changes nothing",
          FileKind::kCollections, line, std::make_shared<ImportArguments>());
  const auto arguments = std::make_shared<ImportArguments>();
  AddKind(import, "opening", "the opening balance: who was insured before the log began, and until when",
          FileKind::kOpening, line, arguments)
      ->add_option("--date", arguments->date, "day of the opening balance, for rows that name none");
}

}  // namespace sothon::cli
