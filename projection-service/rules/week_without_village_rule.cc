// plan#31: each week at least one village reaches its targets, until all have.
#include "common/base/strings.h"
#include "projection-service/oversight/week_ladder.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class WeekWithoutVillage final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "week_without_village",
            .severity = v1::VIOLATION,
            .plan_items = {31, 32},
            .title_vi = "Tuần không có thôn nào hoàn thành chỉ tiêu",
            .title_en = "A week in which no village reached its targets",
            .reading =
                "A village has reached its targets with the receipt that completes the last product of the year; "
                "weeks are ISO weeks, from the one in which the duty takes effect.",
            .parameters = {"duty.week_ladder"}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    for (const ledger::Ordinal commune : situation.communes()) {
      const v1::Event* duty = FirstDuty(situation, commune);
      if (duty == nullptr) continue;
      const oversight::WeekLadder ladder = oversight::ClimbLadder(
          situation, commune, CivilWeek::Of(ledger::DateOf(*duty)), CivilWeek::Of(hearing->date()));
      for (const oversight::LadderRung& rung : ladder.rungs) {
        if (rung.empty) hearing->Report(FindingOf(situation, commune, *duty, rung, ladder));
      }
    }
  }

 private:
  // The earliest event that lays the duty on the commune.
  static const v1::Event* FirstDuty(const oversight::Situation& situation, ledger::Ordinal commune) {
    const v1::Event* first = nullptr;
    for (const v1::Event* event : situation.Facts(v1::Event::kParameterSet)) {
      if (event->parameter_set().name() != "duty.week_ladder" || event->parameter_set().value() == 0) continue;
      const CivilDate from = ledger::DateOf(*event);
      if (situation.parameters().SetBy("duty.week_ladder", commune, from) != event) continue;
      if (first == nullptr || from < ledger::DateOf(*first)) first = event;
    }
    return first;
  }

  static Finding FindingOf(const oversight::Situation& situation, ledger::Ordinal commune, const v1::Event& duty,
                           const oversight::LadderRung& rung, const oversight::WeekLadder& ladder) {
    const std::string place = situation.NameOf(commune);
    return {.place = commune,
            .period = rung.week.ToString(),
            .since = rung.week.LastDay().Plus(1),
            .positions = {duty.position()},
            .text_vi = StrCat(place, ", tuần ", rung.week.ToString(), " (", DayVi(rung.week.FirstDay()), " - ",
                              DayVi(rung.week.LastDay()), "): không có thôn nào hoàn thành chỉ tiêu; đến nay ",
                              rung.reached_so_far, "/", ladder.villages, " thôn đã hoàn thành"),
            .text_en = StrCat(place, ", week ", rung.week.ToString(), ": no village reached its targets; so far ",
                              rung.reached_so_far, " of ", ladder.villages, " have")};
  }
};

}  // namespace

SOTHON_RULE(week_without_village, WeekWithoutVillage)

}  // namespace sothon::rules
