// The totals that a document states beside its months, held against their sum (plan#9). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "projection-service/ledger/reference.h"

namespace sothon::ledger {

// A row of a document's table: everything that it gives one place (or one party) of one product and measure. Borrows
// the targets it is made of.
struct RowTotal {
  std::string_view document_id;
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;  // or
  std::string_view scheme_group_id;
  v1::Measure measure = v1::MEASURE_UNSPECIFIED;
  int64_t declared = 0;
  int64_t sum = 0;                     // of the months
  std::vector<const Target*> targets;  // that make up the sum
};

// Rows of `targets`, which are all of one place or party and in order of the log, whose stated total is not the sum of
// their months; targets that do not hold for one who knows the log up to `as_of` are left out. A row of which another
// document took months over is not compared any more. By document, group, scheme, measure.
std::vector<RowTotal> TotalsThatDiffer(absl::Span<const Target* const> targets, Position as_of);

}  // namespace sothon::ledger
