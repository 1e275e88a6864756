#include "projection-service/view/place_info.h"

#include <set>
#include <string_view>

#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/excerpt.h"

namespace sothon::projection {
namespace {

// Merged into others or split up by a day (plan#13); 0: none is left out.
std::set<std::string_view> GoneBy(const ledger::Facts& facts, int32_t date, Position as_of) {
  std::set<std::string_view> gone;
  for (const v1::Event* event : facts.Of(v1::Event::kPlaceChanged, as_of)) {
    const v1::PlaceChanged& changed = event->place_changed();
    const bool ends = changed.change() == v1::PlaceChanged::MERGED || changed.change() == v1::PlaceChanged::SPLIT;
    if (ends && event->effective_date() <= date) gone.insert(changed.place_id());
  }
  return gone;
}

}  // namespace

void FillPlaceInfo(const ledger::ReferenceView& reference, ledger::Ordinal ordinal, Position as_of,
                   v1::PlaceInfo* info) {
  const ledger::Place& place = reference.reference().place(ordinal);
  info->set_place_id(place.id);
  const ledger::EarlierNaming* naming = place.NamingAsOf(as_of);
  info->set_name(naming == nullptr ? place.name : naming->name);
  info->set_level(naming == nullptr ? place.level : naming->level);
  if (place.parent) info->set_parent_place_id(reference.reference().place(*place.parent).id);
  info->set_former_unit(place.former_unit);
  info->set_former_unit_provenance(place.former_unit_provenance);
  info->set_document_id(place.document_id);
  info->set_source_row(place.source_row);
  const size_t aliases = naming == nullptr ? place.aliases.size() : naming->aliases;
  for (size_t i = 0; i < aliases; ++i) info->add_aliases(place.aliases[i]);
}

absl::StatusOr<AnswerPosition> AnswerPlaces(const BuiltView& view, const v1::ListPlacesRequest& request,
                                            v1::ListPlacesResponse* response) {
  if (request.date() != 0 && !CivilDate::FromWire(request.date())) {
    return BadRequest({{"date", StrCat(request.date(), " is no day; write YYYYMMDD, for example 20251101")}});
  }
  SOTHON_ASSIGN_OR_RETURN(const AccountsExcerpt known, TakeAccounts(view, {SchemeSet(), CivilMonth{0}, request.as_of()},
                                                                    [](AccountsExcerpt*) { return absl::OkStatus(); }));
  const Position position = known.applied.position;
  const std::set<std::string_view> gone = GoneBy(*known.facts, request.date(), position);
  for (const ledger::Ordinal root : known.reference->Roots()) {
    for (const ledger::Ordinal place : known.reference->TreeUnder(root, UINT32_MAX, position)) {
      if (gone.count(known.reference->reference().place(place).id) > 0) continue;
      FillPlaceInfo(*known.reference, place, position, response->add_places());
    }
  }
  return AnswerPosition{known.applied, known.of_the_past};
}

}  // namespace sothon::projection
