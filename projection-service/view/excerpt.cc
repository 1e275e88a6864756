#include "projection-service/view/excerpt.h"

#include <algorithm>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/office_places.h"

namespace sothon::projection {
namespace {

using ledger::AccountKey;
using ledger::Dimension;
using ledger::Ordinal;

absl::Status FindPlaces(const ExcerptRequest& request, const AccountsExcerpt& accounts, Excerpt* excerpt) {
  const ledger::ReferenceView& reference = *accounts.reference;
  const Position position = accounts.applied.position;
  if (!request.office_party_id.empty()) {
    SOTHON_ASSIGN_OR_RETURN(excerpt->places,
                            PlacesOfOffice(*accounts.facts, reference, request.office_party_id, position));
    return absl::OkStatus();
  }
  const ledger::Place* place = reference.FindPlace(request.place_id, position);
  if (place == nullptr) {
    return absl::NotFoundError(StrCat("no place ", request.place_id, " is registered up to position ", position.value,
                                      "; ListPlaces names those that are"));
  }
  excerpt->place = place->ordinal;
  excerpt->places = {place->ordinal};
  return absl::OkStatus();
}

absl::Status FindLeaves(const ExcerptRequest& request, const AccountsExcerpt& accounts, Excerpt* excerpt) {
  const ledger::ReferenceView& reference = *accounts.reference;
  const Position position = accounts.applied.position;
  if (request.place_id.empty() && request.office_party_id.empty()) {
    for (const ledger::Place& place : reference.reference().places()) {
      if (place.IsLeaf() && place.registered_at <= position) excerpt->leaves.push_back(place.ordinal);
    }
    return absl::OkStatus();
  }
  SOTHON_RETURN_IF_ERROR(FindPlaces(request, accounts, excerpt));
  for (const Ordinal place : excerpt->places) {
    const std::vector<Ordinal> leaves = reference.LeavesUnder(place, position);
    excerpt->leaves.insert(excerpt->leaves.end(), leaves.begin(), leaves.end());
  }
  return absl::OkStatus();
}

void CopyCells(const CellTable& cells, const AccountsRequest& request, AccountsExcerpt* excerpt) {
  excerpt->series.resize(excerpt->accounts.size());
  for (size_t i = 0; i < excerpt->accounts.size(); ++i) {
    const Account& account = excerpt->accounts[i];
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) {
      if (!request.schemes.test(scheme)) continue;
      const Series* series = cells.FindSeries(account.dimension, account.ordinal, static_cast<v1::Scheme>(scheme));
      if (series == nullptr) continue;
      const auto end = std::find_if(series->months.begin(), series->months.end(),
                                    [&](const MonthCell& at) { return at.month > request.last_month; });
      excerpt->series[i][scheme].assign(series->months.begin(), end);
    }
  }
}

// Turns cells of now into cells of the excerpt's position. Those that did not change since are right already.
absl::Status Rewind(const Store& store, AccountsExcerpt* excerpt) {
  for (size_t i = 0; i < excerpt->accounts.size(); ++i) {
    const Account& account = excerpt->accounts[i];
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) {
      for (MonthCell& at : excerpt->series[i][scheme]) {
        if (at.cell.last_change > excerpt->applied.position) {
          const AccountKey key(account.dimension, account.ordinal, static_cast<v1::Scheme>(scheme), at.month);
          SOTHON_ASSIGN_OR_RETURN(at.cell.counters, store.TotalsAsOf(key, excerpt->applied.position));
        }
        at.cell.last_change = {};
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<Position>> PositionOf(const Store& store, const v1::AsOf& as_of) {
  switch (as_of.point_case()) {
    case v1::AsOf::kPosition:
      return Position{as_of.position()};
    case v1::AsOf::kRecordedAtUs: {
      SOTHON_ASSIGN_OR_RETURN(const Position position, store.PositionAt(as_of.recorded_at_us()));
      return position;
    }
    case v1::AsOf::kPublished:
      return BadRequest({{"as_of.published", "a period is published for a place; name a position or a time here"}});
    case v1::AsOf::POINT_NOT_SET:
      break;
  }
  return std::optional<Position>();
}

SchemeSet AllSchemes() { return ~SchemeSet(1); }

absl::StatusOr<AccountsExcerpt> TakeAccounts(const BuiltView& view, const AccountsRequest& request,
                                             ChooseAccounts choose) {
  SOTHON_ASSIGN_OR_RETURN(std::optional<Position> as_of, PositionOf(view.store(), request.as_of));
  AccountsExcerpt excerpt;
  absl::Status status;
  view.Read([&](const Published& published) {
    excerpt.applied = published.applied;
    excerpt.reference = published.reference;
    excerpt.names = published.names;
    excerpt.facts = published.facts;
    if (as_of && *as_of > published.applied.position) {
      // A time up to which everything is applied and more: then now is the answer.
      if (request.as_of.has_recorded_at_us()) {
        as_of.reset();
      } else {
        status = absl::OutOfRangeError(StrCat("as_of position ", as_of->value, " is not projected yet; the projection ",
                                              "is at ", published.applied.position.value));
        return;
      }
    }
    excerpt.of_the_past = as_of && *as_of < published.applied.position;
    if (excerpt.of_the_past) excerpt.applied = {*as_of, 0};
    excerpt.contains_synthetic =
        published.first_synthetic.value != 0 && published.first_synthetic <= excerpt.applied.position;
    status = choose(&excerpt);
    if (status.ok()) CopyCells(published.cells, request, &excerpt);
  });
  SOTHON_RETURN_IF_ERROR(status);
  if (excerpt.of_the_past) {
    SOTHON_RETURN_IF_ERROR(Rewind(view.store(), &excerpt));
    SOTHON_ASSIGN_OR_RETURN(excerpt.applied.recorded_at_us, view.store().RecordedAt(excerpt.applied.position));
  }
  return excerpt;
}

absl::StatusOr<Excerpt> TakeExcerpt(const BuiltView& view, const ExcerptRequest& request) {
  Excerpt excerpt;
  const auto choose_leaves = [&](AccountsExcerpt* accounts) {
    SOTHON_RETURN_IF_ERROR(FindLeaves(request, *accounts, &excerpt));
    for (const Ordinal leaf : excerpt.leaves) accounts->accounts.push_back({Dimension::kVillage, leaf});
    return absl::OkStatus();
  };
  SOTHON_ASSIGN_OR_RETURN(AccountsExcerpt accounts,
                          TakeAccounts(view, {request.schemes, request.last_month, request.as_of}, choose_leaves));
  excerpt.applied = accounts.applied;
  excerpt.of_the_past = accounts.of_the_past;
  excerpt.contains_synthetic = accounts.contains_synthetic;
  excerpt.reference = std::move(accounts.reference);
  excerpt.facts = std::move(accounts.facts);
  excerpt.series = std::move(accounts.series);
  return excerpt;
}

}  // namespace sothon::projection
