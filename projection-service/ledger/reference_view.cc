#include "projection-service/ledger/reference_view.h"

namespace sothon::ledger {

ReferenceView::ReferenceView(const Reference& reference) : reference_(reference) {
  for (const Target& target : reference_.targets()) {
    if (target.place) targets_[target.place->value].push_back(&target);
  }
}

const Place* ReferenceView::FindPlace(std::string_view id, Position as_of) const {
  const Place* place = reference_.FindPlace(id);
  return place != nullptr && place->registered_at <= as_of ? place : nullptr;
}

std::vector<Ordinal> ReferenceView::LeavesUnder(Ordinal place, Position as_of) const {
  std::vector<Ordinal> leaves = reference_.LeavesUnder(place);
  std::erase_if(leaves, [&](Ordinal leaf) { return reference_.place(leaf).registered_at > as_of; });
  return leaves;
}

std::vector<Ordinal> ReferenceView::TreeUnder(Ordinal place, uint32_t depth, Position as_of) const {
  std::vector<Ordinal> tree;
  Descend(place, depth, as_of, &tree);
  return tree;
}

void ReferenceView::Descend(Ordinal place, uint32_t depth, Position as_of, std::vector<Ordinal>* out) const {
  if (reference_.place(place).registered_at > as_of) return;
  out->push_back(place);
  if (depth == 0) return;
  for (const Ordinal child : reference_.place(place).children) Descend(child, depth - 1, as_of, out);
}

std::vector<Ordinal> ReferenceView::Roots() const {
  std::vector<Ordinal> roots;
  for (const Place& place : reference_.places()) {
    if (!place.parent) roots.push_back(place.ordinal);
  }
  return roots;
}

const std::vector<const Target*>& ReferenceView::TargetsOf(Ordinal place) const {
  static const auto* const kNone = new std::vector<const Target*>();
  const auto found = targets_.find(place.value);
  return found == targets_.end() ? *kNone : found->second;
}

}  // namespace sothon::ledger
