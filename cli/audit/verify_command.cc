// sothon audit verify: checks an export by itself.
#include <algorithm>
#include <iostream>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "cli/app/progress_bar.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/key_option.h"
#include "cli/audit/verifier.h"
#include "cli/audit/witness_source.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct VerifyArguments {
  std::string directory;
  std::vector<std::string> keys;
  std::vector<std::string> witnesses;
  std::string since;
  std::string evidence;
};

std::string Describe(const Fault& fault) {
  if (!fault.index) return fault.what;
  return StrCat("index ", *fault.index, " (position ", *fault.index + 1, "): ", fault.what);
}

void TellSigners(const VerifyReport& report, bool has_keys) {
  if (!has_keys) {
    std::cout
        << "NO SIGNATURE WAS CHECKED: anybody can have made this export. Give the log's verifier key with --key\n";
  }
  for (const note::NoteSigner& signer : report.signers) std::cout << DescribeSigner(signer) << "\n";
}

void TellReport(const VerifyReport& report, const VerifyArguments& arguments, absl::Duration took) {
  if (report.checkpoint) {
    std::cout << "log " << report.checkpoint->origin << ", checkpoint of " << report.checkpoint->size
              << " entries, root " << note::EncodeBase64(merkle::AsBytes(report.checkpoint->root)) << "\n";
  }
  // A witness has checked the log's signature; whoever trusts it need not have the log's key.
  TellSigners(report, !arguments.keys.empty() || !arguments.witnesses.empty());
  const double seconds = absl::ToDoubleSeconds(took);
  std::cout << absl::StrFormat("entries checked: %d of %d; %.1f MB hashed in %.2f s\n", report.entries_checked,
                               report.entries_total, static_cast<double>(report.bytes_hashed) / 1e6, seconds);
  for (const std::string& remark : report.remarks) std::cout << "Look at this: " << remark << "\n";
  if (report.ok()) {
    if (report.since) {
      std::cout << "It goes on from the earlier checkpoint of " << report.since->size << " entries\n";
    }
    std::cout << "OK\n";
    return;
  }
  if (report.first_bad) std::cout << "first bad " << Describe(*report.first_bad) << "\n";
  std::cout << "NOT OK: " << report.fault_count << (report.fault_count == 1 ? " fault\n" : " faults\n");
  for (const Fault& fault : report.faults) std::cout << "  " << Describe(fault) << "\n";
  if (report.fault_count > report.faults.size()) {
    std::cout << "  and " << report.fault_count - report.faults.size() << " more\n";
  }
}

// The two checkpoints, and the proof out of the tiles that does not lead from one to the other.
void KeepEvidence(const VerifyReport& report, const VerifyOptions& options, const std::string& directory) {
  ExportedLog log(options.directory);
  Evidence evidence;
  evidence.kind = *report.contradiction;
  evidence.before = *options.since;
  evidence.now = log.FreshCheckpoint().value_or(std::string());
  if (evidence.kind == EvidenceKind::kNotProven) {
    evidence.proof = log.ConsistencyProof(report.since->size, report.checkpoint->size).value_or(std::vector<Hash>());
    evidence.proof_fault = StrCat("it leads to the root of the first ", report.since->size,
                                  " entries of the later one, which is not the root of the earlier one; the export ",
                                  options.directory, " has those entries: keep it");
  }
  evidence.keys = options.keys;
  evidence.unix_seconds = absl::ToUnixSeconds(absl::Now());
  evidence.found_by = "sothon audit verify";
  const absl::StatusOr<std::string> folder = WriteEvidence(directory, evidence);
  if (folder.ok()) {
    std::cout << "Evidence (read evidence.txt in it first): " << *folder << "\n";
  } else {
    std::cerr << "sothon: the evidence could not be written: " << folder.status().message() << "\n";
  }
}

ExitStatus RunVerify(const VerifyArguments& arguments) {
  VerifyOptions options;
  options.directory = arguments.directory;
  absl::StatusOr<std::vector<note::VerifierKey>> keys = ParseKeys("--key", arguments.keys);
  if (!keys.ok()) return TellWrongUsage(keys.status());
  options.keys = *std::move(keys);
  absl::StatusOr<std::vector<note::VerifierKey>> witnesses = ParseKeys("--witness", arguments.witnesses);
  if (!witnesses.ok()) return TellWrongUsage(witnesses.status());
  options.witnesses = *std::move(witnesses);
  for (const note::VerifierKey& witness : options.witnesses) {
    if (witness.type == note::KeyType::kCosignature) continue;
    return TellWrongUsage(StrCat("--witness ", witness.ToString(), ": this is the key of a log; give it with --key"));
  }
  if (!arguments.evidence.empty() && arguments.since.empty()) {
    return TellWrongUsage(
        "--evidence goes with --since: it keeps a kept checkpoint and the one that does not go on from it");
  }
  const bool is_log_known = std::any_of(options.keys.begin(), options.keys.end(),
                                        [](const note::VerifierKey& key) { return key.type == note::KeyType::kNote; });
  if (!arguments.evidence.empty() && !is_log_known) {
    return TellWrongUsage("--evidence goes with the log's --key: what the log did not sign proves nothing against it");
  }
  if (!arguments.since.empty()) {
    auto since = ReadWholeFile(arguments.since);
    if (!since.ok()) return TellWrongUsage(StrCat("--since: ", std::string(since.status().message())));
    options.since = *std::move(since);
  }
  ProgressBar progress("entries");
  options.progress = [&progress](uint64_t done, uint64_t total) {
    progress.Show(static_cast<double>(done) / static_cast<double>(total), done);
  };
  const absl::Time started = absl::Now();
  const absl::StatusOr<VerifyReport> report = VerifyExport(options);
  progress.Clear();
  if (absl::IsNotFound(report.status())) return TellWrongUsage(report.status());
  if (!report.ok()) return TellFailure(report.status());
  TellReport(*report, arguments, absl::Now() - started);
  if (report->contradiction && !arguments.evidence.empty()) KeepEvidence(*report, options, arguments.evidence);
  return report->ok() ? kDone : kRefused;
}

}  // namespace

void AddAuditVerifyCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand("verify", "checks an export by itself, all of it; no service is asked");
  const auto arguments = std::make_shared<VerifyArguments>();
  command->add_option("DIR", arguments->directory, "what `sothon audit export` wrote")->required();
  command->add_option("--key", arguments->keys, "verifier key of the log (or of a witness); may be repeated")
      ->allow_extra_args(false);
  command
      ->add_option("--witness", arguments->witnesses,
                   "verifier key of a witness that must have cosigned the checkpoint; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--since", arguments->since,
                      "a checkpoint kept from an earlier time: the log must go on from it");
  command->add_option("--evidence", arguments->evidence,
                      "with --since and the log's --key: write both checkpoints into this folder where the log signed "
                      "both and does not go on from the kept one");
  command->callback([arguments, line] { line->run = [arguments] { return RunVerify(*arguments); }; });
}

}  // namespace sothon::cli
