// sothon audit witness: cosigns the checkpoints of logs, and holds them to what they signed before.
#include <atomic>
#include <csignal>
#include <ctime>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "cli/app/output_place.h"
#include "cli/audit/add_checkpoint.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/key_option.h"
#include "cli/audit/service_log.h"
#include "cli/audit/witness_server.h"
#include "cli/audit/witness_source.h"
#include "cli/report/output_file.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

struct WitnessArguments {
  std::string state;
  std::string key_file;
  std::vector<std::string> logs;
  std::string export_directory;
  std::vector<std::string> checkpoints;
  std::string out;
  int every_seconds = 0;
  std::string listen;
};

// Signals that end the program wait until they are asked for; so they do not break off what is under way, in threads
// that are started meanwhile either.
class EndSignals {
 public:
  EndSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  ~EndSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  // Whether one came within `seconds`.
  bool Await(int seconds) const {
    const absl::Time until = absl::Now() + absl::Seconds(seconds);
    for (;;) {
      const timespec left = absl::ToTimespec(std::max(until - absl::Now(), absl::ZeroDuration()));
      if (sigtimedwait(&signals_, nullptr, &left) > 0) return true;
      if (absl::Now() >= until) return false;
    }
  }

 private:
  sigset_t signals_;
  sigset_t before_;
};

std::string Described(const note::Checkpoint& checkpoint) {
  return StrCat(checkpoint.origin, " ", checkpoint.size, " ", note::EncodeBase64(merkle::AsBytes(checkpoint.root)));
}

void TellFirstSight(const WitnessAnswer& answer) {
  std::cerr << "First sight of the log " << answer.checkpoint.origin << ": nothing of it was seen before ("
            << answer.checkpoint.size << " entries now). Is that right? If not, --state names the wrong directory\n";
}

void TellCosigned(const WitnessAnswer& answer) {
  const std::string now = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now(), absl::UTCTimeZone());
  std::cout << StrCat(now, " cosigned ", Described(answer.checkpoint), "\n") << std::flush;
}

ExitStatus TellRefused(const WitnessAnswer& answer) {
  std::cerr << "sothon: not cosigned: " << answer.what << "\n";
  if (!answer.evidence.empty()) std::cerr << "Evidence (read evidence.txt in it first): " << answer.evidence << "\n";
  return kRefused;
}

class WitnessRun {
 public:
  WitnessRun(const WitnessArguments& arguments, const Endpoints& endpoints, Witness* witness)
      : arguments_(arguments), witness_(witness), service_(endpoints), exported_(arguments.export_directory) {}

  // Every checkpoint that was asked for, once.
  ExitStatus Once();
  // Until a signal ends it, or evidence was found.
  ExitStatus Always(const EndSignals& signals);

 private:
  LogSource* log() { return arguments_.export_directory.empty() ? static_cast<LogSource*>(&service_) : &exported_; }
  // What an export holds was the newest at some time; only the service tells of now.
  absl::StatusOr<WitnessAnswer> AskNewest() {
    return WitnessLog(witness_, log(), arguments_.export_directory.empty() ? Source::kLogNewest : Source::kLog);
  }
  absl::StatusOr<WitnessAnswer> AskFile(const std::string& path);
  absl::Status Give(const WitnessAnswer& answer, bool print) const;
  void TellTrouble(const std::string& what);

  const WitnessArguments& arguments_;
  Witness* const witness_;
  ServiceLog service_;
  ExportedLog exported_;
  std::string trouble_;  // told last
};

absl::StatusOr<WitnessAnswer> WitnessRun::AskFile(const std::string& path) {
  SOTHON_ASSIGN_OR_RETURN(std::string checkpoint, ReadWholeFile(path));
  // Another log's proofs would make this one look like a liar.
  SOTHON_ASSIGN_OR_RETURN(const std::string newest, log()->FreshCheckpoint());
  const absl::StatusOr<note::Checkpoint> asked = CheckpointOf(checkpoint);
  const absl::StatusOr<note::Checkpoint> held = CheckpointOf(newest);
  if (asked.ok() && held.ok() && asked->origin != held->origin) {
    return absl::FailedPreconditionError(StrCat(path, " is a checkpoint of the log ", asked->origin,
                                                ", and the proofs would be those of ", held->origin,
                                                "; name the right --ingest or --export"));
  }
  absl::StatusOr<WitnessAnswer> answer = WitnessCheckpoint(witness_, log(), std::move(checkpoint), Source::kLog);
  if (!answer.ok()) return Annotate(answer.status(), path);
  return answer;
}

