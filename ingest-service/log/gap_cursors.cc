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
  Gap learned;
  learned.known = true;
  learned.endless = !next.has_value();
  learned.low.swap(missed_);
  learned.high = std::move(next).value_or(std::string());
  learned.last_use = ++uses_;
  missed_.clear();
  // A key must not lie in two gaps, for only one of them shrinks. They meet where the key that bounds the older one was
  // taken but, its request being refused, not stored.
  for (Gap& gap : gaps_) {
    const bool meets = (learned.endless || gap.low < learned.high) && (gap.endless || learned.low < gap.high);
    if (gap.known && meets) gap = Gap();
  }
  *std::min_element(gaps_.begin(), gaps_.end(), [](const Gap& a, const Gap& b) { return a.last_use < b.last_use; }) =
      std::move(learned);
}

void GapCursors::Clear() {
  gaps_.fill(Gap());
  missed_.clear();
}

}  // namespace sothon::ingest
