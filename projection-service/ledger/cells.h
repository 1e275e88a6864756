// Cells: the running sums of postings, one for each account.
#pragma once

#include "absl/container/flat_hash_map.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"

namespace sothon::ledger {

struct Cell {
  Counters counters;
  Position last_change;
};

using Cells = absl::flat_hash_map<AccountKey, Cell>;

inline void Post(const Posting& posting, Position position, Cells* cells) {
  Cell& cell = (*cells)[posting.account];
  cell.counters[posting.counter] += posting.change;
  cell.last_change = position;
}

}  // namespace sothon::ledger