absl::Status WitnessRun::Give(const WitnessAnswer& answer, bool print) const {
  if (arguments_.out.empty()) {
    if (print) std::cout << answer.note << std::flush;
    return absl::OkStatus();
  }
  return ReplaceFile(arguments_.out, [&](const std::string& path) { return WriteText(answer.note, path); });
}

ExitStatus WitnessRun::Once() {
  std::vector<std::string> files = arguments_.checkpoints;
  if (files.empty()) files.emplace_back();
  for (const std::string& file : files) {
    const absl::StatusOr<WitnessAnswer> answer = file.empty() ? AskNewest() : AskFile(file);
    if (!answer.ok()) return TellFailure(answer.status());
    if (answer->verdict != Verdict::kCosigned) return TellRefused(*answer);
    if (answer->is_first_sight) TellFirstSight(*answer);
    const absl::Status given = Give(*answer, true);
    if (!given.ok()) return TellFailure(given);
    if (!arguments_.out.empty()) std::cout << "cosigned " << Described(answer->checkpoint) << "\n";
  }
  return kDone;
}

void WitnessRun::TellTrouble(const std::string& what) {
  if (what != trouble_) {
    std::cerr << "sothon: " << what << ". Tried again every " << arguments_.every_seconds << " s\n" << std::flush;
  }
  trouble_ = what;
}

ExitStatus WitnessRun::Always(const EndSignals& signals) {
  std::optional<note::Checkpoint> told;
  do {
    const absl::StatusOr<WitnessAnswer> answer = AskNewest();
    if (!answer.ok()) {
      TellTrouble(std::string(answer.status().message()));
      continue;
    }
    if (!answer->evidence.empty()) return TellRefused(*answer);
    if (answer->verdict != Verdict::kCosigned) {
      TellTrouble(StrCat("not cosigned: ", answer->what));
      continue;
    }
    if (answer->is_first_sight) TellFirstSight(*answer);
    const absl::Status given = Give(*answer, false);
    if (!given.ok()) {
      TellTrouble(std::string(given.message()));
      continue;
    }
    if (!trouble_.empty()) std::cerr << "All is well again\n" << std::flush;
    trouble_.clear();
    if (!told || told->size != answer->checkpoint.size) {
      TellCosigned(*answer);
    }
    told = answer->checkpoint;
  } while (!signals.Await(arguments_.every_seconds));
  return kDone;
}

// What strangers hand in is told where somebody has to act; their mistakes are theirs.
class Serving {
 public:
  absl::Status Start(const std::string& address, Witness* witness) {
    auto server = WitnessServer::Start(address, witness, [this](const auto& answer) { Tell(answer); });
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    const std::string host = address.substr(0, address.rfind(':'));
    std::cout << "listening on http://" << host << ":" << server_->port() << kAddCheckpointPath << std::endl;
    return absl::OkStatus();
  }
  // After it, nothing is answered any more.
  void Stop() { server_.reset(); }
  bool found_evidence() const { return found_evidence_; }

 private:
  void Tell(const absl::StatusOr<WitnessAnswer>& answer) {
    absl::MutexLock lock(&mutex_);
    if (!answer.ok()) {
      std::cerr << StrCat("sothon: ", answer.status().message(), "\n") << std::flush;
    } else if (answer->verdict == Verdict::kForked) {
      found_evidence_ = true;
      // Whoever has two forked checkpoints can hand them in as often as he likes.
      if (told_.insert({answer->checkpoint.origin, answer->evidence}).second) TellRefused(*answer);
    } else if (answer->verdict == Verdict::kCosigned && answer->checkpoint.size != answer->stored_size) {
      TellCosigned(*answer);
    }
  }

