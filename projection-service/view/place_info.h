// Places as answers name them.
#pragma once

#include "absl/status/statusor.h"
#include "projection-service/ledger/reference_view.h"
#include "projection-service/view/built_view.h"
#include "projection-service/view/progress.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

void FillPlaceInfo(const ledger::ReferenceView& reference, ledger::Ordinal place, Position as_of, v1::PlaceInfo* info);

// ListPlaces: fills in all of `*response` but its freshness.
absl::StatusOr<AnswerPosition> AnswerPlaces(const BuiltView& view, const v1::ListPlacesRequest& request,
                                            v1::ListPlacesResponse* response);

}  // namespace sothon::projection
