// plan#13: a village that was merged or split away is no place to collect in any more.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class CollectedInGonePlace final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "collected_in_gone_place",
            .severity = v1::WARNING,
            .plan_items = {13},
            .title_vi = "Ghi thu ở thôn, tổ dân phố không còn",
            .title_en = "Collections in a village that is gone",
            .reading =
                "Dated on the day of the merger or split, or later. They count where they were recorded; what was "
                "collected before stays there."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    if (known.gone.empty()) return;
    for (const oversight::Step& step : person.steps) {
      if (step.IsOpening()) continue;
      const v1::Event* gone = known.GoneBy(step.place);
      if (gone == nullptr || step.date < ledger::DateOf(*gone)) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      trace.positions = {std::min(gone->position(), step.position), std::max(gone->position(), step.position)};
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string_view who = situation.AtDesk(group.desk);
    const std::string place = situation.NameOf(group.place);
    const CivilDate gone = situation.GoneOn(group.place);
    return Sentence{
        StrCat(place, " không còn từ ngày ", DayVi(gone), ": ", group.count, " lần thu ", SchemeVi(group.scheme),
               " trong ", MonthVi(group.month), " do ", who.empty() ? "người không rõ" : who, " vẫn ghi ở đó"),
        StrCat(place, " is gone since ", gone.ToString(), ": ", group.count,
               Several(group.count, " collection of ", " collections of "), SchemeEn(group.scheme), " in ",
               group.month.ToString(), " by ", who.empty() ? "nobody named" : who, " are recorded there still")};
  }
};

}  // namespace

SOTHON_RULE(collected_in_gone_place, CollectedInGonePlace)

}  // namespace sothon::rules
