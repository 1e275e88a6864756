#include "projection-service/view/place_info.h"

namespace sothon::projection {

void FillPlaceInfo(const ReferenceView& reference, ledger::Ordinal ordinal, v1::PlaceInfo* info) {
  const ledger::Place& place = reference.reference().place(ordinal);
  info->set_place_id(place.id);
  info->set_name(place.name);
  info->set_level(place.level);
  if (place.parent) info->set_parent_place_id(reference.reference().place(*place.parent).id);
  info->set_former_unit(place.former_unit);
  info->set_former_unit_provenance(place.former_unit_provenance);
  info->set_document_id(place.document_id);
  info->set_source_row(place.source_row);
  for (const std::string& alias : place.aliases) info->add_aliases(alias);
}

}  // namespace sothon::projection
