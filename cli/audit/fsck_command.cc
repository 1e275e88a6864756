// sothon audit fsck: the services' own databases against the log, read beside them.
#include <algorithm>
#include <iostream>
#include <optional>

#include "absl/strings/str_format.h"
#include "cli/app/command_line.h"
#include "cli/app/plain_text.h"
#include "cli/app/progress_bar.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/key_option.h"
#include "cli/audit/projection_rules.h"
#include "cli/audit/snapshot_reader.h"
#include "cli/audit/work_folder.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/status/status.h"
#include "ingest-service/log/log_checker.h"
#include "ingest-service/service/ingest_config.h"
#include "projection-service/view/projection_checker.h"
#include "spdlog/spdlog.h"

namespace sothon::cli {
namespace {

struct FsckArguments {
  std::string ingest_data;
  std::string ingest_config;
  std::string projection_data;
  std::string projection_config;
  std::vector<std::string> keys;
};

// What is to be checked; made of the arguments.
struct FsckPlan {
  std::string ingest_data;
  std::string projection_data;  // empty: the log alone
  ingest::LogCheckOptions log;
  std::optional<ledger::CountingRules> rules;
};

absl::Status ReadConfigs(const FsckArguments& arguments, FsckPlan* plan) {
  plan->ingest_data = arguments.ingest_data;
  plan->projection_data = arguments.projection_data;
  if (!arguments.ingest_config.empty()) {
    ingest::IngestConfig config;
    ConfigSchema schema;
    ingest::DeclareKeys(&config, &schema);
    SOTHON_RETURN_IF_ERROR(schema.LoadFile(arguments.ingest_config));
    plan->log.log_id = config.log_id;
    if (plan->ingest_data.empty()) plan->ingest_data = config.data_directory;
  }
  if (!arguments.projection_config.empty()) {
    SOTHON_ASSIGN_OR_RETURN(const projection::ProjectionOptions options,
                            LoadProjectionRules(arguments.projection_config));
    if (plan->projection_data.empty()) plan->projection_data = options.data_directory;
    plan->rules = options.view.store.rules;
  }
  return absl::OkStatus();
}

absl::StatusOr<FsckPlan> MakePlan(const FsckArguments& arguments) {
  FsckPlan plan;
  SOTHON_RETURN_IF_ERROR(ReadConfigs(arguments, &plan));
  SOTHON_ASSIGN_OR_RETURN(plan.log.keys, ParseKeys("--key", arguments.keys));
  if (plan.ingest_data.empty() && plan.projection_data.empty()) {
    return absl::InvalidArgumentError(
        "name what is to be checked: --ingest-data DIR or --ingest-config FILE, and --projection-data DIR or "
        "--projection-config FILE");
  }
  if (plan.ingest_data.empty()) {
    return absl::InvalidArgumentError(
        "the log is what accounts are held against: name it, too, with --ingest-data DIR or --ingest-config FILE");
  }
  return plan;
}

// ---------------------------------------------------------------- telling

void TellAreas(const std::string& title, const CheckReport& report) {
  std::cout << title << "\n";
  for (const CheckedArea& area : report.areas()) {
    std::cout << absl::StreamFormat("  %-26s %s checked of %s\n", area.things,
                                    FormatThousands(static_cast<int64_t>(area.good)),
                                    FormatThousands(static_cast<int64_t>(area.total)));
  }
  for (const std::string& remark : report.remarks()) std::cout << "  Look at this: " << ForTerminal(remark) << "\n";
}

ExitStatus TellFaults(absl::Span<const CheckReport* const> reports) {
  uint64_t count = 0;
  std::vector<const CheckFault*> faults;
  for (const CheckReport* report : reports) {
    count += report->fault_count();
    for (const CheckFault& fault : report->faults()) faults.push_back(&fault);
  }
  if (count == 0) {
    std::cout << "ĐÚNG (OK)\n";
    return kDone;
  }
  std::cout << "first bad " << ForTerminal(faults.front()->where) << ": " << ForTerminal(faults.front()->what) << "\n";
  std::cout << "SAI (NOT OK): " << FormatThousands(static_cast<int64_t>(count))
            << (count == 1 ? " fault\n" : " faults\n");
  faults.resize(std::min(faults.size(), CheckReport::kFaultsKept));
  for (const CheckFault* fault : faults)
    std::cout << "  " << ForTerminal(fault->where) << ": " << ForTerminal(fault->what) << "\n";
  if (count > faults.size()) std::cout << "  … và " << count - faults.size() << " lỗi nữa (and more)\n";
  return kRefused;
}

// ---------------------------------------------------------------- checking

template <typename Options>
void ShowOn(ProgressBar* bar, Options* options) {
  options->on_progress = [bar](uint64_t done, uint64_t of) {
    bar->Show(of == 0 ? 1 : static_cast<double>(done) / static_cast<double>(of), done);
  };
}

absl::StatusOr<CheckReport> CheckAccounts(const FsckPlan& plan, const projection::StoredView& stored,
                                          const ingest::LogSnapshot& log) {
  SOTHON_ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> folder, WorkFolder::Make("sothon-fsck"));
  SnapshotReader reader(&log);
  projection::ProjectionCheckOptions options;
  options.log = &reader;
  options.log_id = log.log_id();
  options.head = log.head();
  options.work_directory = folder->path();
  options.rules = plan.rules;
  ProgressBar bar("events folded");
  ShowOn(&bar, &options);
  return projection::CheckProjection(stored, options);
}

ExitStatus TellUnopened(const absl::Status& status) {
  return absl::IsNotFound(status) ? TellWrongUsage(status) : TellFailure(status);
}

ExitStatus RunFsck(const FsckArguments& arguments) {
  spdlog::set_level(spdlog::level::err);  // what RocksDB remarks on in the work folder would stand among the answers
  absl::StatusOr<FsckPlan> plan = MakePlan(arguments);
  if (!plan.ok()) return TellWrongUsage(plan.status());
  // The projection first: what it has applied is in the log that is opened afterwards.
  std::unique_ptr<projection::StoredView> stored;
  if (!plan->projection_data.empty()) {
    auto opened = projection::StoredView::Open(plan->projection_data);
    if (!opened.ok()) return TellUnopened(opened.status());
    stored = *std::move(opened);
  }
  const auto log = ingest::LogSnapshot::Open(plan->ingest_data);
  if (!log.ok()) return TellUnopened(log.status());

  CheckReport of_log;
  {
    ProgressBar bar("events");
    ShowOn(&bar, &plan->log);
    of_log = ingest::CheckLog(**log, plan->log);
  }
  TellAreas(StrCat("sổ (log) ", (*log)->log_id(), ", ", (*log)->db().directory()), of_log);
  if (stored == nullptr) return TellFaults({&of_log});
  const absl::StatusOr<CheckReport> of_accounts = CheckAccounts(*plan, *stored, **log);
  if (!of_accounts.ok()) {
    TellFaults({&of_log});
    return TellFailure(of_accounts.status());
  }
  TellAreas(StrCat("số liệu (projection) tại vị trí (at position) ", stored->applied().position.value, ", ",
                   stored->directory()),
            *of_accounts);
  return TellFaults({&of_log, &*of_accounts});
}

}  // namespace

void AddAuditFsckCommand(CLI::App* audit, CommandLine* line) {
  CLI::App* command = audit->add_subcommand(
      "fsck", "checks the services' own databases against the log, also while they run; nothing is changed");
  const auto arguments = std::make_shared<FsckArguments>();
  command->add_option("--ingest-data", arguments->ingest_data, "data.directory of the ingest service");
  command->add_option("--ingest-config", arguments->ingest_config,
                      "its configuration, for its directory and the log's id");
  command->add_option("--projection-data", arguments->projection_data, "data.directory of the projection service");
  command->add_option("--projection-config", arguments->projection_config,
                      "its configuration, for its directory and its days of grace");
  command->add_option("--key", arguments->keys, "verifier key of the log (or of a witness); may be repeated")
      ->allow_extra_args(false);
  command->callback([arguments, line] { line->run = [arguments] { return RunFsck(*arguments); }; });
}

}  // namespace sothon::cli
