// plan#28: the targets of an agency's collectors derive from its contract, and so add up to the agency's.
#include <algorithm>
#include <map>

#include "common/base/strings.h"
#include "projection-service/rules/given_numbers.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class ContractTargetsDiffer final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "contract_targets_differ",
            .severity = v1::WARNING,
            .plan_items = {28},
            .title_vi = "Chỉ tiêu theo hợp đồng khác tổng chỉ tiêu các nhân viên thu",
            .title_en = "An agency's targets that its collectors' do not add up to",
            .reading =
                "Of the same scheme or group and measure, over the months of a year for which the agency has a "
                "number; only where any of its collectors has one."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    std::map<std::string_view, GivenNumbers> given;  // by party
    for (const KnownTarget& known : KnownTargets(situation)) {
      if (!known.target->party_id.empty()) given[known.target->party_id].Add(known);
    }
    std::map<std::string_view, std::vector<Part>> collectors;  // by agency
    for (const auto& [party_id, numbers] : given) {
      const ledger::Party* party = situation.reference().FindParty(party_id);
      if (party != nullptr && party->kind == v1::COLLECTOR) collectors[party->parent_id].push_back({&numbers});
    }
    Gathering gathering;
    for (const auto& [agency, parts] : collectors) {
      const auto whole = given.find(agency);
      if (whole == given.end() || !WorksHere(situation, agency)) continue;
      for (UnequalSums& sums : CompareSums(whole->second, parts)) {
        gathering.Add({.party_id = std::string(agency), .scheme = sums.product.scheme, .period = StrCat(sums.year)},
                      {InWords(situation, sums), sums.since, std::move(sums.positions)});
      }
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t) {
      const std::string agency = PartyWords(situation, subject.party_id);
      return Words{StrCat(agency, ": chỉ tiêu năm ", subject.period, " khác tổng chỉ tiêu các nhân viên thu"),
                   StrCat(agency, ": the targets of ", subject.period, " are not the sum of its collectors'")};
    });
  }

 private:
  // A contract for some place tells where the agency works; without one it may be anywhere.
  static bool WorksHere(const oversight::Situation& situation, std::string_view agency) {
    bool bound = false;
    for (const oversight::Role* contract : situation.roles().Of(v1::CONTRACTED_AGENCY, agency)) {
      const std::optional<ledger::Ordinal> place = PlaceOf(situation, *contract->assigned);
      if (!place) continue;
      bound = true;
      if (situation.Covers(*place) || IsAbove(situation, *place)) return true;
    }
    return !bound;
  }

  static bool IsAbove(const oversight::Situation& situation, ledger::Ordinal place) {
    for (std::optional<ledger::Ordinal> at = situation.place(); at; at = situation.reference().place(*at).parent) {
      if (*at == place) return true;
    }
    return false;
  }
};

}  // namespace

SOTHON_RULE(contract_targets_differ, ContractTargetsDiffer)

}  // namespace sothon::rules
