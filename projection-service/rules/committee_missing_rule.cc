// plan#66: a committee in every village that mobilises the people.
#include <algorithm>
#include <map>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

constexpr std::string_view kDuty = "duty.mobilising_committee";

class CommitteeMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "committee_missing",
            .severity = v1::WARNING,
            .plan_items = {66},
            .title_vi = "Thôn chưa có Ban vận động",
            .title_en = "Villages without a mobilising committee",
            .parameters = {kDuty}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    std::map<std::optional<ledger::Ordinal>, uint64_t> villages;  // that have to have one, by commune
    for (const ledger::Ordinal village : situation.villages()) {
      const v1::Event* duty = situation.parameters().SetBy(kDuty, village, hearing->date());
      if (duty == nullptr || duty->parameter_set().value() == 0) continue;
      const std::optional<ledger::Ordinal> commune = situation.reference().place(village).parent;
      ++villages[commune];
      Gathering::Item item;
      item.words = {situation.NameOf(village), situation.NameOf(village)};
      item.since = ledger::DateOf(*duty);
      item.positions = {duty->position()};
      if (!HasCommittee(situation, village, &item)) gathering.Add({.place = commune}, std::move(item));
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      const uint64_t all = villages[subject.place];
      return Words{
          StrCat(place, count, "/", all, " thôn, tổ dân phố chưa có Ban vận động Nhân dân tham gia BHXH, BHYT"),
          StrCat(place, count, " of ", all, Several(all, " village has", " villages have"),
                 " no committee that mobilises the people")};
    });
  }

 private:
  // Otherwise tells `item` of the one that the village had last.
  static bool HasCommittee(const oversight::Situation& situation, ledger::Ordinal village, Gathering::Item* item) {
    for (const oversight::Role* role : situation.roles().At(v1::MOBILISING_COMMITTEE, village)) {
      if (role->HeldOn(situation.date())) return true;
      if (situation.date() < role->from) continue;
      item->since = std::max(item->since, role->until.Plus(1));
      item->positions.push_back((role->ended == nullptr ? role->assigned : role->ended)->position());
    }
    return false;
  }
};

}  // namespace

SOTHON_RULE(committee_missing, CommitteeMissing)

}  // namespace sothon::rules
