// sothon audit prove: checks proofs that events stand in a log, and figures that follow from them, without any service.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_join.h"
#include "cli/app/plain_text.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/figure_directory.h"
#include "cli/audit/key_option.h"
#include "cli/audit/projection_rules.h"
#include "cli/audit/proof_files.h"
#include "cli/audit/proven_figure.h"
#include "cli/views/event_text.h"
#include "common/base/civil_time.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/note/tlog_proof.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFaultsTold = 10;  // of one figure

struct ProveArguments {
  std::vector<std::string> paths;
  std::vector<std::string> keys;
  std::string config_file;
};

void Tell(const std::string& path, const ProvenEvent& proven) {
  const v1::Event& event = proven.event;
  std::cout << path << ": position " << event.position() << " of log " << proven.checkpoint.origin << " ("
            << proven.checkpoint.size << " events), recorded " << FormatMoment(event.recorded_at_us()) << "\n  "
            << EventKindName(event.kind_case()) << " " << DateText(event.effective_date()) << " "
            << ForTerminal(StrCat(event.place_id(), " ", Summarise(event))) << "\n";
  for (const note::NoteSigner& signer : proven.signers) std::cout << "  " << DescribeSigner(signer) << "\n";
}

// "10244" of a file that is named after a position; empty: it is named otherwise.
std::string PositionInName(const std::string& path) {
  const fs::path name = fs::path(path).filename();
  const std::string stem = name.stem().string();
  const bool is_number = std::all_of(stem.begin(), stem.end(), [](char c) { return c >= '0' && c <= '9'; });
  return name.extension() == kProofSuffix && is_number ? stem : "";
}

class Prover {
 public:
  Prover(std::vector<note::VerifierKey> keys, projection::SchemeGroups groups)
      : keys_(std::move(keys)), groups_(std::move(groups)) {}

  void ProvePath(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      ProveFigure(path);
    } else {
      ProveFile(path, true);
    }
  }
  ExitStatus Finish() const;

 private:
  struct Seen {
    std::string path;
    merkle::Hash leaf;
  };

  absl::StatusOr<ProvenEvent> Check(const std::string& path) const;
  // What it proves, which is told; nullopt: nothing, which is told. `tell_repeats`: where an earlier file proved the
  // same. It is counted once.
  std::optional<ProvenEvent> ProveFile(const std::string& path, bool tell_repeats);
  void ProveFigure(const std::string& directory);

  const std::vector<note::VerifierKey> keys_;
  const projection::SchemeGroups groups_;
  std::map<std::pair<std::string, uint64_t>, Seen> seen_;  // by log and position
  size_t wrong_ = 0;                                       // proofs that are none, or are missing
  bool all_figures_proven_ = true;
};

absl::StatusOr<ProvenEvent> Prover::Check(const std::string& path) const {
  SOTHON_ASSIGN_OR_RETURN(const std::string bytes, ReadBoundedFile(path, note::kTlogProofBytesMax));
  SOTHON_ASSIGN_OR_RETURN(ProvenEvent proven, CheckProof(bytes, keys_));
  const std::string position = StrCat(proven.event.position());
  if (const std::string named = PositionInName(path); !named.empty() && named != position) {
    return absl::DataLossError(
        StrCat("it is named after position ", named, ", and is the proof of position ", position));
  }
  const auto seen = seen_.find({proven.checkpoint.origin, proven.event.position()});
  if (seen != seen_.end() && seen->second.leaf != proven.leaf) {
    return absl::DataLossError(StrCat("at position ", position, " of log ", proven.checkpoint.origin,
                                      " it has another event than ", seen->second.path,
                                      ": there are two logs of this name. Keep both files"));
  }
  return proven;
}

std::optional<ProvenEvent> Prover::ProveFile(const std::string& path, bool tell_repeats) {
  absl::StatusOr<ProvenEvent> proven = Check(path);
  if (!proven.ok()) {
    ++wrong_;
    TellFailure(absl::Status(proven.status().code(), StrCat(path, ": NOT PROVEN: ", proven.status().message())));
    return std::nullopt;
  }
  const auto [seen, is_new] =
      seen_.try_emplace({proven->checkpoint.origin, proven->event.position()}, Seen{path, proven->leaf});
  if (!is_new && tell_repeats) {
    std::cout << path << ": position " << proven->event.position() << " again, as in " << seen->second.path
              << "; counted once\n";
  } else {
    Tell(path, *proven);
  }
  return *std::move(proven);
}

