#include "projection-service/ledger/facts.h"

#include <algorithm>

namespace sothon::ledger {

void Facts::Add(const v1::Event& event) {
  if (!IsFactKind(event.kind_case())) return;
  events_->push_back(event);
  by_kind_.at(static_cast<size_t>(event.kind_case())).push_back(&events_->back());
  ++size_;
}

FactSpan Facts::Of(EventKind kind, Position as_of) const {
  const std::vector<const v1::Event*>& all = by_kind_.at(static_cast<size_t>(kind));
  const auto end = std::upper_bound(all.begin(), all.end(), as_of.value,
                                    [](uint64_t at, const v1::Event* event) { return at < event->position(); });
  return absl::MakeConstSpan(all.data(), static_cast<size_t>(end - all.begin()));
}

FactSpan KnownFacts::Of(EventKind kind) const {
  const FactSpan recorded = facts_->Of(kind, as_of_);
  if (!date_) return recorded;
  const auto [slot, is_new] = in_time_.try_emplace(kind);
  if (is_new) {
    for (const v1::Event* event : recorded) {
      if (DateOf(*event) <= *date_) slot->second.push_back(event);
    }
  }
  return slot->second;
}

}  // namespace sothon::ledger
