// Places as answers name them.
#pragma once

#include "projection-service/ledger/reference_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

void FillPlaceInfo(const ledger::ReferenceView& reference, ledger::Ordinal place, Position as_of, v1::PlaceInfo* info);

}  // namespace sothon::projection
