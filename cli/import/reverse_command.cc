// sothon reverse
#include <iostream>

#include "cli/app/command_line.h"
#include "cli/app/submission_errors.h"
#include "cli/import/fields.h"
#include "cli/import/row_mapper.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct ReverseArguments {
  std::string agency;
  std::string receipt;
  std::string date;
  std::string reason;
  bool synthetic = false;
  bool dry_run = false;
};

ExitStatus RunReverse(const ReverseArguments& arguments, const Endpoints& endpoints) {
  Problem problem;
  const auto date = ParseDateField(arguments.date, &problem);
  if (!date) return TellWrongUsage(StrCat("--date: ", problem.reason, "; ", problem.remedy));
  const auto receipt = ToNfc(arguments.receipt);
  const auto reason = ToNfc(arguments.reason);
  if (!receipt || !reason) return TellWrongUsage("--receipt and --reason must be UTF-8");
  v1::RecordRequest request;
  request.set_validate_only(arguments.dry_run);
  v1::Event* event = request.add_submissions()->mutable_event();
  event->set_event_id(ReversalEventId(arguments.agency, *receipt));
  event->set_effective_date(date->ToWire());
  event->set_synthetic(arguments.synthetic);
  event->mutable_contribution_reversed()->set_agency_id(arguments.agency);
  event->mutable_contribution_reversed()->set_receipt_number(*receipt);
  event->mutable_contribution_reversed()->set_reason(*reason);

  const auto stub = IngestAt(endpoints);
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(kCallTimeout));
  v1::RecordResponse response;
  const absl::Status status = FromIngest(stub->Record(&context, request, &response), endpoints);
  if (status.code() == absl::StatusCode::kAlreadyExists) {
    return TellFailure(
        absl::AlreadyExistsError(StrCat("receipt ", *receipt, " of ", arguments.agency,
                                        " was reversed before, with another date or reason or by another "
                                        "program: look at position ",
                                        PositionOf(status))));
  }
  if (const auto violations = FieldViolationsOf(status); !violations.empty()) {
    std::string path;
    SubmissionIndexOfPath(violations[0].field, &path);
    return TellFailure(absl::InvalidArgumentError(StrCat(path, ": ", violations[0].description)));
  }
  if (!status.ok()) return TellFailure(status);
  const v1::Receipt& recorded = response.receipts(0);
  if (arguments.dry_run) {
    std::cout << "Dry run: the reversal of receipt " << *receipt << " would be recorded.\n";
  } else {
    std::cout << "Receipt " << *receipt << " of " << arguments.agency << " is reversed: position "
              << recorded.position() << (recorded.duplicate() ? " (recorded before)" : "") << "\n";
    TellHowToRead(recorded.position());
  }
  return kDone;
}

}  // namespace

void AddReverseCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command =
      app->add_subcommand("reverse", "cancel a receipt that was recorded; the receipt stays in the log");
  const auto arguments = std::make_shared<ReverseArguments>();
  command->add_option("--agency", arguments->agency, "id of the agency that issued the receipt")->required();
  command->add_option("--receipt", arguments->receipt, "number of the receipt")->required();
  command->add_option("--date", arguments->date, "day of the cancellation, 2025-12-02 or 02/12/2025")->required();
  command->add_option("--reason", arguments->reason, "why")->required();
  command->add_flag("--synthetic", arguments->synthetic, "mark the reversal as made up");
  command->add_flag("--dry-run", arguments->dry_run, "check, record nothing");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunReverse(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
