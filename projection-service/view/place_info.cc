#include "projection-service/view/place_info.h"

namespace sothon::projection {

void FillPlaceInfo(const ledger::ReferenceView& reference, ledger::Ordinal ordinal, Position as_of, v1::PlaceInfo* info) {
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

}  // namespace sothon::projection
