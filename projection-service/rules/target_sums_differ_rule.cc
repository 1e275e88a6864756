// plan#9: the total that a document states for a row is the sum of its months.
#include <algorithm>
#include <deque>
#include <map>

#include "common/base/strings.h"
#include "projection-service/ledger/row_totals.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class TargetSumsDiffer final : public Rule {
 public:
  RuleInfo info() const override {
    return {
        .code = "target_sums_differ",
        .severity = v1::WARNING,
        .plan_items = {9},
        .title_vi = "Tổng ghi trong văn bản khác tổng các tháng",
        .title_en = "A stated total that its months do not add up to",
        .reading =
            "The months are counted as given; the stated total is shown beside them and never counted. A row of which "
            "another document took months over is not compared any more."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    // Rows of one place or party each.
    std::map<std::pair<int64_t, std::string_view>, std::vector<const ledger::Target*>> given;
    std::map<uint64_t, CivilDate> dates;   // by position
    std::deque<ledger::Target> unrevised;  // on the date: what revises them takes effect later
    for (const KnownTarget& known : TargetsEverSet(situation)) {
      if (!IsAsked(situation, *known.event)) continue;
      const int64_t place = known.target->place ? int64_t{known.target->place->value} : -1;
      const ledger::Target* target = known.target;
      if (known.in_force && target->revised_at) {
        target = &unrevised.emplace_back(*target);
        unrevised.back().revised_at.reset();
      }
      given[{place, target->party_id}].push_back(target);
      dates[known.event->position()] = ledger::DateOf(*known.event);
    }
    Gathering gathering;
    for (const auto& [whose, targets] : given) {
      for (const ledger::RowTotal& row : ledger::TotalsThatDiffer(targets, situation.position())) {
        gathering.Add(
            {.place = row.targets.front()->place, .party_id = std::string(whose.second), .scheme = row.scheme},
            ItemOf(situation, row, dates));
      }
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string whose =
          subject.party_id.empty() ? Before(situation, subject.place) : PartyWords(situation, subject.party_id) + ": ";
      return Words{StrCat(whose, count, " dòng có tổng ghi khác tổng các tháng"),
                   StrCat(whose, count, Several(count, " row whose", " rows whose"),
                          " stated total is not the sum of the months")};
    });
  }

 private:
  static Gathering::Item ItemOf(const oversight::Situation& situation, const ledger::RowTotal& row,
                                const std::map<uint64_t, CivilDate>& dates) {
    const ProductKey product{row.scheme, row.scheme_group_id, row.measure};
    Gathering::Item item;
    item.words = {
        StrCat(ProductVi(situation, product), row.document_id.empty() ? "" : StrCat(" theo ", row.document_id), " ghi ",
               row.declared, ", cộng các tháng được ", row.sum),
        StrCat(ProductEn(situation, product), row.document_id.empty() ? "" : StrCat(" by ", row.document_id),
               " states ", row.declared, ", the months add up to ", row.sum)};
    for (const ledger::Target* target : row.targets) {
      item.since = std::max(item.since, dates.at(target->set_at.value));
      item.positions.push_back(target->set_at.value);
    }
    return item;
  }
};

}  // namespace

SOTHON_RULE(target_sums_differ, TargetSumsDiffer)

}  // namespace sothon::rules
