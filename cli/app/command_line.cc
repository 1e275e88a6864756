#include "cli/app/command_line.h"

#include <iostream>

#include "common/status/status.h"

namespace sothon::cli {

ExitStatus TellFailure(const absl::Status& status) {
  std::cerr << "sothon: " << status.message() << "\n";
  // The message tells the first violation already.
  const std::vector<FieldViolation> violations = FieldViolationsOf(status);
  for (size_t i = 0; violations.size() > 1 && i < violations.size(); ++i) {
    std::cerr << "  " << violations[i].field << ": " << violations[i].description << "\n";
  }
  return kRefused;
}

ExitStatus TellWrongUsage(std::string_view message) {
  std::cerr << "sothon: " << message << "\n";
  return kWrongUsage;
}

int RunCommandLine(int argc, char** argv) {
  CommandLine line;
  CLI::App app{
      "sothon: sổ thôn, the village book of voluntary social insurance (BHXH tự nguyện) and health insurance (BHYT)\n"
      "Exit status: 0 done, 1 refused or found wrong, 2 wrong usage.",
      "sothon"};
  app.option_defaults()->always_capture_default();
  app.fallthrough();
  app.require_subcommand(1);
  app.add_option("--ingest", line.endpoints.ingest, "where sothon-ingest listens, HOST:PORT");
  app.add_option("--projection", line.endpoints.projection, "where sothon-projection listens, HOST:PORT");
  AddPlanCommand(&app, &line);
  AddSampleCommand(&app, &line);
  AddImportCommand(&app, &line);
  AddReverseCommand(&app, &line);
  AddProgressCommand(&app, &line);
  AddExplainCommand(&app, &line);
  AddWatchCommand(&app, &line);
  AddEventsCommand(&app, &line);
  AddPlacesCommand(&app, &line);
  AddStatusCommand(&app, &line);
  AddRebuildCommand(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  const ExitStatus status = line.run();
  // A closed pipe or a full disk under standard output is not "done".
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "sothon: standard output could not be written\n";
    return kRefused;
  }
  return status;
}

}  // namespace sothon::cli
