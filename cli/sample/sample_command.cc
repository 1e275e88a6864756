// sothon sample
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/app/command_line.h"
#include "cli/app/period_text.h"
#include "cli/sample/sampler.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct SampleArguments {
  std::string plan;
  std::string folder;
  std::string months;
  SampleOptions options;
};

absl::Status WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) return absl::OkStatus();
  return absl::FailedPreconditionError(StrCat("cannot write ", path.string(), "; name another folder with --out"));
}

ExitStatus RunSample(SampleArguments* arguments) {
  if (!arguments->months.empty()) {
    const std::string wrong = WhatIsWrongWithPeriod(arguments->months);
    if (!wrong.empty()) return TellWrongUsage(StrCat("--months ", arguments->months, ": ", wrong));
    arguments->options.months = MonthRange::Parse(NormalPeriod(arguments->months));
  }
  const auto plan = ReadPlan(arguments->plan, {});
  if (!plan.ok()) return TellFailure(plan.status());
  absl::StatusOr<Plan> parties = Plan();
  if (!plan->sample_parties_path.empty()) parties = ReadPlan(plan->sample_parties_path, {});
  if (!parties.ok()) return TellFailure(parties.status());
  const auto sample = MakeSample(*plan, &*parties, arguments->options);
  if (!sample.ok()) return TellFailure(sample.status());
  std::error_code error;
  std::filesystem::create_directories(arguments->folder, error);
  const std::filesystem::path folder(arguments->folder);
  for (const auto& [name, text] : {std::pair<const char*, const std::string&>{"opening.csv", sample->opening_csv},
                                   {"collections.csv", sample->collections_csv}}) {
    const absl::Status status = WriteFile(folder / name, text);
    if (!status.ok()) return TellFailure(status);
  }
  std::cout << "Synthetic data (dữ liệu giả lập), seed " << arguments->options.seed << ": " << sample->people
            << " people, " << sample->openings << " openings, " << sample->collections << " collections\n"
            << "Next:\n"
            << "  sothon plan load " << arguments->plan
            << (plan->sample_parties_path.empty() ? "" : " --sample-parties") << "\n"
            << "  sothon import opening " << (folder / "opening.csv").string() << " --agency " << sample->agency_id
            << "\n"
            << "  sothon import collections " << (folder / "collections.csv").string() << " --agency "
            << sample->agency_id << "\n";
  return kDone;
}

}  // namespace

void AddSampleCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command =
      app->add_subcommand("sample", "make up an opening balance and collections for a plan, from a seed");
  const auto arguments = std::make_shared<SampleArguments>();
  SampleOptions& options = arguments->options;
  command->add_option("--plan", arguments->plan, "plan.toml, or its folder")->required();
  command->add_option("--seed", options.seed, "the same seed gives the same files")->required();
  command->add_option("--out", arguments->folder, "folder for opening.csv and collections.csv")->required();
  command->add_option("--people", options.people, "about how many people (default: as the targets suggest)")
      ->check(CLI::Range(int64_t{1}, int64_t{50'000'000}));
  command->add_option("--months", arguments->months, "months of the receipts (default: those of the targets)");
  command->add_option("--agency", options.agency_id, "agency of the receipts (default: the plan's first)");
  command->callback([arguments, line] { line->run = [arguments] { return RunSample(arguments.get()); }; });
}

}  // namespace sothon::cli
