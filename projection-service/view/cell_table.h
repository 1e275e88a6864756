// The cells that readers see, arranged the way questions are asked: by place, party or drive and scheme, then by month.
//
// Thread-compatible: BuiltView guards its table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/cells.h"

namespace sothon::projection {

struct MonthCell {
  CivilMonth month;
  ledger::Cell cell;
};

// All months of one place (or desk, drive...) and scheme, ascending.
struct Series {
  std::vector<MonthCell> months;
  Position last_change;  // of any of them
};

class CellTable {
 public:
  void Set(ledger::AccountKey account, const ledger::Cell& cell);

  // nullptr when there is none. Valid until the next Set().
  const ledger::Cell* Find(ledger::AccountKey account) const;
  const Series* FindSeries(ledger::Dimension dimension, ledger::Ordinal ordinal, v1::Scheme scheme) const;
  void ForEach(absl::FunctionRef<void(ledger::AccountKey, const ledger::Cell&)> visit) const;
  size_t size() const { return size_; }

 private:
  // Keyed by the account key without its month.
  absl::flat_hash_map<uint64_t, Series> series_;
  size_t size_ = 0;
};

}  // namespace sothon::projection
