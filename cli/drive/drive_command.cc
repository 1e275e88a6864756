// sothon drive open, sothon drive close
#include <iostream>
#include <memory>

#include "absl/time/clock.h"
#include "cli/app/command_line.h"
#include "cli/drive/baseline.h"
#include "cli/drive/drive_recorder.h"
#include "cli/format/table.h"
#include "cli/import/fields.h"
#include "common/base/ids.h"
#include "common/base/place_id.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct DriveArguments {
  DriveStep step;
  std::string date;
};

// Fills in the day; false: it is none, and that is told.
bool ReadDate(DriveArguments* arguments) {
  if (arguments->date.empty()) {
    arguments->step.date = CivilDate::AtMoment(absl::ToUnixMicros(absl::Now()));
    return true;
  }
  Problem problem;
  const auto date = ParseDateField(arguments->date, &problem);
  if (!date) {
    TellWrongUsage(StrCat("--date: ", problem.reason, "; ", problem.remedy));
    return false;
  }
  arguments->step.date = *date;
  return true;
}

// A drive is opened on its day: what it finds is not known before. Made-up ones may be told ahead.
absl::Status CheckIsNotAhead(const DriveStep& step) {
  const CivilDate today = CivilDate::AtMoment(absl::ToUnixMicros(absl::Now()));
  if (step.synthetic || step.date <= today) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("--date ", step.date.ToString(), " is after today, ", today.ToString(),
             " in Viet Nam: open a drive on its day, or say --synthetic for a made-up one"));
}

std::string DayOf(const v1::Event& event) {
  const auto date = CivilDate::FromWire(event.effective_date());
  return date ? date->ToString() : "";
}

void TellBaseline(const v1::Event& event) {
  const v1::DriveOpened& opened = event.drive_opened();
  const int32_t year = event.effective_date() / 10'000;
  std::cout << "Still to be reached of " << year << ", with what was collected before " << DayOf(event)
            << ", as known at position " << opened.baseline_position() << ":\n";
  Table table({{"product"}, {"target", Align::kRight}, {"achieved", Align::kRight}, {"remaining", Align::kRight}});
  for (const v1::DriveOpened::Baseline& baseline : opened.baselines()) {
    table.AddRow(
        {ProductName(baseline), StrCat(baseline.target()), StrCat(baseline.achieved()), StrCat(baseline.remaining())});
  }
  std::cout << table.Render();
  const auto has = [&](std::string_view product) {
    for (const auto& baseline : opened.baselines()) {
      if (ProductName(baseline) == product) return true;
    }
    return false;
  };
  for (const char* product : {"BHXH_TN", kSelfPaidGroup}) {
    if (!has(product)) std::cout << "No target of " << product << " in " << year << ": nothing is frozen for it.\n";
  }
}

void TellStep(const RecordedStep& done, const DriveStep& step, std::string_view verb) {
  if (step.dry_run && !done.was_there) {
    std::cout << "Dry run: drive " << step.drive_id << " would be " << verb << " on " << DayOf(done.event)
              << ". Nothing was recorded.\n";
  } else {
    std::cout << "Drive " << step.drive_id << (done.was_there ? " was " : " is ") << verb << " on " << DayOf(done.event)
              << ", position " << done.position << (done.was_there ? ": nothing was recorded now" : "") << "\n";
  }
}

ExitStatus RunOpen(DriveArguments* arguments, const Endpoints& endpoints) {
  if (!ReadDate(arguments)) return kWrongUsage;
  const DriveStep& step = arguments->step;
  if (const absl::Status ahead = CheckIsNotAhead(step); !ahead.ok()) return TellFailure(ahead);
  const auto ingest = IngestAt(endpoints);
  const auto progress = ProgressAt(endpoints);
  const auto done = OpenDrive(ingest.get(), progress.get(), step, endpoints);
  if (!done.ok()) return TellFailure(done.status());
  TellStep(*done, step, "opened");
  TellBaseline(done->event);
  return kDone;
}

ExitStatus RunClose(DriveArguments* arguments, const Endpoints& endpoints) {
  if (!ReadDate(arguments)) return kWrongUsage;
  const auto ingest = IngestAt(endpoints);
  const auto done = CloseDrive(ingest.get(), arguments->step, endpoints);
  if (!done.ok()) return TellFailure(done.status());
  TellStep(*done, arguments->step, "closed");
  return kDone;
}

std::string CheckIdOption(const std::string& text) {
  return IsWellFormedId(text) ? "" : StrCat("\"", text, "\" is no id; write 1 to 64 of [A-Za-z0-9._:-]");
}

std::string CheckVillage(const std::string& text) {
  return ShapeOfPlaceId(text) == PlaceShape::kVillage ? "" : StrCat("\"", text, "\" is no village; write 23500-07");
}

void AddStepOptions(CLI::App* command, DriveArguments* arguments) {
  command->add_option("--drive", arguments->step.drive_id, "id of the drive (đợt ra quân)")
      ->required()
      ->check(CheckIdOption);
  command->add_option("--office", arguments->step.office_party_id, "party id of the BHXH office that does it")
      ->required()
      ->check(CheckIdOption);
  command->add_option("--date", arguments->date, "on which day, 2025-10-20 or 20/10/2025; left out: today");
  command->add_flag("--synthetic", arguments->step.synthetic, "mark it as made up");
  command->add_flag("--dry-run", arguments->step.dry_run, "check and show everything, record nothing");
}

}  // namespace

void AddDriveCommand(CLI::App* app, CommandLine* line) {
  CLI::App* drive =
      app->add_subcommand("drive", "drives (đợt ra quân): open one with what its village lacks, close it");
  drive->require_subcommand(1);

  CLI::App* open = drive->add_subcommand("open", "open a drive and freeze what its village still lacks (plan#27)");
  const auto opening = std::make_shared<DriveArguments>();
  AddStepOptions(open, opening.get());
  open->add_option("--place", opening->step.place_id, "the village, 23500-07")->required()->check(CheckVillage);
  open->add_option("--position", opening->step.position, "freeze what is known at this position; left out: now")
      ->check(CheckPosition);
  open->add_flag("--without-targets", opening->step.without_targets,
                 "also where the village has no target of the year, with nothing frozen");
  open->callback([opening, line] { line->run = [opening, line] { return RunOpen(opening.get(), line->endpoints); }; });

  CLI::App* close = drive->add_subcommand("close", "close a drive that is open");
  const auto closing = std::make_shared<DriveArguments>();
  AddStepOptions(close, closing.get());
  close->add_option("--place", closing->step.place_id, "the village in which it was opened, 23500-07")
      ->check(CheckVillage);
  close->callback(
      [closing, line] { line->run = [closing, line] { return RunClose(closing.get(), line->endpoints); }; });
}

}  // namespace sothon::cli
