// The commands of the audit; each adds one subcommand to `sothon audit`.
#pragma once

#include "cli/app/command_line.h"

namespace sothon::cli {

void AddAuditKeygenCommand(CLI::App* audit, CommandLine* line);
void AddAuditVkeyCommand(CLI::App* audit, CommandLine* line);
void AddAuditExportCommand(CLI::App* audit, CommandLine* line);
void AddAuditVerifyCommand(CLI::App* audit, CommandLine* line);
void AddAuditProveCommand(CLI::App* audit, CommandLine* line);
void AddAuditReplayCommand(CLI::App* audit, CommandLine* line);
void AddAuditFsckCommand(CLI::App* audit, CommandLine* line);
void AddAuditWitnessCommand(CLI::App* audit, CommandLine* line);

}  // namespace sothon::cli
