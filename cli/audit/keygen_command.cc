// sothon audit keygen: a key to sign checkpoints with. sothon audit vkey: what others check its signatures with.
#include <iostream>

#include "cli/audit/audit_commands.h"
#include "cli/audit/key_option.h"
#include "common/base/strings.h"
#include "common/note/key.h"

namespace sothon::cli {
namespace {

struct KeygenArguments {
  std::string name;
  std::string out;
  bool witness = false;
};

ExitStatus RunKeygen(const KeygenArguments& arguments) {
  const absl::Status named = note::CheckKeyName(arguments.name);
  if (!named.ok()) return TellWrongUsage(named);
  const auto key =
      note::SignerKey::Generate(arguments.name, arguments.witness ? note::KeyType::kCosignature : note::KeyType::kNote);
  if (!key.ok()) return TellFailure(key.status());
  const absl::Status created = note::CreateSignerKeyFile(arguments.out, *key);
  if (!created.ok()) return TellFailure(created);
  std::cout << key->verifier().ToString() << "\n";
  if (arguments.witness) {
    std::cerr << "The line above is the witness's verifier key: give it to whoever checks cosigned checkpoints.\n";
  } else {
    std::cerr << "The line above is the verifier key: give it to auditors, by another way than the exports, and have "
                 "them keep it.\nName the key file in the configuration of sothon-ingest, and start it again:\n"
                 "  [audit]\n  key_files = [\""
              << arguments.out << "\"]\n";
  }
  std::cerr << arguments.out << " is secret (mode 0600): who has it can sign anything in the name of " << arguments.name
            << ". Keep a copy of it in a safe place.\n";
  return kDone;
}

ExitStatus RunVkey(const std::string& key_file) {
  const auto key = note::ReadSignerKeyFile(key_file);
  if (key.ok()) {
    std::cout << key->verifier().ToString() << "\n";
    return kDone;
  }
  // What is wrong with it as a secret would frighten for nothing.
  if (!ReadVerifierKeyFile(key_file).ok()) return TellFailure(key.status());
  return TellFailure(absl::FailedPreconditionError(
      StrCat(key_file, " holds a verifier key already, which everybody may see: give it with --key \"$(cat ", key_file,
             ")\"")));
}

}  // namespace

void AddAuditVkeyCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand("vkey", "prints the verifier key that belongs to a key file");
  const auto key_file = std::make_shared<std::string>();
  command->add_option("FILE", *key_file, "the key file")->required();
  command->callback([key_file, line] { line->run = [key_file] { return RunVkey(*key_file); }; });
}

void AddAuditKeygenCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command =
      audit->add_subcommand("keygen", "makes a key file, and prints the verifier key that belongs to it");
  const auto arguments = std::make_shared<KeygenArguments>();
  command->add_option("LOG_ID", arguments->name, "the id of the log, as `sothon status` shows it; a witness: its name")
      ->required();
  command->add_option("--out", arguments->out, "the key file; never one that is there already")->required();
  command->add_flag("--witness", arguments->witness, "a key that cosigns the checkpoints of others");
  command->callback([arguments, line] { line->run = [arguments] { return RunKeygen(*arguments); }; });
}

}  // namespace sothon::cli
