#include "projection-service/ledger/reference.h"

#include <algorithm>
#include <tuple>

#include "common/base/absl_view.h"

namespace sothon::ledger {

const EarlierNaming* Place::NamingAsOf(Position as_of) const {
  const auto naming = std::upper_bound(earlier.begin(), earlier.end(), as_of,
                                       [](Position at, const EarlierNaming& one) { return at < one.before; });
  return naming == earlier.end() ? nullptr : &*naming;
}

const std::string& Place::NameAsOf(Position as_of) const {
  const EarlierNaming* naming = NamingAsOf(as_of);
  return naming == nullptr ? name : naming->name;
}

void Reference::Apply(const v1::Event& event, Position position) {
  switch (event.kind_case()) {
    case v1::Event::kPlaceRegistered:
      RegisterPlace(event, position);
      break;
    case v1::Event::kPlaceChanged:
      ChangePlace(event.place_changed(), position);
      break;
    case v1::Event::kPartyRegistered:
      RegisterParty(event.party_registered(), position);
      break;
    case v1::Event::kPeriodPublished:
      Publish(event, position);
      break;
    case v1::Event::kTargetSet:
      SetTarget(event, position);
      break;
    default:
      break;
  }
}

void Reference::RegisterPlace(const v1::Event& event, Position position) {
  const v1::PlaceRegistered& registered = event.place_registered();
  const auto [slot, is_new] = place_by_id_.try_emplace(registered.place_id(), static_cast<uint32_t>(places_.size()));
  if (!is_new) return;  // ingest refuses it; the first registration holds
  Place place;
  place.id = registered.place_id();
  place.ordinal = {slot->second};
  place.level = registered.level();
  place.name = registered.name();
  place.former_unit = registered.former_unit();
  place.former_unit_provenance = registered.former_unit_provenance();
  place.document_id = event.document_id();
  place.source_row = registered.source_row();
  place.aliases.assign(registered.aliases().begin(), registered.aliases().end());
  place.registered_at = position;
  if (const Place* parent = FindPlace(registered.parent_place_id())) place.parent = parent->ordinal;
  places_.push_back(std::move(place));
  const Place& added = places_.back();
  if (!added.parent) return;
  std::vector<Ordinal>& siblings = places_[added.parent->value].children;
  const auto source_order = [this](Ordinal a, Ordinal b) {
    const Place& left = places_[a.value];
    const Place& right = places_[b.value];
    return std::tie(left.document_id, left.source_row, a) < std::tie(right.document_id, right.source_row, b);
  };
  siblings.insert(std::upper_bound(siblings.begin(), siblings.end(), added.ordinal, source_order), added.ordinal);
}

void Reference::ChangePlace(const v1::PlaceChanged& change, Position position) {
  const auto slot = place_by_id_.find(change.place_id());
  if (slot == place_by_id_.end()) return;
  Place& place = places_[slot->second];
  place.earlier.push_back({position, place.name, place.level, place.aliases.size()});
  if (!change.new_name().empty()) {
    place.aliases.push_back(place.name);
    place.name = change.new_name();
  }
  if (change.new_level() != v1::PLACE_LEVEL_UNSPECIFIED) place.level = change.new_level();
}

void Reference::RegisterParty(const v1::PartyRegistered& registered, Position position) {
  if (!party_by_id_.try_emplace(registered.party_id(), parties_.size()).second) return;  // the first one holds
  parties_.push_back(
      {registered.party_id(), registered.kind(), registered.name(), registered.parent_party_id(), position});
}

void Reference::SetTarget(const v1::Event& event, Position position) {
  const v1::TargetSet& set = event.target_set();
  Target target;
  target.id = set.target_id();
  target.set_at = position;
  if (const Place* place = FindPlace(event.place_id())) target.place = place->ordinal;
  target.party_id = set.party_id();
  target.each_village = set.each_village();
  target.measure = set.measure();
  target.scheme = set.scheme();
  target.scheme_group_id = set.scheme_group_id();
  target.months = {CivilMonth::FromWire(set.from_month()).value_or(CivilMonth{0}),
                   CivilMonth::FromWire(set.to_month()).value_or(CivilMonth{-1})};
  target.value = set.value();
  target.document_id = event.document_id();
  target.reading = set.reading();
  target.revises = set.revises_target_id();
  target.declared_row_total = set.declared_row_total();
  if (const auto earlier = target_by_id_.find(target.revises); earlier != target_by_id_.end()) {
    Target& revised = targets_[earlier->second];
    if (!revised.revised_at) revised.revised_at = position;
  }
  target_by_id_.try_emplace(target.id, targets_.size());
  targets_.push_back(std::move(target));
}

const Place* Reference::FindPlace(std::string_view id) const {
  const auto slot = place_by_id_.find(ToAbsl(id));
  return slot == place_by_id_.end() ? nullptr : &places_[slot->second];
}

// Weeks and what else is no range of months are reports of another kind.
void Reference::Publish(const v1::Event& event, Position position) {
  const v1::PeriodPublished& published = event.period_published();
  const Place* place = FindPlace(event.place_id());
  const std::optional<MonthRange> months = MonthRange::Parse(published.period());
  if (place == nullptr || !months) return;
  publications_.push_back({place->ordinal, *months, Position{published.at_position()}, position, event.effective_date(),
                           published.by_party_id(), published.digest()});
}

const Publication* Reference::FindPublication(Ordinal place, MonthRange months, Position as_of) const {
  const Publication* newest = nullptr;
  for (const Publication& one : publications_) {
    if (one.place == place && one.months == months && one.event <= as_of) newest = &one;
  }
  return newest;
}

const Party* Reference::FindParty(std::string_view id) const {
  const auto slot = party_by_id_.find(ToAbsl(id));
  return slot == party_by_id_.end() ? nullptr : &parties_[slot->second];
}

std::vector<Ordinal> Reference::LeavesUnder(Ordinal ordinal) const {
  const Place& place = places_[ordinal.value];
  if (place.IsLeaf()) return {ordinal};
  std::vector<Ordinal> leaves;
  for (const Ordinal child : place.children) {
    const std::vector<Ordinal> below = LeavesUnder(child);
    leaves.insert(leaves.end(), below.begin(), below.end());
  }
  return leaves;
}

std::vector<const Target*> Reference::TargetsAsOf(Position as_of) const {
  std::vector<const Target*> in_force;
  for (const Target& target : targets_) {
    if (target.set_at <= as_of && !(target.revised_at && *target.revised_at <= as_of)) in_force.push_back(&target);
  }
  return in_force;
}

}  // namespace sothon::ledger
