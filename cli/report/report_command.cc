// sothon report
#include <iostream>
#include <memory>

#include "cli/app/command_line.h"
#include "cli/app/period_text.h"
#include "cli/oversight/known_ids.h"
#include "cli/report/output_file.h"
#include "cli/report/report_kind.h"
#include "cli/report/report_writers.h"
#include "cli/views/query.h"
#include "common/base/place_id.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct ReportArguments {
  Query query;
  ReportOptions options;
  std::string date;
  std::string output;
};

// The day as of which things are judged: --date, or the last day of --period.
absl::Status ReadDate(const ReportArguments& arguments, const ReportKind& kind, ReportOptions* options) {
  // Of --as-published the period says which publication, and the date stands beside it.
  const bool is_period_idle = kind.period_is_day && !options->period.empty() && !options->as_published;
  if (!arguments.date.empty() && is_period_idle) {
    return absl::InvalidArgumentError(StrCat(
        "--period ", options->period, " and --date ", arguments.date,
        " both say which day this report judges: ", "--period means its last day; give --date alone for another one"));
  }
  if (!arguments.date.empty()) {
    const auto date = CivilDate::Parse(arguments.date);
    if (!date) {
      return absl::InvalidArgumentError(
          StrCat("--date ", arguments.date, " is no day; write 2025-11-30 or 30/11/2025"));
    }
    options->date = date->ToWire();
  } else if (kind.period == nullptr && !options->period.empty()) {
    const auto range = MonthRange::Parse(options->period);
    if (range) options->date = CivilDate::LastOf(range->last).ToWire();
  }
  return absl::OkStatus();
}

// Agencies and collectors belong to no place; villages to what is above them.
absl::Status CheckHasVillagesBelow(const ReportKind& kind, const ReportOptions& options) {
  const bool ranks_villages = kind.has_league && options.league == "village";
  if (!ranks_villages || ShapeOfPlaceId(options.place) != PlaceShape::kVillage) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(
      "--place ", options.place, ": a league ranks the villages below a place, and a village has none below it; ",
      "ask for its commune, --place ", CommuneOfPlaceId(options.place)));
}

absl::Status ReadOptions(const ReportArguments& arguments, const ReportKind& kind, ReportOptions* options) {
  const Query& query = arguments.query;
  *options = arguments.options;
  options->place = query.place;
  options->period = query.period;
  options->as_published = query.as_published;
  options->min_position = query.min_position;
  if (!ShapeOfPlaceId(query.place)) {
    return absl::InvalidArgumentError(
        StrCat("--place ", query.place, ": write a province 51, a commune 23500 or a village 23500-07"));
  }
  SOTHON_RETURN_IF_ERROR(CheckHasVillagesBelow(kind, *options));
  const bool has_weeks = query.period.find('W') != std::string::npos && kind.check_period != nullptr;
  if (!query.period.empty() && !has_weeks) {
    if (const std::string wrong = WhatIsWrongWithPeriod(query.period); !wrong.empty()) {
      return absl::InvalidArgumentError(StrCat("--period ", query.period, ": ", wrong));
    }
  }
  if (kind.check_period != nullptr) {
    if (absl::Status period = kind.check_period(query.period); !period.ok()) return period;
  }
  if (query.as_published && query.period.empty()) {
    return absl::InvalidArgumentError("--as-published needs --period: which one was published?");
  }
  if (query.as_published && !query.as_of.empty()) {
    return absl::InvalidArgumentError("--as-of and --as-published are two points of view: give one of them");
  }
  if (absl::Status status = ReadDate(arguments, kind, options); !status.ok()) return status;
  return ParseAsOf(query.as_of, &options->as_of);
}

