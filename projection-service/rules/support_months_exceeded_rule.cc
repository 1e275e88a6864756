// plan#59, plan#65: BHXH_TN is supported for at most so many months of a life.
#include "projection-service/rules/rates.h"
#include "projection-service/rules/receipt_sentence.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

constexpr char kMonthsMax[] = "support.months_max";

class SupportMonthsExceeded final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "support_months_exceeded",
            .severity = v1::VIOLATION,
            .plan_items = {59, 65},
            .title_vi = "Hỗ trợ quá số tháng quy định",
            .title_en = "Supported for more months than there are for anybody",
            .reading =
                "Months paid for with central or local support, in counting order; what was supported before the log "
                "began is not known.",
            .parameters = {kMonthsMax}};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    int64_t months = 0;
    for (const oversight::Step& step : person.steps) {
      if (step.scheme != v1::BHXH_TN || step.IsOpening()) continue;
      if (step.central_support_vnd == 0 && step.local_support_vnd == 0) continue;
      months += step.months;
      const auto max = RateOf(kMonthsMax, known, step);
      if (!max || months <= *max) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      trace.positions = ProofOf(kMonthsMax, known, step);
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    return ReceiptSentence(situation, group, "còn hỗ trợ cho người đã hết số tháng được hỗ trợ",
                           "with support beyond the months that anybody is supported for");
  }
};

}  // namespace

SOTHON_RULE(support_months_exceeded, SupportMonthsExceeded)

}  // namespace sothon::rules
