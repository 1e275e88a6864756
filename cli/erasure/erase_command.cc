// sothon erase: a person who wants nothing to lead from their numbers to the log any more, and the receipt for it.
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

#include "absl/time/clock.h"
#include "cli/app/command_line.h"
#include "cli/app/output_place.h"
#include "cli/app/plain_text.h"
#include "cli/erasure/erase_input.h"
#include "cli/erasure/erasure_session.h"
#include "cli/import/fields.h"
#include "common/base/civil_time.h"
#include "common/base/durable_file.h"
#include "common/base/number_guard.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct EraseArguments {
  std::string citizen_number;
  std::string social_insurance_number;
  std::string legal_basis;
  std::string document;
  std::string place;
  std::string date;
  std::string receipt;
  std::string proof;
  uint64_t resume = 0;
  uint64_t wait_seconds = 60;
  bool yes = false;
  bool synthetic = false;
};

// What is written is for the person alone. Files that are there already are replaced, or kept as they are.
class PrivateFiles {
 public:
  PrivateFiles() : mask_before_(::umask(0077)) {}
  ~PrivateFiles() { ::umask(mask_before_); }
  PrivateFiles(const PrivateFiles&) = delete;
  PrivateFiles& operator=(const PrivateFiles&) = delete;

 private:
  const mode_t mask_before_;
};

