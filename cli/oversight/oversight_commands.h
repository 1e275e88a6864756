// The commands of the oversight; each adds one subcommand.
#pragma once

#include "cli/app/command_line.h"

namespace sothon::cli {

void AddFindingsCommand(CLI::App* app, CommandLine* line);
void AddRulesCommand(CLI::App* app, CommandLine* line);
void AddWeeksCommand(CLI::App* app, CommandLine* line);
void AddDrivesCommand(CLI::App* app, CommandLine* line);
void AddRankCommand(CLI::App* app, CommandLine* line);
void AddRenewalsCommand(CLI::App* app, CommandLine* line);
void AddRetentionCommand(CLI::App* app, CommandLine* line);
void AddUncoveredCommand(CLI::App* app, CommandLine* line);
void AddDocumentsCommand(CLI::App* app, CommandLine* line);
void AddProvenanceCommand(CLI::App* app, CommandLine* line);
void AddRolesCommand(CLI::App* app, CommandLine* line);
void AddDecisionsCommand(CLI::App* app, CommandLine* line);
void AddActivitiesCommand(CLI::App* app, CommandLine* line);

}  // namespace sothon::cli
