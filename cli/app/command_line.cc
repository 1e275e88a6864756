#include "cli/app/command_line.h"

#include <iostream>

#include "cli/app/text_tools.h"
#include "cli/oversight/nearest.h"
#include "common/base/strings.h"
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

void TellHowToRead(uint64_t position) {
  std::cout << "Figures that count all of this: `sothon progress` or `explain` with --min-position " << position
            << " (without it they may still be older)\n";
}

std::string CheckPosition(const std::string& text) {
  uint64_t position = 0;
  if (ParseNumber(text, &position)) return "";
  return StrCat("\"", text, "\" is none; write a position of the log, a whole number, for example 4711");
}

std::string CheckCount(const std::string& text) {
  uint64_t count = 0;
  if (ParseNumber(text, &count)) return "";
  return StrCat("\"", text, "\" is no number; write a whole number, for example 10");
}

std::string CheckAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  uint64_t port = 0;
  if (colon != std::string::npos && colon > 0 && text.find('/') == std::string::npos &&
      ParseNumber(std::string_view(text).substr(colon + 1), &port) && port > 0 && port <= 65535) {
    return "";
  }
  return StrCat("\"", text, "\" is no address; write HOST:PORT, for example 127.0.0.1:7401");
}

namespace {

// What is wrong with the word that stands where a subcommand should: "sothon report: there is no \"monthli\", ...".
// Empty: something else is wrong.
std::string WrongSubcommand(const CLI::App& app) {
  const CLI::App* command = &app;
  std::string path = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    StrAppend(&path, " ", command->get_name());
  }
  std::vector<std::string> known;
  for (const CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(each->get_name());
  }
  const std::vector<std::string> left = app.remaining(true);
  // Behind an option a word may be meant for that.
  if (known.empty() || left.empty() || left.front().empty() || left.front()[0] == '-') return "";
  const std::string nearest = NearestWord(AsciiLower(left.front()), known);
  return StrCat("\"", left.front(), "\" is no subcommand of `", path, "`; ",
                nearest.empty() ? "" : StrCat("do you mean ", nearest, "? "), "`", path, " --help` lists all of them");
}

// The first option or argument, of the commands that were named, which was given as "": a variable that is not set, as
// a rule. Taken as left out it would ask for something else. Empty: there is none.
std::string EmptyOption(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& value : option->results()) {
      if (option->get_expected_max() > 0 && value.empty()) return option->get_name();
    }
  }
  for (const CLI::App* command : app.get_subcommands()) {
    if (const std::string name = EmptyOption(*command); !name.empty()) return name;
  }
  return "";
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CommandLine line;
  CLI::App app{
      "sothon: sổ thôn, the village book of voluntary social insurance (BHXH tự nguyện) and health insurance (BHYT)\n"
      "Exit status: 0 done, 1 refused or found wrong, 2 wrong usage.",
      "sothon"};
  app.option_defaults()->always_capture_default();
  app.fallthrough();
  app.require_subcommand(1);
  app.add_option("--ingest", line.endpoints.ingest, "where sothon-ingest listens, HOST:PORT")->check(CheckAddress);
  app.add_option("--projection", line.endpoints.projection, "where sothon-projection listens, HOST:PORT")
      ->check(CheckAddress);
  AddPlanCommand(&app, &line);
  AddSampleCommand(&app, &line);
  AddImportCommand(&app, &line);
  AddRecordCommand(&app, &line);
  AddDriveCommand(&app, &line);
  AddReverseCommand(&app, &line);
  AddProgressCommand(&app, &line);
  AddPublishCommand(&app, &line);
  AddLateCommand(&app, &line);
  AddReportCommand(&app, &line);
  AddOversightCommands(&app, &line);
  AddAuditCommand(&app, &line);
  AddEraseCommand(&app, &line);
  AddExplainCommand(&app, &line);
  AddWatchCommand(&app, &line);
  AddEventsCommand(&app, &line);
  AddPlacesCommand(&app, &line);
  AddStatusCommand(&app, &line);
  AddRebuildCommand(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::string wrong = error.get_exit_code() == 0 ? "" : WrongSubcommand(app);
    if (!wrong.empty()) return TellWrongUsage(wrong);
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  if (const std::string name = EmptyOption(app); !name.empty()) {
    return TellWrongUsage(StrCat(name, " is empty; give it a value, or leave it out"));
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
