#include "projection-service/view/office_places.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::projection {
namespace {

using ledger::Ordinal;
using ledger::Party;

// `office` and all parties below it.
std::set<std::string_view> OfficesUnder(const ledger::Reference& reference, const std::string& office, Position as_of) {
  std::multimap<std::string_view, std::string_view> below;
  for (const Party& party : reference.parties()) {
    if (party.registered_at <= as_of && !party.parent_id.empty()) below.emplace(party.parent_id, party.id);
  }
  std::set<std::string_view> offices;
  std::vector<std::string_view> next = {office};
  while (!next.empty()) {
    const std::string_view at = next.back();
    next.pop_back();
    // Parents that go round in a circle end here.
    if (!offices.insert(at).second) continue;
    const auto [begin, end] = below.equal_range(at);
    for (auto one = begin; one != end; ++one) next.push_back(one->second);
  }
  return offices;
}

// By the ordinals of the places that are assigned to one of `offices`.
std::set<Ordinal> PlacesOf(const ledger::Facts& facts, const ledger::ReferenceView& reference,
                           const std::set<std::string_view>& offices, Position as_of) {
  std::map<std::pair<int, std::string_view>, std::string_view> office_of;  // by tree and place; the newest
  for (const v1::Event* event : facts.Of(v1::Event::kJurisdictionAssigned, as_of)) {
    const v1::JurisdictionAssigned& assigned = event->jurisdiction_assigned();
    office_of[{assigned.tree(), assigned.place_id()}] = assigned.office_party_id();
  }
  std::set<Ordinal> places;
  for (const auto& [key, office] : office_of) {
    if (offices.count(office) == 0) continue;
    const ledger::Place* place = reference.FindPlace(key.second, as_of);
    if (place != nullptr) places.insert(place->ordinal);
  }
  return places;
}

}  // namespace

absl::StatusOr<std::vector<Ordinal>> PlacesOfOffice(const ledger::Facts& facts, const ledger::ReferenceView& reference,
                                                    const std::string& office, Position as_of) {
  const Party* party = reference.reference().FindParty(office);
  if (party == nullptr || party->registered_at > as_of) {
    return absl::NotFoundError(StrCat("no party ", office, " is registered up to position ", as_of.value));
  }
  const std::set<Ordinal> assigned =
      PlacesOf(facts, reference, OfficesUnder(reference.reference(), office, as_of), as_of);
  std::vector<Ordinal> places;
  std::set<Ordinal> inside;  // of one that is in `places`
  for (const Ordinal root : reference.Roots()) {
    for (const Ordinal place : reference.TreeUnder(root, UINT32_MAX, as_of)) {
      const auto& parent = reference.reference().place(place).parent;
      if (parent && inside.count(*parent) > 0) {
        inside.insert(place);
      } else if (assigned.count(place) > 0) {
        places.push_back(place);
        inside.insert(place);
      }
    }
  }
  return places;
}

}  // namespace sothon::projection
