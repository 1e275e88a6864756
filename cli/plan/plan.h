// A plan: the documents, places, parties and targets of a commune, as people write them down (TOML and CSV).
//
// The format is described in docs/formats/plan.md. Reading a plan checks it by itself: no service is
// asked. What it becomes is a list of events, in an order in which each names only what stands before it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sothon/v1/event.pb.h"

namespace sothon::cli {

struct PlanItem {
  v1::Event event;
  std::string origin;  // "plan.toml line 12" or "targets.csv line 3 (TDP 2A, 2025-10)"
};

struct Plan {
  std::string plan_id;
  std::vector<PlanItem> items;
  // What a person should know though nothing is wrong: unknown numbers and dates, dangling references, inferred units.
  std::vector<std::string> notes;
  // Path of the plan file with what is made up for samples: parties, villages, targets. Empty: none.
  std::string sample_parties_path;
};

struct PlanOptions {
  // Take a table whose sums do not agree as it is printed (plan#9); a note says so.
  bool accept_sums = false;
};

// Reads `path`: a plan's TOML file, or the folder that holds its plan.toml.
// INVALID_ARGUMENT with google.rpc.BadRequest: every problem found, by file, line and key, with its remedy.
// NOT_FOUND: no such file.
absl::StatusOr<Plan> ReadPlan(const std::string& path, const PlanOptions& options);

}  // namespace sothon::cli
