// Targets set for parties (TargetSet.party_id): what a contract asks of an agency and of its collectors (plan#28), held
// against what was handed in to them.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "projection-service/ledger/reference.h"
#include "projection-service/view/targets.h"

namespace sothon::projection {

// Of one position and period. Borrows the reference.
class PartyTargets {
 public:
  PartyTargets(const ledger::Reference& reference, Position as_of, MonthRange period);

  // Whether any of `unit` is set for the party in the period.
  bool Has(std::string_view party_id, const Unit& unit) const;
  // `months`: the party's own figures, month by month of the period. A line for each measure and document; what has no
  // figure at a desk (people covered, rates, numbers for each of a roster) is not known, and no 0.
  std::vector<TargetLine> LinesOf(std::string_view party_id, const Unit& unit,
                                  absl::Span<const MonthFigures> months) const;

 private:
  MonthRange period_;
  std::map<std::string_view, std::vector<const ledger::Target*>> by_party_;  // in order of the log
};

}  // namespace sothon::projection