// What can be found wrong before anything is read or recorded.
absl::Status CheckUsage(const EraseArguments& arguments) {
  const bool has_number = !arguments.citizen_number.empty() || !arguments.social_insurance_number.empty();
  if (arguments.resume > 0 && (has_number || !arguments.legal_basis.empty())) {
    return absl::InvalidArgumentError("--resume asks about a request that is recorded; leave out numbers and basis");
  }
  if (arguments.resume == 0 && !has_number) {
    return absl::InvalidArgumentError(
        "say who: --citizen-number (12 digits), --social-insurance-number (10 digits) or both; `-` reads a line of "
        "standard input, `@FILE` one of a file");
  }
  if (arguments.resume == 0 && TrimWhiteSpace(arguments.legal_basis).empty()) {
    return absl::InvalidArgumentError("--legal-basis is missing: the law and its article that the wish rests on");
  }
  if (HoldsLongNumber(arguments.legal_basis)) {
    return absl::InvalidArgumentError(StrCat("--legal-basis ", kHoldsLongNumber));
  }
  // A receipt that cannot be written would be noticed when the person is gone.
  SOTHON_RETURN_IF_ERROR(CheckFileCanBeWritten("--receipt", arguments.receipt));
  SOTHON_RETURN_IF_ERROR(arguments.proof.empty() ? CheckFolderCanBeFilled("--receipt", FolderOf(arguments.receipt))
                                                 : CheckFolderCanBeFilled("--proof", arguments.proof));
  if (arguments.resume == 0 && !arguments.yes && ::isatty(STDIN_FILENO) == 0) {
    return absl::InvalidArgumentError("erasing is for ever and is asked about on a terminal; here, say --yes");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Submission> MakeSubmission(const EraseArguments& arguments) {
  v1::Submission submission;
  v1::Identity* identity = submission.mutable_identity();
  const auto read = [](const char* option, const std::string& value, std::string* number) -> absl::Status {
    if (value.empty()) return absl::OkStatus();
    if (value == "-" && ::isatty(STDIN_FILENO) != 0) std::cerr << (option + 2) << ": ";
    auto given = ReadNumber(option, value, std::cin);
    if (given.ok()) *number = *std::move(given);
    return given.status();
  };
  absl::Status status = read("--citizen-number", arguments.citizen_number, identity->mutable_citizen_number());
  if (status.ok()) {
    status = read("--social-insurance-number", arguments.social_insurance_number,
                  identity->mutable_social_insurance_number());
  }
  if (!status.ok()) return status;
  const auto basis = ToNfc(arguments.legal_basis);
  if (!basis) return absl::InvalidArgumentError("--legal-basis must be UTF-8");
  CivilDate date = CivilDate::AtMoment(absl::ToUnixMicros(absl::Now()));
  if (!arguments.date.empty()) {
    Problem problem;
    const auto given = ParseDateField(arguments.date, &problem);
    if (!given) return absl::InvalidArgumentError(StrCat("--date: ", problem.reason, "; ", problem.remedy));
    date = *given;
  }
  auto id = NewErasureId();
  if (!id.ok()) return id.status();
  v1::Event* event = submission.mutable_event();
  event->set_event_id(*std::move(id));
  event->set_effective_date(date.ToWire());
  event->set_place_id(arguments.place);
  event->set_document_id(arguments.document);
  event->set_synthetic(arguments.synthetic);
  event->mutable_erasure_requested()->set_legal_basis(*basis);
  return submission;
}

bool IsMeant() {
  std::cerr << "Người có số này sẽ bị xóa khỏi kho số. Không lấy lại được. Các việc đã ghi và các con số thống kê ở "
               "lại.\nThe person with this number is taken out of the vault, for ever. Recorded events and figures "
               "stay.\nGõ \"xóa\" để tiếp tục / type \"erase\" to go on: ";
  std::string line;
  return std::getline(std::cin, line) && IsConfirmation(line);
}

ExitStatus TellReceipt(const EraseArguments& arguments, const Endpoints& endpoints, ErasureReceipt* receipt) {
  const std::string folder = arguments.proof.empty() ? FolderOf(arguments.receipt) : arguments.proof;
  absl::Status proven;
  if (!folder.empty()) {
    proven = ProveErasure(folder, endpoints, receipt);
    if (!proven.ok()) receipt->why_no_proof = WhyNoProof::kFailed;
  }
  const std::string text = FormatErasureReceipt(*receipt);
  std::cout << text;
  absl::Status written;
  if (!arguments.receipt.empty()) written = WriteFileDurably(arguments.receipt, text);
  if (proven.ok() && written.ok()) return kDone;
  std::cerr << "sothon: the person is erased; for the rest say `sothon erase --resume " << receipt->request.position()
            << "` again\n";
  return TellFailure(proven.ok() ? written : proven);
}

ExitStatus RunErase(const EraseArguments& arguments, const Endpoints& endpoints) {
  const absl::Status usage = CheckUsage(arguments);
  if (!usage.ok()) return TellWrongUsage(usage);
  const PrivateFiles private_files;
  uint64_t position = arguments.resume;
  if (position == 0) {
    const auto submission = MakeSubmission(arguments);
    if (!submission.ok()) return TellWrongUsage(submission.status());
    const absl::Time never_again = absl::InfinitePast();
    const auto checked = RecordErasure(*submission, true, never_again, endpoints);
    if (!checked.ok()) return TellFailure(checked.status());
    if (!arguments.yes && !IsMeant()) {
      std::cerr << "Không có gì được ghi. / Nothing was recorded.\n";
      return kRefused;
    }
    const absl::Time deadline = absl::Now() + absl::Seconds(arguments.wait_seconds);
    const auto recorded = RecordErasure(*submission, false, deadline, endpoints);
    if (!recorded.ok()) return TellFailure(recorded.status());
    position = *recorded;
    std::cerr << "Requested, at position " << position << "; should this break off: `sothon erase --resume " << position
              << "`\n";
  }
  ErasureReceipt receipt;
  const absl::Status done =
      AwaitErasure(position, absl::Now() + absl::Seconds(arguments.wait_seconds), endpoints, &receipt);
  if (!done.ok()) return TellFailure(done);
  return TellReceipt(arguments, endpoints, &receipt);
}

}  // namespace

void AddEraseCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "erase", "erase a person from the vault of numbers, for ever, and print the receipt for it (docs/erasure.md)");
  const auto arguments = std::make_shared<EraseArguments>();
  command->add_option("--citizen-number", arguments->citizen_number,
                      "12 digits; better `-`, a line of standard input, or `@FILE`: what stands on a command line is "
                      "seen by everybody on the machine and kept in the shell's history");
  command->add_option("--social-insurance-number", arguments->social_insurance_number, "10 digits; the same");
  command->add_option("--legal-basis", arguments->legal_basis, "the law and its article; no number, no name");
  command->add_option("--document", arguments->document, "id of a document that the wish rests on");
  command->add_option("--place", arguments->place, "where it was asked for, 23500-07");
  command->add_option("--date", arguments->date, "day of the wish, 2025-12-03 or 03/12/2025 (default: today)");
  command->add_option("--receipt", arguments->receipt,
                      "writes the receipt to this file (mode 0600), too, and the proofs beside it");
  command->add_option("--proof", arguments->proof, "writes the proofs of both events to this directory");
  command->add_option("--resume", arguments->resume, "the receipt of a request that is recorded, by its position")
      ->check(CheckPosition);
  command->add_option("--wait-seconds", arguments->wait_seconds, "how long to wait until it is carried out")
      ->check(CLI::Range(1, 3600));
  command->add_flag("--yes", arguments->yes, "do not ask");
  command->add_flag("--synthetic", arguments->synthetic, "mark the request as made up");
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunErase(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
