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

KnownFacts::KnownFacts(const Facts* facts, Position as_of, std::optional<CivilDate> date)
    : facts_(facts), as_of_(as_of), dated_(date.has_value()) {
  if (!date) return;
  for (const EventKind kind : AllEventKinds()) {
    for (const v1::Event* event : facts->Of(kind, as_of)) {
      if (DateOf(*event) <= *date) in_time_[kind].push_back(event);
    }
  }
}

FactSpan KnownFacts::Of(EventKind kind) const {
  if (!dated_) return facts_->Of(kind, as_of_);
  const auto known = in_time_.find(kind);
  return known == in_time_.end() ? FactSpan() : FactSpan(known->second);
}

}  // namespace sothon::ledger