ExitStatus WriteReport(const Report& report, const ReportArguments& arguments) {
  const std::string& format = arguments.query.format;
  // Whoever reads CSV in a pipe must hear it, too.
  if (format == "csv" && arguments.output.empty()) {
    for (const std::string& warning : report.warnings) std::cerr << "sothon: " << warning << "\n";
  }
  if (format != "xlsx") {
    const std::string text = format == "csv" ? RenderReportCsv(report) : RenderReportTable(report);
    if (arguments.output.empty()) {
      std::cout << text;
      return kDone;
    }
    const absl::Status status =
        ReplaceFile(arguments.output, [&text](const std::string& part) { return WriteText(text, part); });
    if (!status.ok()) return TellFailure(status);
    std::cout << "Đã ghi: " << arguments.output << "\n";
    return kDone;
  }
  const std::string path = arguments.output.empty() ? report.file_name + ".xlsx" : arguments.output;
  const absl::Status status = ReplaceFile(path, [&report](const std::string& part) { return WriteXlsx(report, part); });
  if (!status.ok()) return TellFailure(status);
  std::cout << "Đã ghi: " << path << "\n";
  return kDone;
}

ExitStatus RunReport(const ReportArguments& arguments, const ReportKind& kind, const Endpoints& endpoints) {
  ReportOptions options;
  const absl::Status usage = ReadOptions(arguments, kind, &options);
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto stub = ProgressAt(endpoints);
  const absl::Status waited = AwaitMinPosition(stub.get(), arguments.query, endpoints);
  if (!waited.ok()) return TellFailure(waited);
  if (!options.collector.empty() && options.collector != "-") {
    const absl::Status known = CheckParty("--collector", options.collector, options.as_of, endpoints);
    if (!known.ok()) return TellFailure(known);
  }
  ReportSource source(options, endpoints);
  const absl::StatusOr<Report> report = kind.make(&source);
  if (!report.ok()) return TellFailure(InTermsOf(arguments.query, report.status()));
  return WriteReport(*report, arguments);
}

void AddKind(CLI::App* family, const ReportKind& kind, CommandLine* line) {
  CLI::App* command = family->add_subcommand(kind.name, kind.meaning);
  const auto arguments = std::make_shared<ReportArguments>();
  Query& query = arguments->query;
  query.format = "xlsx";
  command->add_option("--place", query.place, "province 51, commune 23500 or village 23500-07")->required();
  CLI::Option* period =
      command
          ->add_option("--period", query.period,
                       kind.period != nullptr ? kind.period : "2025-11, 2025Q4, ...: as of its last day")
          ->transform(NormalPeriod);
  if (kind.period != nullptr) period->required();
  if (kind.has_date) {
    command->add_option("--date", arguments->date, "judged as of this day, 2025-11-30 (default: today)");
  }
  AddAsOf(command, &query);
  command->add_flag("--as-published", query.as_published, "as it stood when --period was published");
  if (kind.has_drive) command->add_option("--drive", arguments->options.drive, "only this drive");
  if (kind.has_collector) {
    command->add_option("--collector", arguments->options.collector, "only what this collector has to do; -: nobody");
  }
  if (kind.has_league) {
    command->add_option("--kind", arguments->options.league, "agency, collector or village")
        ->check(CLI::IsMember({"agency", "collector", "village"}));
  }
  command->add_option("--issuer", arguments->options.issuer, "who reports, for the letterhead (default: by the place)");
  command->add_option("--format", query.format, "xlsx, csv or table")->check(CLI::IsMember({"xlsx", "csv", "table"}));
  command->add_option(
      "--output", arguments->output,
      "file to write or to replace (default: xlsx a file named after the report, others to the screen)");
  const ReportKind* chosen = &kind;
  command->callback([arguments, chosen, line] {
    line->run = [arguments, chosen, line] { return RunReport(*arguments, *chosen, line->endpoints); };
  });
}

}  // namespace

void AddReportCommand(CLI::App* app, CommandLine* line) {
  CLI::App* family =
      app->add_subcommand("report", "reports in Vietnamese, to print and to sign: workbooks (xlsx), CSV, tables");
  family->require_subcommand(1);
  for (const ReportKind& kind : ReportKinds()) AddKind(family, kind, line);
}

}  // namespace sothon::cli
