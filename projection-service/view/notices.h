// What a reader of figures should know about them: what is made up, unconfirmed, unknown, or does not add up.
#pragma once

#include <string>
#include <vector>

#include "projection-service/view/excerpt.h"
#include "projection-service/view/question.h"

namespace sothon::projection {

// One line each, Vietnamese first; at most a few of a kind, then how many more. About the places at or below the
// excerpt's, and the targets of `units` that hold for them in `period`.
std::vector<std::string> NoticesOf(const Excerpt& excerpt, absl::Span<const Unit> units, MonthRange period);

}  // namespace sothon::projection
