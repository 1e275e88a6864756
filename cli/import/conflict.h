// What differs between a row and the event that was recorded under its receipt or reference before.
#pragma once

#include "cli/app/problem.h"
#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// `earlier`: the event at `position`, or nullptr where it could not be read.
Problem DescribeConflict(const v1::Event& row, uint64_t position, const v1::Event* earlier);

}  // namespace sothon::cli
