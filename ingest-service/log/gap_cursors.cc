#include "ingest-service/log/gap_cursors.h"

#include <algorithm>
#include <utility>

namespace sothon::ingest {

bool GapCursors::Take(std::string_view key) {
  if (!gaps_[last_hit_].Holds(key)) {
    const auto found = std::find_if(gaps_.begin(), gaps_.end(), [&](const Gap& gap) { return gap.Holds(key); });
    if (found == gaps_.end()) return false;
    last_hit_ = static_cast<size_t>(found - gaps_.begin());
  }
  Gap& gap = gaps_[last_hit_];
  gap.low.assign(key);
  gap.last_use = ++uses_;
  return true;
}

void GapCursors::Learn(std::optional<std::string> next) {
  Gap& gap = *std::min_element(gaps_.begin(), gaps_.end(),
                               [](const Gap& a, const Gap& b) { return a.last_use < b.last_use; });
  gap.known = true;
  gap.endless = !next.has_value();
  gap.low.swap(missed_);
  gap.high = std::move(next).value_or(std::string());
  gap.last_use = ++uses_;
  missed_.clear();
}

void GapCursors::Clear() {
  gaps_.fill(Gap());
  missed_.clear();
}

}  // namespace sothon::ingest
