// plan#59: the State supports BHXH_TN up to a share of the floor's contribution.
#include "projection-service/rules/rates.h"
#include "projection-service/rules/receipt_sentence.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

constexpr int64_t kSlackVndAMonth = 1;  // of rounding

class SupportTooHigh final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "support_too_high",
            .severity = v1::VIOLATION,
            .plan_items = {59, 65},
            .title_vi = "Ngân sách trung ương hỗ trợ quá mức quy định",
            .title_en = "More State support than there is for anybody",
            .reading =
                "More than the largest share (rate.support_max) of the income floor's contribution: who is entitled "
                "to which share is not in the log. Local support is the province's to decide, and not checked.",
            .parameters = {kSupportMax, kBhxhRate, kIncomeFloor}};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    for (const oversight::Step& step : person.steps) {
      if (step.scheme != v1::BHXH_TN || step.IsOpening()) continue;
      const int64_t support = step.central_support_vnd;
      if (support == 0) continue;
      const auto share = RateOf(kSupportMax, known, step);
      const auto rate = RateOf(kBhxhRate, known, step);
      const auto floor = RateOf(kIncomeFloor, known, step);
      if (!share || !rate || !floor) continue;
      const int64_t given = (support - kSlackVndAMonth * step.months) * kPercent * kPerMille;
      if (given <= *share * *rate * *floor * step.months) continue;
      const int64_t largest = RatesWithin(kSupportMax, known, step).back() *
                              RatesWithin(kBhxhRate, known, step).back() *
                              RatesWithin(kIncomeFloor, known, step).back();
      if (given <= largest * step.months) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      trace.positions = ProofOf(kSupportMax, known, step);
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    return ReceiptSentence(situation, group, "ghi số tiền ngân sách trung ương hỗ trợ cao hơn mức cao nhất",
                           "with more State support than the largest there is");
  }
};

}  // namespace

SOTHON_RULE(support_too_high, SupportTooHigh)

}  // namespace sothon::rules
