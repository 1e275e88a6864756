// Where a projection reads the log in bulk, for a rebuild or a refetch.
#pragma once

#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/base/ids.h"

namespace sothon::projection {

// Thread-safe.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // Calls `visit` with the stored bytes of the events at [from, to], ascending and gapless, many at a time; the views
  // are valid during the call only. Reading runs ahead of `visit`, by a bounded amount. Stops at the first error of
  // `visit` and returns it. An empty range (to < from) visits nothing. OUT_OF_RANGE: the log does not reach that far.
  // UNAVAILABLE: the log cannot be reached; retry from where it stopped.
  virtual absl::Status ReadRange(Position from, Position to,
                                 absl::FunctionRef<absl::Status(absl::Span<const std::string_view>)> visit) = 0;
};

}  // namespace sothon::projection
