// plan#54: from the second collection on, the resident collector of the village collects.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class LaterCollectionByOther final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "later_collection_by_other",
            .severity = v1::VIOLATION,
            .plan_items = {54, 55},
            .title_vi = "Thu từ lần thứ hai không do nhân viên thu thường trực",
            .title_en = "A second or later collection by another than the resident collector",
            .reading =
                "An insurance that began before the log counts as the first collection. Where nobody is appointed, "
                "collector_missing says so instead.",
            .parameters = {"duty.resident_collector"}};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    const oversight::Step* first = nullptr;  // of the scheme
    for (const oversight::Step& step : person.steps) {
      if (step.sequence == 1) first = &step;
      if (step.IsOpening() || step.sequence < 2) continue;
      if (!known.parameters.IsOn("duty.resident_collector", step.place, step.date)) continue;
      const oversight::Role* resident = known.roles.ResidentCollector(step.place, step.date);
      if (resident == nullptr) continue;
      const std::string_view collector =
          step.named.desk == 0 ? "" : known.names.DeskAt({step.named.desk - 1}).collector_id;
      if (collector == resident->role().party_id()) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      trace.positions = {first->position, resident->assigned->position(), step.position};
      std::sort(trace.positions.begin(), trace.positions.end());
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string_view who = situation.AtDesk(group.desk);
    const std::string place = situation.NameOf(group.place);
    return Sentence{StrCat(place, ", ", MonthVi(group.month), ": ", group.count, " lần thu ", SchemeVi(group.scheme),
                           " từ lần thứ hai trở đi do ", who.empty() ? "người không rõ" : who,
                           " thu, không phải nhân viên thu thường trực"),
                    StrCat(place, ", ", group.month.ToString(), ": ", group.count,
                           Several(group.count, " second or later collection of ", " second or later collections of "),
                           SchemeEn(group.scheme), " by ", who.empty() ? "nobody named" : who,
                           ", who is not the resident collector")};
  }
};

}  // namespace

SOTHON_RULE(later_collection_by_other, LaterCollectionByOther)

}  // namespace sothon::rules
