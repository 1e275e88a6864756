// What every subcommand shares: exit statuses, where the services are, how errors are told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/app/connection.h"

namespace sothon::cli {

enum ExitStatus : int {
  kDone = 0,
  kRefused = 1,  // refused, or found wrong
  kWrongUsage = 2,
};

// Filled by the parser; `run` is the chosen subcommand.
struct CommandLine {
  Endpoints endpoints;
  std::function<ExitStatus()> run;
};

// Writes `status` to standard error: "sothon: what is wrong", then one line for each field violation. Returns kRefused.
ExitStatus TellFailure(const absl::Status& status);
// Writes "sothon: message" to standard error. Returns kWrongUsage.
ExitStatus TellWrongUsage(std::string_view message);
inline ExitStatus TellWrongUsage(const absl::Status& status) { return TellWrongUsage(std::string(status.message())); }

// Says how to read figures in which everything up to `position` is counted.
void TellHowToRead(uint64_t position);

// For options: a position of the log; a number of things; a HOST:PORT.
std::string CheckPosition(const std::string& text);
std::string CheckCount(const std::string& text);
std::string CheckAddress(const std::string& text);

// Each adds one subcommand (or family) to `app`; `line` outlives the app.
void AddPlanCommand(CLI::App* app, CommandLine* line);
void AddSampleCommand(CLI::App* app, CommandLine* line);
void AddImportCommand(CLI::App* app, CommandLine* line);
void AddRecordCommand(CLI::App* app, CommandLine* line);
void AddDriveCommand(CLI::App* app, CommandLine* line);
void AddReverseCommand(CLI::App* app, CommandLine* line);
void AddProgressCommand(CLI::App* app, CommandLine* line);
void AddPublishCommand(CLI::App* app, CommandLine* line);
void AddLateCommand(CLI::App* app, CommandLine* line);
void AddReportCommand(CLI::App* app, CommandLine* line);
// findings, rules, weeks, drives, ...: cli/oversight.
void AddOversightCommands(CLI::App* app, CommandLine* line);
// audit keygen, export, verify: cli/audit.
void AddAuditCommand(CLI::App* app, CommandLine* line);
// erase: cli/erasure.
void AddEraseCommand(CLI::App* app, CommandLine* line);
void AddExplainCommand(CLI::App* app, CommandLine* line);
void AddWatchCommand(CLI::App* app, CommandLine* line);
void AddEventsCommand(CLI::App* app, CommandLine* line);
void AddStatusCommand(CLI::App* app, CommandLine* line);
void AddRebuildCommand(CLI::App* app, CommandLine* line);
void AddPlacesCommand(CLI::App* app, CommandLine* line);

// The whole program.
int RunCommandLine(int argc, char** argv);

}  // namespace sothon::cli
