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
#include "projection-service/ledger/reference_view.h"
#include "projection-service/view/built_view.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

inline constexpr size_t kSchemeCount = v1::Scheme_ARRAYSIZE;
using SchemeSet = std::bitset<kSchemeCount>;
// Every scheme there is.
SchemeSet AllSchemes();

// The position that `as_of` names; nullopt: now. INVALID_ARGUMENT: as published, which takes a place and a period.
absl::StatusOr<std::optional<Position>> PositionOf(const Store& store, const v1::AsOf& as_of);

// One row of the table of cells.
struct Account {
  ledger::Dimension dimension = ledger::Dimension::kVillage;
  ledger::Ordinal ordinal;
};
// By number of scheme; months ascending.
using SchemeSeries = std::array<std::vector<MonthCell>, kSchemeCount>;

// Cells of any accounts.
struct AccountsExcerpt {
  Applied applied;  // the position that the answer reflects
  // It is not the newest one: cells do not tell their last change.
  bool of_the_past = false;
  bool contains_synthetic = false;
  std::shared_ptr<const ledger::ReferenceView> reference;
  std::shared_ptr<const ledger::Names> names;
  std::shared_ptr<const ledger::Facts> facts;
  std::vector<Account> accounts;
  std::vector<SchemeSeries> series;  // by index of account
};

struct AccountsRequest {
  SchemeSet schemes;
  CivilMonth last_month;  // months after it are left out
  v1::AsOf as_of;
};

// Names the accounts that are wanted: into `accounts` of the excerpt, whose position, reference, names and facts are
// set.
using ChooseAccounts = absl::FunctionRef<absl::Status(AccountsExcerpt*)>;

// OUT_OF_RANGE: `as_of` lies beyond what is applied. An error of `choose` is returned.
absl::StatusOr<AccountsExcerpt> TakeAccounts(const BuiltView& view, const AccountsRequest& request,
                                             ChooseAccounts choose);

struct ExcerptRequest {
  std::string place_id;  // empty: every place
  SchemeSet schemes;
  CivilMonth last_month;  // months after it are left out
  v1::AsOf as_of;
  std::string office_party_id = {};  // instead of a place
};

struct Excerpt {
  Applied applied;  // the position that the answer reflects
  // It is not the newest one: cells do not tell their last change.
  bool of_the_past = false;
  bool contains_synthetic = false;
  std::shared_ptr<const ledger::ReferenceView> reference;
  std::shared_ptr<const ledger::Facts> facts;
  std::optional<ledger::Ordinal> place;  // unset: every place, or an office's
  // The places asked for, none below another: the one, or those of the office. Every place: none.
  std::vector<ledger::Ordinal> places;
  std::vector<ledger::Ordinal> leaves;
  // By index of leaf.
  std::vector<SchemeSeries> series;
};

// Cells of the villages at or below a place, or the places of an office. NOT_FOUND: no such place or office;
// OUT_OF_RANGE: `as_of` lies beyond what is applied.
absl::StatusOr<Excerpt> TakeExcerpt(const BuiltView& view, const ExcerptRequest& request);

}  // namespace sothon::projection
