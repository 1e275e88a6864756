#include "cli/audit/audit_commands.h"

namespace sothon::cli {

void AddAuditCommand(CLI::App* app, CommandLine* line) {
  CLI::App* audit = app->add_subcommand("audit", "what holds a log to what it once said: keys, exports, checks");
  audit->require_subcommand(1);
  AddAuditKeygenCommand(audit, line);
  AddAuditVkeyCommand(audit, line);
  AddAuditExportCommand(audit, line);
  AddAuditVerifyCommand(audit, line);
  AddAuditProveCommand(audit, line);
  AddAuditReplayCommand(audit, line);
  AddAuditFsckCommand(audit, line);
  AddAuditWitnessCommand(audit, line);
}

}  // namespace sothon::cli
