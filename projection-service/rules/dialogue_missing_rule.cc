// plan#34: a direct dialogue with the people in every month.
#include <set>

#include "common/base/strings.h"
#include "projection-service/rules/duties.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

constexpr std::string_view kDuty = "duty.dialogue_monthly";

class DialogueMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "dialogue_missing",
            .severity = v1::WARNING,
            .plan_items = {34},
            .title_vi = "Tháng không có đối thoại trực tiếp với người dân",
            .title_en = "A month without a direct dialogue with the people",
            .reading =
                "A dialogue in the commune or in any of its villages is one; the duty begins with the month in "
                "which it takes effect.",
            .parameters = {kDuty}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    const std::set<std::pair<ledger::Ordinal, CivilMonth>> held = DialoguesHeld(situation);
    for (const ledger::Ordinal commune : situation.communes()) {
      for (const DuePeriod& month : PeriodsDue(situation, kDuty, commune, Rhythm::kMonth)) {
        if (held.contains({commune, month.first.Month()})) continue;
        const std::string place = situation.NameOf(commune);
        hearing->Report({.place = commune,
                         .period = month.name,
                         .since = month.last.Plus(1),
                         .positions = {month.duty->position()},
                         .text_vi = StrCat(place, ", ", month.name_vi, ": không có đối thoại trực tiếp với người dân"),
                         .text_en = StrCat(place, ", ", month.name, ": no direct dialogue with the people")});
      }
    }
  }

 private:
  // By every place that each was in.
  static std::set<std::pair<ledger::Ordinal, CivilMonth>> DialoguesHeld(const oversight::Situation& situation) {
    std::set<std::pair<ledger::Ordinal, CivilMonth>> held;
    for (const v1::Event* event : situation.Facts(v1::Event::kActivityRecorded)) {
      if (event->activity_recorded().kind() != v1::DIALOGUE) continue;
      const ledger::Place* place = situation.reference().FindPlace(event->place_id());
      const CivilMonth month = ledger::DateOf(*event).Month();
      while (place != nullptr) {
        held.emplace(place->ordinal, month);
        place = place->parent ? &situation.reference().place(*place->parent) : nullptr;
      }
    }
    return held;
  }
};

}  // namespace

SOTHON_RULE(dialogue_missing, DialogueMissing)

}  // namespace sothon::rules