void Prover::ProveFigure(const std::string& directory) {
  const absl::StatusOr<Figure> figure = ReadFigure(directory);
  if (!figure.ok()) {
    all_figures_proven_ = false;
    TellFailure(absl::Status(figure.status().code(), StrCat(directory, ": NOT PROVEN: ", figure.status().message())));
    return;
  }
  absl::StatusOr<std::vector<std::string>> names = ProofsIn(directory);
  if (!names.ok()) {
    all_figures_proven_ = false;
    TellFailure(names.status());
    return;
  }
  // In the order of the positions, as a log has them.
  std::sort(names->begin(), names->end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), std::string_view(a)) < std::pair(b.size(), std::string_view(b));
  });
  std::vector<std::string> faults;
  std::map<uint64_t, ProvenEvent> proven;
  for (const std::string& name : *names) {
    if (PositionInName(name).empty()) {
      faults.push_back(StrCat(ForTerminal(name), " is not named after a position"));
    } else if (std::optional<ProvenEvent> event = ProveFile(StrCat(directory, "/", name), false)) {
      proven.emplace(event->event.position(), *std::move(event));
    } else {
      faults.push_back(StrCat(name, " proves nothing"));
    }
  }
  const std::set<std::string> there(names->begin(), names->end());
  const std::set<uint64_t> positions = figure->Positions();
  for (const uint64_t position : positions) {
    if (there.count(StrCat(position, kProofSuffix)) == 0) ++wrong_;
  }
  const std::vector<std::string> more = FaultsOfFigure(*figure, proven, groups_);
  faults.insert(faults.end(), more.begin(), more.end());
  const std::string heading = StrCat("figure: ", ForTerminal(figure->Heading()), ": ");
  if (!faults.empty()) {
    all_figures_proven_ = false;
    const size_t told = std::min(faults.size(), kFaultsTold);
    const std::string first = absl::StrJoin(faults.begin(), faults.begin() + static_cast<ptrdiff_t>(told), "; ");
    TellFailure(absl::DataLossError(
        StrCat(directory, ": ", heading, "NOT PROVEN: ", first,
               faults.size() > told ? StrCat("; and ", faults.size() - told, " more faults") : "")));
  } else if (positions.empty()) {
    all_figures_proven_ = false;
    std::cout << heading << "NOTHING IS PROVEN: no event is behind it; that there is none is shown by `audit replay`\n";
  } else {
    std::cout << heading << "proven by " << positions.size() << (positions.size() == 1 ? " event\n" : " events\n");
  }
}

ExitStatus Prover::Finish() const {
  if (keys_.empty()) {
    std::cout << "NO SIGNATURE WAS CHECKED: anybody can have made this. Give the log's verifier key with --key\n";
  }
  std::cout << "proven: " << seen_.size() << " of " << seen_.size() + wrong_ << "\n";
  return wrong_ == 0 && all_figures_proven_ ? kDone : kRefused;
}

ExitStatus RunProve(const ProveArguments& arguments) {
  absl::StatusOr<std::vector<note::VerifierKey>> keys = ParseKeys("--key", arguments.keys);
  if (!keys.ok()) return TellWrongUsage(keys.status());
  const auto rules = LoadProjectionRules(arguments.config_file);
  if (!rules.ok()) return TellWrongUsage(rules.status());
  Prover prover(*std::move(keys), rules->groups);
  for (const std::string& path : arguments.paths) prover.ProvePath(path);
  return prover.Finish();
}

}  // namespace

void AddAuditProveCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command =
      audit->add_subcommand("prove", "checks proofs that events stand in a log, and figures that follow from them");
  const auto arguments = std::make_shared<ProveArguments>();
  command
      ->add_option("PATH", arguments->paths,
                   "files that end in .tlog-proof, and directories that `explain --proof` wrote")
      ->required();
  command
      ->add_option("--key", arguments->keys,
                   "verifier key of the log, or of a witness where only that is trusted; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--config", arguments->config_file,
                      "the projection's configuration, where a figure is of a scheme group of its own");
  command->callback([arguments, line] { line->run = [arguments] { return RunProve(*arguments); }; });
}

}  // namespace sothon::cli
