// sothon record
#include <iostream>

#include "absl/strings/str_join.h"
#include "cli/app/command_line.h"
#include "cli/app/kind_counts.h"
#include "cli/record/event_recorder.h"
#include "cli/record/events_file.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct RecordArguments {
  std::string path;
  bool dry_run = false;
  bool all_synthetic = false;
};

void TellContents(const EventsFile& file) {
  KindCounts counts;
  size_t synthetic = 0;
  for (const EventItem& item : file.items) {
    counts.Add(item.submission.event());
    synthetic += item.submission.event().synthetic() ? 1 : 0;
  }
  std::cout << file.file << " (" << file.file_id << "): " << counts.ToText() << "\n";
  if (synthetic > 0) {
    std::cout << (synthetic == file.items.size() ? "All" : StrCat(synthetic))
              << " are marked synthetic (dữ liệu giả lập).\n";
  }
}

// "Recorded 12 at positions 5 to 16, already recorded 3".
std::string Counts(const RecordSummary& summary, bool dry_run) {
  std::string text = StrCat(dry_run ? "would be recorded " : "recorded ", summary.recorded);
  if (summary.first_position > 0) {
    StrAppend(&text, " at positions ", summary.first_position, " to ", summary.last_position);
  }
  return StrCat(text, ", already recorded ", summary.already_known);
}

void TellSuccess(const RecordSummary& summary, bool dry_run) {
  std::cout << (dry_run ? "Dry run: " : "Done: ") << Counts(summary, dry_run) << ", refused 0; log " << summary.log_id
            << (dry_run ? ". Nothing was recorded.\n" : "\n");
  if (summary.unchecked > 0) {
    std::cout
        << "Not checked: " << summary.unchecked
        << " that need the position of, or reverse, an event that is not recorded yet; they are checked when that "
           "one is\n";
  }
  if (dry_run) return;
  if (summary.last_position > 0) std::cout << "Last position recorded: " << summary.last_position << "\n";
  TellHowToRead(summary.min_position);
}

// After the reason went to standard error.
void TellWhatIsLeft(const RecordSummary& summary, const EventsFile& file, bool dry_run) {
  const size_t refused = summary.refused_lines.size();
  const size_t settled = summary.recorded + summary.already_known + refused;
  std::cout << (dry_run ? "Dry run ended early: " : "Ended early: ") << Counts(summary, dry_run) << ", refused "
            << refused;
  if (refused > 0) std::cout << " (lines " << absl::StrJoin(summary.refused_lines, ", ") << ")";
  const size_t left = file.items.size() - std::min(file.items.size(), settled);
  std::cout << ", left " << left << "; log " << summary.log_id << "\n";
  if (dry_run) return;
  if (summary.last_position > 0) std::cout << "Last position recorded: " << summary.last_position << "\n";
  std::cout << (refused > 0
                    ? "What stands before the refused request is recorded, nothing of it and behind it is. Mend it and "
                      "record the file again"
                    : "The last request may or may not be recorded. Record the file again")
            << ": it goes on there, and nothing counts twice.\n";
}

ExitStatus RunRecord(const RecordArguments& arguments, const Endpoints& endpoints) {
  const auto file = ReadEventsFile(arguments.path, arguments.all_synthetic);
  if (!file.ok()) return TellFailure(file.status());
  TellContents(*file);
  const auto stub = IngestAt(endpoints);
  EventRecorder recorder(stub.get(), *file, arguments.dry_run);
  const absl::Status status = recorder.Run();
  if (status.ok()) {
    TellSuccess(recorder.summary(), arguments.dry_run);
    return kDone;
  }
  const ExitStatus exit = TellFailure(NameIngest(status, endpoints));
  if (!recorder.summary().log_id.empty()) TellWhatIsLeft(recorder.summary(), *file, arguments.dry_run);
  return exit;
}

}  // namespace

void AddRecordCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "record",
      "events of any kind from a TOML file: drives, roles, reports, decisions; recording twice changes nothing");
  const auto arguments = std::make_shared<RecordArguments>();
  command->add_option("FILE", arguments->path, "TOML, \"sothon-events/1\"; docs/formats/cli.md has the keys")
      ->required();
  command->add_flag("--dry-run", arguments->dry_run, "check everything, record nothing");
  command->add_flag("--synthetic", arguments->all_synthetic, "mark every event as made up");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunRecord(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
