#include "ingest-service/log/noted_keys.h"

#include <algorithm>

namespace sothon::ingest {

void NotedKeys::Add(const Keys& keys) {
  last_ = last_.Next();
  if (!in_run_) runs_.push_back({last_, keys_.size()});
  in_run_ = true;
  keys_.push_back(keys);
}

void NotedKeys::Skip(Position to) {
  if (to <= last_) return;
  last_ = to;
  in_run_ = false;
}

std::optional<size_t> NotedKeys::IndexOf(Position position) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), position,
                                      [](Position at, const Run& run) { return at < run.first; });
  if (after == runs_.begin()) return std::nullopt;
  const Run& run = *std::prev(after);
  const size_t end = after == runs_.end() ? keys_.size() : after->index;
  const uint64_t in_run = position.value - run.first.value;
  if (in_run >= end - run.index) return std::nullopt;
  return run.index + in_run;
}

Position NotedKeys::PositionOf(size_t index) const {
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), index, [](size_t at, const Run& run) { return at < run.index; });
  const Run& run = *std::prev(after);
  return run.first.Plus(index - run.index);
}

}  // namespace sothon::ingest
