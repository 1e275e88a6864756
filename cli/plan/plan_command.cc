// sothon plan load
#include <iostream>

#include "cli/app/command_line.h"
#include "cli/app/kind_counts.h"
#include "cli/plan/plan.h"
#include "cli/plan/plan_loader.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct LoadOptions {
  std::vector<std::string> files;
  bool dry_run = false;
  bool sample_parties = false;
  PlanOptions plan;
};

void TellContents(const Plan& plan) {
  KindCounts counts;
  for (const PlanItem& item : plan.items) counts.Add(item.event);
  std::cout << "Plan " << plan.plan_id << ": " << counts.ToText() << "\n";
  for (const std::string& note : plan.notes) std::cout << "  note: " << note << "\n";
}

// `base`: the plan whose made-up part `path` is; null: `path` is a plan.
ExitStatus LoadOne(const std::string& path, const LoadOptions& options, const Endpoints& endpoints, const Plan* base) {
  const auto plan = ReadPlan(path, options.plan);
  if (!plan.ok()) return TellFailure(plan.status());
  TellContents(*plan);
  Plan whole = *plan;
  // A dry run leaves nothing in the log for the made-up part to stand on: both are checked together.
  if (options.dry_run && base != nullptr) {
    whole.items.insert(whole.items.begin(), base->items.begin(), base->items.end());
  }
  const auto stub = IngestAt(endpoints);
  const auto summary = LoadPlan(stub.get(), whole, options.dry_run);
  if (!summary.ok()) return TellFailure(NameIngest(summary.status(), endpoints));
  if (options.dry_run) {
    std::cout << "Dry run" << (base != nullptr ? StrCat(", with plan ", base->plan_id) : "") << ": "
              << summary->recorded << " would be recorded, " << summary->already_known
              << " are known already. Nothing was recorded.\n";
  } else if (summary->recorded == 0) {
    std::cout << "All " << summary->already_known << " were known already in log " << summary->log_id
              << "; nothing changed.\n";
  } else {
    std::cout << "Recorded " << summary->recorded << " at positions " << summary->first_position << " to "
              << summary->last_position << " of log " << summary->log_id << "; " << summary->already_known
              << " were known already.\n";
  }
  if (!options.dry_run) TellHowToRead(summary->min_position);
  if (base != nullptr || !options.sample_parties || plan->sample_parties_path.empty()) return kDone;
  return LoadOne(plan->sample_parties_path, options, endpoints, &*plan);
}

}  // namespace

void AddPlanCommand(CLI::App* app, CommandLine* line) {
  CLI::App* plan = app->add_subcommand("plan", "plans: documents, villages, parties and targets");
  plan->require_subcommand(1);
  CLI::App* load = plan->add_subcommand("load", "check a plan and record it; loading it again changes nothing");
  auto options = std::make_shared<LoadOptions>();
  load->add_option("FILE", options->files, "plan.toml, or its folder; several are loaded in this order")->required();
  load->add_flag("--dry-run", options->dry_run, "check everything, record nothing");
  load->add_flag("--sample-parties", options->sample_parties,
                 "also load what is made up for samples: parties, villages, targets (marked synthetic)");
  load->add_flag("--accept-sums", options->plan.accept_sums, "take tables whose sums do not agree as they are printed");
  load->callback([options, line] {
    line->run = [options, line] {
      for (const std::string& file : options->files) {
        const ExitStatus status = LoadOne(file, *options, line->endpoints, nullptr);
        if (status != kDone) return status;
      }
      return kDone;
    };
  });
}

}  // namespace sothon::cli
