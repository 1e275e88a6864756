// plan#15: the trees of the administration and of social insurance have the same leaves, so that their totals agree.
#include <algorithm>
#include <map>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

// Offices below offices; a circle in the log must not make us go round for ever.
constexpr int kOfficesDeepMax = 16;

class JurisdictionsDiffer final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "jurisdictions_differ",
            .severity = v1::WARNING,
            .plan_items = {15},
            .title_vi = "Thôn không thuộc cơ quan BHXH của xã",
            .title_en = "A village outside the jurisdiction of its commune's social insurance office",
            .reading =
                "The commune's office is the one that it is assigned to, otherwise that of its first village that "
                "is assigned to one. A village without an assignment of its own goes with the commune; an office "
                "below the commune's is the commune's."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    const Assignments assignments = AssignmentsOf(situation);
    Gathering gathering;
    for (const ledger::Ordinal commune : situation.communes()) {
      const v1::Event* with_commune = Find(assignments, commune);
      const v1::Event* expected = ExpectedIn(situation, assignments, commune);
      if (expected == nullptr) continue;
      const std::string& office = expected->jurisdiction_assigned().office_party_id();
      for (const ledger::Ordinal village : situation.villages()) {
        if (situation.reference().place(village).parent != commune) continue;
        const v1::Event* own = Find(assignments, village);
        if (own == nullptr) own = with_commune;
        if (own != nullptr && IsAtOrBelow(situation, own->jurisdiction_assigned().office_party_id(), office)) continue;
        gathering.Add({.place = commune, .party_id = office}, ItemOf(situation, village, own, *expected));
      }
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      const std::string office = PartyWords(situation, subject.party_id);
      return Words{StrCat(place, count, " thôn, tổ dân phố của xã không thuộc ", office,
                          ", nên tổng theo hai cây không bằng nhau"),
                   StrCat(place, count, Several(count, " village", " villages"), " of the commune not with ", office,
                          ", so the totals of both trees differ")};
    });
  }

 private:
  using Assignments = std::map<ledger::Ordinal, const v1::Event*>;

  // The newest of each place, in the tree of social insurance.
  static Assignments AssignmentsOf(const oversight::Situation& situation) {
    Assignments assignments;
    for (const v1::Event* event : situation.Facts(v1::Event::kJurisdictionAssigned)) {
      const v1::JurisdictionAssigned& assigned = event->jurisdiction_assigned();
      const ledger::Place* place = situation.reference().FindPlace(assigned.place_id());
      if (assigned.tree() != v1::JurisdictionAssigned::SOCIAL_INSURANCE || place == nullptr) continue;
      const v1::Event*& newest = assignments[place->ordinal];
      if (newest == nullptr || newest->effective_date() <= event->effective_date()) newest = event;
    }
    return assignments;
  }

  static const v1::Event* Find(const Assignments& assignments, ledger::Ordinal place) {
    const auto found = assignments.find(place);
    return found == assignments.end() ? nullptr : found->second;
  }

  static const v1::Event* ExpectedIn(const oversight::Situation& situation, const Assignments& assignments,
                                     ledger::Ordinal commune) {
    if (const v1::Event* own = Find(assignments, commune)) return own;
    for (const ledger::Ordinal village : situation.reference_view().LeavesUnder(commune, situation.position())) {
      if (const v1::Event* event = Find(assignments, village)) return event;
    }
    return nullptr;
  }

  static bool IsAtOrBelow(const oversight::Situation& situation, std::string_view office, std::string_view above) {
    for (int depth = 0; depth < kOfficesDeepMax && !office.empty(); ++depth) {
      if (office == above) return true;
      const ledger::Party* party = situation.reference().FindParty(office);
      if (party == nullptr) return false;
      office = party->parent_id;
    }
    return false;
  }

  static Gathering::Item ItemOf(const oversight::Situation& situation, ledger::Ordinal village, const v1::Event* own,
                                const v1::Event& expected) {
    const std::string name = situation.NameOf(village);
    Gathering::Item item{{name, name}, ledger::DateOf(expected), {expected.position()}};
    if (own == nullptr) return item;
    const std::string office = PartyWords(situation, own->jurisdiction_assigned().office_party_id());
    item.words = {StrCat(name, " thuộc ", office), StrCat(name, " with ", office)};
    item.since = std::max(item.since, ledger::DateOf(*own));
    item.positions.push_back(own->position());
    return item;
  }
};

}  // namespace

SOTHON_RULE(jurisdictions_differ, JurisdictionsDiffer)

}  // namespace sothon::rules
