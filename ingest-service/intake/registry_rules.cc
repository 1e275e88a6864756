#include "common/base/place_id.h"
#include "common/base/text.h"
#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {
namespace {

// Held in a village or not at all. Of a guide it is enough to know the drive.
bool IsRoleOfAVillage(v1::RoleKind role) {
  return role == v1::RESIDENT_COLLECTOR || role == v1::GUIDE || role == v1::MOBILISING_COMMITTEE ||
         role == v1::VILLAGE_HEAD;
}

}  // namespace

void CheckPlaceRegistered(const v1::Event& event, const CheckContext& context) {
  const v1::PlaceRegistered& place = event.place_registered();
  const std::string kPath = "event.place_registered.";
  const std::optional<PlaceShape> shape = ShapeOfPlaceId(place.place_id());
  const bool is_leaf = place.level() == v1::VILLAGE || place.level() == v1::RESIDENTIAL_GROUP;
  const bool fits = shape && (*shape == PlaceShape::kProvince  ? place.level() == v1::PROVINCE
                              : *shape == PlaceShape::kCommune ? place.level() == v1::COMMUNE
                                                               : is_leaf);
  if (!fits) {
    context.violations->Add(kPath + "place_id",
                            StrCat("\"", place.place_id(),
                                   "\" is not the id of its level: a province has 2 digits, a commune 5, a "
                                   "village or residential group <commune>-<nn>"));
  }
  if (place.level() != v1::PROVINCE) {
    const KnownPlace* parent = context.FindPlace(place.parent_place_id());
    if (parent == nullptr) {
      CheckPlace(kPath + "parent_place_id", place.parent_place_id(), context);
    } else if (parent->level != (is_leaf ? v1::COMMUNE : v1::PROVINCE) ||
               (is_leaf && CommuneOfPlaceId(place.place_id()) != place.parent_place_id())) {
      context.violations->Add(kPath + "parent_place_id",
                              StrCat("\"", place.parent_place_id(), "\" cannot be the parent of ", place.place_id()));
    }
  } else if (!place.parent_place_id().empty()) {
    context.violations->Add(kPath + "parent_place_id", "a province has no parent; leave it empty");
  }
  const std::string name = MatchingForm(place.name()).value_or("");
  if (name == "tổng" || name == "tổng cộng" || name == "cộng") {
    context.violations->Add(kPath + "name", "a row of totals is never a village (plan#9); leave it out");
  }
}

void CheckPlaceChanged(const v1::Event& event, const CheckContext& context) {
  const v1::PlaceChanged& change = event.place_changed();
  CheckPlace("event.place_changed.place_id", change.place_id(), context);
  const int into = change.into_place_ids_size();
  if (change.change() == v1::PlaceChanged::RENAMED && change.new_name().empty()) {
    context.violations->Add("event.place_changed.new_name", "missing; give the new name");
  }
  if (change.change() == v1::PlaceChanged::CONVERTED && change.new_level() != v1::VILLAGE &&
      change.new_level() != v1::RESIDENTIAL_GROUP) {
    context.violations->Add("event.place_changed.new_level", "give VILLAGE or RESIDENTIAL_GROUP");
  }
  // A commune that became a village would take its villages out of every sum.
  if (change.new_level() != v1::PLACE_LEVEL_UNSPECIFIED) {
    CheckLeafPlace("event.place_changed.place_id", change.place_id(), context);
  }
  if ((change.change() == v1::PlaceChanged::MERGED && into != 1) ||
      (change.change() == v1::PlaceChanged::SPLIT && into < 2)) {
    context.violations->Add("event.place_changed.into_place_ids", "a merger names one place, a split two or more");
  }
}

void CheckPartyRegistered(const v1::Event& event, const CheckContext& context) {
  const v1::PartyRegistered& party = event.party_registered();
  if (party.dissolved_date() == 0 || party.dissolved_date() >= party.founded_date()) return;
  context.violations->Add("event.party_registered.dissolved_date",
                          StrCat(party.dissolved_date(), " is before the party was founded, on ", party.founded_date(),
                                 "; correct one of both"));
}

void CheckRoleAssigned(const v1::Event& event, const CheckContext& context) {
  const v1::RoleAssigned& role = event.role_assigned();
  CheckUntil("event.role_assigned.until_date", role.until_date(), event, context);
  if (!IsRoleOfAVillage(role.role())) return;
  const bool is_of_a_drive = role.role() == v1::GUIDE && !role.drive_id().empty();
  if (!event.place_id().empty()) {
    CheckLeafPlace("event.place_id", event.place_id(), context);
  } else if (!is_of_a_drive) {
    context.violations->Add("event.place_id", StrCat("missing; a ", v1::RoleKind_Name(role.role()),
                                                     " is one of a village: give the village's id"));
  }
}

void CheckRoleEnded(const v1::Event& event, const CheckContext& context) {
  if (context.HasRole(event.role_ended().role_id())) return;
  context.violations->Add("event.role_ended.role_id", "is not assigned; correct the id");
}

}  // namespace sothon::ingest
