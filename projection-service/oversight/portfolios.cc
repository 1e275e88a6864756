#include "projection-service/oversight/portfolios.h"

#include <tuple>

namespace sothon::oversight {
namespace {

bool IsOf(const v1::Event& event, v1::Scheme scheme, CivilDate date) {
  const v1::Scheme named = event.portfolio_handed_over().scheme();
  return (named == v1::SCHEME_UNSPECIFIED || named == scheme) && ledger::DateOf(event) <= date;
}

}  // namespace

Portfolios::Portfolios(const ledger::KnownFacts& facts, const ledger::Reference& reference) : reference_(reference) {
  for (const v1::Event* event : facts.Of(v1::Event::kPortfolioHandedOver)) {
    const v1::PortfolioHandedOver& handed = event->portfolio_handed_over();
    if (handed.subject_ids().empty()) {
      if (const ledger::Place* place = reference.FindPlace(event->place_id())) {
        of_place_[place->ordinal.value].push_back(event);
      }
    }
    for (const std::string& raw : handed.subject_ids()) {
      const std::optional<SubjectId> id = SubjectId::FromBytes(raw);
      if (!id) continue;
      const auto [slot, is_new] = newest_of_.try_emplace(*id, kNone);
      links_.push_back({event, slot->second});
      slot->second = static_cast<uint32_t>(links_.size() - 1);
    }
  }
}

const v1::Event* Portfolios::Newer(const v1::Event* a, const v1::Event* b) {
  if (a == nullptr || b == nullptr) return a == nullptr ? b : a;
  return std::tuple(ledger::DateOf(*a), a->position()) < std::tuple(ledger::DateOf(*b), b->position()) ? b : a;
}

const v1::Event* Portfolios::OfPerson(const SubjectId& id, v1::Scheme scheme, CivilDate date) const {
  const auto newest = newest_of_.find(id);
  if (newest == newest_of_.end()) return nullptr;
  const v1::Event* holds = nullptr;
  for (uint32_t link = newest->second; link != kNone; link = links_[link].before) {
    if (IsOf(*links_[link].event, scheme, date)) holds = Newer(holds, links_[link].event);
  }
  return holds;
}

const v1::Event* Portfolios::OfEverybody(ledger::Ordinal home, v1::Scheme scheme, CivilDate date) const {
  const v1::Event* holds = nullptr;
  for (std::optional<ledger::Ordinal> place = home; place; place = reference_.place(*place).parent) {
    const auto handed = of_place_.find(place->value);
    if (handed == of_place_.end()) continue;
    for (const v1::Event* event : handed->second) {
      if (IsOf(*event, scheme, date)) holds = Newer(holds, event);
    }
  }
  return holds;
}

}  // namespace sothon::oversight
