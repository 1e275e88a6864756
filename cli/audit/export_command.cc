// sothon audit export: a log as a directory that can be checked without its service.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "absl/strings/str_format.h"
#include "cli/app/output_place.h"
#include "cli/app/progress_bar.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/exporter.h"
#include "cli/audit/service_log.h"
#include "cli/report/output_file.h"
#include "cli/views/event_text.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

struct ExportArguments {
  std::string directory;
  std::string jsonl;
  std::string evidence;
};

bool IsWithin(const std::string& path, const std::string& directory) {
  std::error_code error;
  const fs::path relative =
      fs::weakly_canonical(path, error).lexically_relative(fs::weakly_canonical(directory, error));
  return !relative.empty() && *relative.begin() != "..";
}

absl::Status WriteJsonLines(const std::string& directory, uint64_t size, const std::string& path) {
  ProgressBar progress("entries");
  return ReplaceFile(path, [&](const std::string& temporary) -> absl::Status {
    std::ofstream out(temporary, std::ios::binary);
    uint64_t done = 0;
    SOTHON_RETURN_IF_ERROR(ForEachEntry(directory, size, [&](std::string_view stored) -> absl::Status {
      v1::Event event;
      if (!event.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
        return absl::DataLossError(StrCat("the event at position ", done + 1, " cannot be read"));
      }
      out << EventJson(event) << "\n";
      ++done;
      progress.Show(static_cast<double>(done) / static_cast<double>(size), done);
      return absl::OkStatus();
    }));
    out.close();
    return out ? absl::OkStatus() : absl::FailedPreconditionError(StrCat("cannot write ", path));
  });
}

ExitStatus RunExport(const ExportArguments& arguments, const Endpoints& endpoints) {
  const absl::Status place = CheckFileCanBeWritten("--jsonl", arguments.jsonl);
  if (!place.ok()) return TellWrongUsage(place);
  if (!arguments.jsonl.empty() && IsWithin(arguments.jsonl, arguments.directory)) {
    return TellWrongUsage(StrCat("--jsonl ", arguments.jsonl,
                                 " lies within the export, where nothing else may stand; "
                                 "name a file outside of ",
                                 arguments.directory));
  }
  if (!arguments.evidence.empty() && IsWithin(arguments.evidence, arguments.directory)) {
    return TellWrongUsage(StrCat("--evidence ", arguments.evidence,
                                 " lies within the export; name a folder outside of ", arguments.directory));
  }
  ProgressBar progress("entries");
  ExportOptions options{arguments.directory, [&progress](uint64_t done, uint64_t total) {
                          progress.Show(static_cast<double>(done) / static_cast<double>(total), done);
                        }};
  options.evidence_directory = arguments.evidence;
  ServiceLog source(endpoints);
  const absl::StatusOr<ExportSummary> summary = ExportLog(options, &source);
  progress.Clear();
  if (!summary.ok()) return TellFailure(summary.status());
  const uint64_t size = summary->checkpoint.size;
  std::cout << arguments.directory << ": " << size << " entries of the log " << summary->checkpoint.origin << ", "
            << size - summary->size_before << " of them new";
  if (summary->entries_taken_up > 0) {
    std::cout << " (" << summary->entries_taken_up << " from an export that was broken off)";
  }
  std::cout << "; root " << note::EncodeBase64(merkle::AsBytes(summary->checkpoint.root)) << "\n";
  if (arguments.jsonl.empty()) return kDone;
  const absl::Status written = WriteJsonLines(arguments.directory, size, arguments.jsonl);
  return written.ok() ? kDone : TellFailure(written);
}

}  // namespace

void AddAuditExportCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand(
      "export", "writes the log, its tree and a fresh checkpoint into a directory; again: what is new since then");
  const auto arguments = std::make_shared<ExportArguments>();
  command->add_option("DIR", arguments->directory, "the directory; made where it is not there")->required();
  command->add_option("--jsonl", arguments->jsonl, "also all events as JSON, one a line, into this file, for people");
  command->add_option("--evidence", arguments->evidence,
                      "write both checkpoints into this folder where the log contradicts what DIR holds");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunExport(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
