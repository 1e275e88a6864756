// Made-up people and receipts for a plan, so that it can be tried out: seeded, realistic in shape, plainly synthetic.
//
// Identity numbers are well-formed and cannot be anybody's: 12 digits beginning with 000 (no province has that code) or
// 10 digits beginning with 00. Every row is marked synthetic. Equal plan, options and seed give equal bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/plan/plan.h"
#include "common/base/civil_time.h"

namespace sothon::cli {

struct SampleOptions {
  uint64_t seed = 0;
  std::string agency_id;             // empty: the plan's first agency
  int64_t people = 0;                // about how many; 0: as many as the plan's targets suggest
  std::optional<MonthRange> months;  // unset: the months of the plan's targets
};

struct Sample {
  std::string agency_id;
  std::string opening_csv;
  std::string collections_csv;
  uint64_t people = 0;
  uint64_t openings = 0;
  uint64_t collections = 0;
};

// `parties`: the plan whose collectors the receipts name; nullptr: they name none.
// INVALID_ARGUMENT: the plan has no villages, months or agency to make a sample for.
absl::StatusOr<Sample> MakeSample(const Plan& plan, const Plan* parties, const SampleOptions& options);

}  // namespace sothon::cli
