// sothon audit prove: checks proofs that events stand in a log, without any service.
#include <iostream>

#include "cli/audit/audit_commands.h"
#include "cli/audit/proof_files.h"
#include "cli/views/event_text.h"
#include "cli/views/progress_words.h"
#include "common/base/civil_time.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"

namespace sothon::cli {
namespace {

struct ProveArguments {
  std::vector<std::string> files;
  std::vector<std::string> keys;
};

void Tell(const std::string& path, const ProvenEvent& proven) {
  const v1::Event& event = proven.event;
  std::cout << path << ": position " << event.position() << " of log " << proven.checkpoint.origin << " ("
            << proven.checkpoint.size << " events), recorded " << FormatMoment(event.recorded_at_us()) << "\n  "
            << EventKindName(event.kind_case()) << " " << DateText(event.effective_date()) << " " << event.place_id()
            << " " << Summarise(event) << "\n";
  for (const note::NoteSigner& signer : proven.signers) {
    std::cout << "  signed by " << signer.key.name << "+" << signer.key.Id().ToHex() << "\n";
  }
}

ExitStatus RunProve(const ProveArguments& arguments) {
  std::vector<note::VerifierKey> keys;
  for (const std::string& text : arguments.keys) {
    auto key = note::VerifierKey::Parse(text);
    if (!key.ok()) return TellWrongUsage(StrCat("--key ", text, ": ", key.status().message()));
    keys.push_back(*std::move(key));
  }
  size_t wrong = 0;
  for (const std::string& path : arguments.files) {
    const auto bytes = ReadWholeFile(path);
    const auto proven = bytes.ok() ? CheckProof(*bytes, keys) : bytes.status();
    if (proven.ok()) {
      Tell(path, *proven);
      continue;
    }
    ++wrong;
    TellFailure(absl::Status(proven.status().code(), StrCat(path, ": NOT PROVEN: ", proven.status().message())));
  }
  if (keys.empty()) {
    std::cout << "NO SIGNATURE WAS CHECKED: anybody can have made this. Give the log's verifier key with --key\n";
  }
  std::cout << "proven: " << arguments.files.size() - wrong << " of " << arguments.files.size() << "\n";
  return wrong == 0 ? kDone : kRefused;
}

}  // namespace

void AddAuditProveCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand("prove", "check proofs that events stand in a log (explain --proof)");
  const auto arguments = std::make_shared<ProveArguments>();
  command->add_option("FILE", arguments->files, "files that end in .tlog-proof")->required();
  command->add_option("--key", arguments->keys, "the log's verifier key, or a witness's; may be repeated")
      ->allow_extra_args(false);
  command->callback([arguments, line] { line->run = [arguments] { return RunProve(*arguments); }; });
}

}  // namespace sothon::cli
