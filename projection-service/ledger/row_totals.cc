#include "projection-service/ledger/row_totals.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "projection-service/ledger/reference_view.h"

namespace sothon::ledger {
namespace {

using RowKey = std::tuple<std::string_view, std::string_view, int, int>;

RowKey KeyOf(const Target& target) {
  return {target.document_id, target.scheme_group_id, target.scheme, target.measure};
}

// Rows that lost a target to one of another row.
std::set<RowKey> RowsTakenFrom(absl::Span<const Target* const> targets, Position as_of) {
  std::map<std::string_view, RowKey> revised;
  std::set<RowKey> rows;
  for (const Target* target : targets) {
    if (as_of < target->set_at) continue;
    if (const auto earlier = revised.find(target->revises);
        earlier != revised.end() && earlier->second != KeyOf(*target)) {
      rows.insert(earlier->second);
    }
    revised.emplace(target->id, KeyOf(*target));
  }
  return rows;
}

}  // namespace

std::vector<RowTotal> TotalsThatDiffer(absl::Span<const Target* const> targets, Position as_of) {
  std::vector<RowTotal> differ;
  if (std::none_of(targets.begin(), targets.end(),
                   [](const Target* target) { return target->declared_row_total != 0; })) {
    return differ;
  }
  const std::set<RowKey> taken_from = RowsTakenFrom(targets, as_of);
  std::map<RowKey, RowTotal> rows;
  for (const Target* target : targets) {
    if (!InForce(*target, as_of)) continue;
    RowTotal& row = rows[KeyOf(*target)];
    row.document_id = target->document_id;
    row.scheme = target->scheme;
    row.scheme_group_id = target->scheme_group_id;
    row.measure = target->measure;
    row.sum += target->value * std::max(0, target->months.Size());
    if (target->declared_row_total != 0) row.declared = target->declared_row_total;
    row.targets.push_back(target);
  }
  for (auto& [key, row] : rows) {
    if (row.declared != 0 && row.declared != row.sum && !taken_from.contains(key)) differ.push_back(std::move(row));
  }
  return differ;
}

}  // namespace sothon::ledger
