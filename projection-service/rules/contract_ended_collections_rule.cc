// plan#75, plan#76: an agency whose contract has ended collects no more.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class ContractEndedCollections final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {
        .code = "contract_ended_collections",
        .severity = v1::VIOLATION,
        .plan_items = {75, 76},
        .title_vi = "Thu sau khi hợp đồng của tổ chức dịch vụ thu đã chấm dứt",
        .title_en = "Collections by an agency after its contract ended",
        .reading = "An agency without any contract on record works; a contract ends the day before its end is dated."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    for (const oversight::Step& step : person.steps) {
      if (step.IsOpening() || step.named.desk == 0) continue;
      const std::string_view agency = known.names.DeskAt({step.named.desk - 1}).agency_id;
      if (known.roles.MayCollect(agency, step.date)) continue;
      const oversight::Role* ended = nullptr;
      for (const oversight::Role* contract : known.roles.Of(v1::CONTRACTED_AGENCY, agency)) {
        if (contract->until >= step.date) continue;  // not begun yet
        if (ended == nullptr || ended->until < contract->until) ended = contract;
      }
      if (ended == nullptr) continue;
      const uint64_t end = ended->ended != nullptr ? ended->ended->position() : ended->assigned->position();
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      trace.positions = {std::min(end, step.position), std::max(end, step.position)};
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string_view who = situation.AtDesk(group.desk);
    const std::string place = situation.NameOf(group.place);
    return Sentence{StrCat(place, ", ", MonthVi(group.month), ": ", group.count, " lần thu ", SchemeVi(group.scheme),
                           " do ", who, " thu sau khi hợp đồng của tổ chức dịch vụ thu đã chấm dứt"),
                    StrCat(place, ", ", group.month.ToString(), ": ", group.count,
                           Several(group.count, " collection of ", " collections of "), SchemeEn(group.scheme), " by ",
                           who, " after the agency's contract had ended")};
  }
};

}  // namespace

SOTHON_RULE(contract_ended_collections, ContractEndedCollections)

}  // namespace sothon::rules
