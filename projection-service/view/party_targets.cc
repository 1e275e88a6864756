#include "projection-service/view/party_targets.h"

#include <algorithm>

namespace sothon::projection {
namespace {

using ledger::Target;

bool IsOf(const Target& target, const Unit& unit) {
  return unit.group_id.empty() ? target.scheme == unit.scheme && target.scheme_group_id.empty()
                               : target.scheme_group_id == unit.group_id;
}

TargetLine& LineFor(const Target& target, size_t months, std::vector<TargetLine>* lines) {
  for (TargetLine& line : *lines) {
    if (line.measure == target.measure && line.document_id == target.document_id) return line;
  }
  TargetLine& line = lines->emplace_back();
  line.measure = target.measure;
  line.document_id = target.document_id;
  line.months.resize(months);
  return line;
}

}  // namespace

PartyTargets::PartyTargets(const ledger::Reference& reference, Position as_of, MonthRange period) : period_(period) {
  for (const Target& target : reference.targets()) {
    const bool overlaps = target.months.first <= period.last && period.first <= target.months.last;
    if (!target.party_id.empty() && overlaps && ledger::InForce(target, as_of)) {
      by_party_[target.party_id].push_back(&target);
    }
  }
}

bool PartyTargets::Has(std::string_view party_id, const Unit& unit) const {
  const auto found = by_party_.find(party_id);
  return found != by_party_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                 [&](const Target* target) { return IsOf(*target, unit); });
}

std::vector<TargetLine> PartyTargets::LinesOf(std::string_view party_id, const Unit& unit,
                                              absl::Span<const MonthFigures> months) const {
  std::vector<TargetLine> lines;
  const auto found = by_party_.find(party_id);
  if (found == by_party_.end()) return lines;
  for (const Target* target : found->second) {
    if (!IsOf(*target, unit)) continue;
    TargetLine& line = LineFor(*target, months.size(), &lines);
    for (size_t i = 0; i < months.size(); ++i) {
      if (!target->months.Contains(period_.first.Plus(static_cast<int32_t>(i)))) continue;
      TargetLine::Month& month = line.months[i];
      month.readings.clear();
      month.value = target->value;
      month.target = target;
      month.is_known = target->measure == v1::DEVELOPED || target->measure == v1::MAINTAINED_OR_DEVELOPED;
      if (month.is_known) {
        month.achieved = target->measure == v1::DEVELOPED ? months[i].developed() : months[i].collected();
      }
      if (!target->reading.empty()) month.readings.push_back(target->reading);
    }
  }
  return lines;
}

}  // namespace sothon::projection
