// What differs between a row and the event that was recorded under its receipt or reference before.
#pragma once

#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "cli/app/problem.h"
#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// `earlier`: the event at `position`, or nullptr where it could not be read. `was_erased` is asked about its subject,
// only where nothing else tells what the conflict is; nullopt: that cannot be found out.
Problem DescribeConflict(const v1::Event& row, uint64_t position, const v1::Event* earlier,
                         absl::FunctionRef<std::optional<bool>(std::string_view subject_id)> was_erased);

}  // namespace sothon::cli
