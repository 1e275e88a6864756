// The cells that one answer is made of, all of one position: now, or any position of the past.
#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/civil_time.h"
#include "projection-service/view/built_view.h"
#include "projection-service/view/reference_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

inline constexpr size_t kSchemeCount = v1::Scheme_ARRAYSIZE;
using SchemeSet = std::bitset<kSchemeCount>;
// Every scheme there is.
SchemeSet AllSchemes();

struct ExcerptRequest {
  std::string place_id;  // empty: every place
  SchemeSet schemes;
  CivilMonth last_month;  // months after it are left out
  v1::AsOf as_of;
};

struct Excerpt {
  Applied applied;  // the position that the answer reflects
  // It is not the newest one: cells do not tell their last change.
  bool of_the_past = false;
  bool contains_synthetic = false;
  std::shared_ptr<const ReferenceView> reference;
  std::optional<ledger::Ordinal> place;  // unset: every place
  std::vector<ledger::Ordinal> leaves;
  // By index of leaf, then number of scheme; months ascending.
  std::vector<std::array<std::vector<MonthCell>, kSchemeCount>> series;
};

// NOT_FOUND: no such place; OUT_OF_RANGE: `as_of` lies beyond what is applied.
absl::StatusOr<Excerpt> TakeExcerpt(const BuiltView& view, const ExcerptRequest& request);

}  // namespace sothon::projection
