#include "cli/oversight/oversight_commands.h"

namespace sothon::cli {

void AddOversightCommands(CLI::App* app, CommandLine* line) {
  AddFindingsCommand(app, line);
  AddRulesCommand(app, line);
  AddWeeksCommand(app, line);
  AddDrivesCommand(app, line);
  AddRankCommand(app, line);
  AddRenewalsCommand(app, line);
  AddRetentionCommand(app, line);
  AddUncoveredCommand(app, line);
  AddDocumentsCommand(app, line);
  AddProvenanceCommand(app, line);
  AddRolesCommand(app, line);
  AddDecisionsCommand(app, line);
  AddActivitiesCommand(app, line);
}

}  // namespace sothon::cli
