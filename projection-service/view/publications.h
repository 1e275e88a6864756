// Periods as they were closed.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "projection-service/view/built_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// What a request's AsOf comes to.
struct AsOfAsked {
  v1::AsOf as_of;                                  // never `published`
  std::optional<ledger::Publication> publication;  // when it was
};

// The newest one of exactly this place and period that was recorded up to `as_of`; unset: up to now. NOT_FOUND: the
// place, or a publication of it; INVALID_ARGUMENT: the period, or no place.
absl::StatusOr<ledger::Publication> NewestPublication(const BuiltView& view, const std::string& place_id,
                                                      const std::string& period, std::optional<Position> as_of);

// Errors: as of NewestPublication.
absl::StatusOr<AsOfAsked> ResolveAsOf(const BuiltView& view, const std::string& place_id, const std::string& period,
                                      const v1::AsOf& as_of);

// Tells of `publication`, and holds its digest against the figures.
absl::Status Describe(const BuiltView& view, const std::string& place_id, const std::string& period,
                      const ledger::Publication& publication, v1::Publication* described);

}  // namespace sothon::projection