  absl::Mutex mutex_;
  std::atomic<bool> found_evidence_ = false;
  std::set<std::pair<std::string, std::string>> told_ ABSL_GUARDED_BY(mutex_);  // origin and folder
  std::unique_ptr<WitnessServer> server_;
};

ExitStatus RunUntilSignal(const WitnessArguments& arguments, WitnessRun* run, Witness* witness,
                          const EndSignals& signals) {
  Serving serving;
  if (!arguments.listen.empty()) {
    const absl::Status started = serving.Start(arguments.listen, witness);
    if (!started.ok()) return TellFailure(started);
  }
  ExitStatus status = kDone;
  if (arguments.every_seconds > 0) {
    status = run->Always(signals);
  } else {
    while (!signals.Await(3600)) continue;
  }
  serving.Stop();
  return serving.found_evidence() ? kRefused : status;
}

ExitStatus RunWitness(const WitnessArguments& arguments, const Endpoints& endpoints) {
  const absl::Status place = CheckFileCanBeWritten("--out", arguments.out);
  if (!place.ok()) return TellWrongUsage(place);
  const bool goes_on = arguments.every_seconds > 0 || !arguments.listen.empty();
  if (goes_on && !arguments.checkpoints.empty()) {
    return TellWrongUsage("--checkpoint cosigns once; it does not go with --every and --listen");
  }
  if (arguments.every_seconds == 0 && !arguments.listen.empty() && !arguments.out.empty()) {
    return TellWrongUsage("--listen gives cosignatures to whoever asks; --out does not go with it without --every");
  }
  Witness::Options options;
  options.directory = arguments.state;
  auto log_keys = ParseKeys("--log", arguments.logs);
  if (!log_keys.ok()) return TellWrongUsage(log_keys.status());
  options.log_keys = *std::move(log_keys);
  auto key = note::ReadSignerKeyFile(arguments.key_file);
  if (!key.ok()) return TellFailure(key.status());
  // Asked once, a signal may end it at any moment: what is stored is whole.
  std::optional<EndSignals> signals;
  if (goes_on) signals.emplace();
  auto witness = Witness::Open(std::move(options), *std::move(key));
  if (absl::IsInvalidArgument(witness.status())) return TellWrongUsage(witness.status());
  if (!witness.ok()) return TellFailure(witness.status());
  WitnessRun run(arguments, endpoints, witness->get());
  return signals ? RunUntilSignal(arguments, &run, witness->get(), *signals) : run.Once();
}

std::string CheckListenAddress(const std::string& text) {
  return text.ends_with(":0") ? CheckAddress(text.substr(0, text.size() - 1) + "1") : CheckAddress(text);
}

}  // namespace

void AddAuditWitnessCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand(
      "witness", "cosigns a log's checkpoints as long as each goes on from the one before; keeps evidence if not");
  const auto arguments = std::make_shared<WitnessArguments>();
  command->add_option("--state", arguments->state, "directory of what this witness saw; made at the first use")
      ->required();
  command->add_option("--key", arguments->key_file, "the witness's key file (audit keygen NAME --witness --out FILE)")
      ->required();
  command->add_option("--log", arguments->logs, "verifier key of a log; may be repeated")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--export", arguments->export_directory,
                      "take checkpoint and proof from this export, and not from the service at --ingest");
  command
      ->add_option("--checkpoint", arguments->checkpoints,
                   "cosign the checkpoint in this file, and not the newest; may be repeated, in order")
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "write the cosigned checkpoint into this file");
  command->add_option("--every", arguments->every_seconds, "go on, asking every so many seconds")
      ->check(CLI::Range(1, 86'400));
  command
      ->add_option("--listen", arguments->listen,
                   "serve POST /add-checkpoint (c2sp.org/tlog-witness) on HOST:PORT; port 0: any free one")
      ->check(CheckListenAddress);
  command->callback(
      [arguments, line] { line->run = [arguments, line] { return RunWitness(*arguments, line->endpoints); }; });
}

}  // namespace sothon::cli
