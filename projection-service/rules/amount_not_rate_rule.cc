// plan#59: the amount on a receipt is the rate in force.
#include <algorithm>

#include "projection-service/rules/rates.h"
#include "projection-service/rules/receipt_sentence.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

using ledger::HistoryEntry;
using oversight::Circumstances;
using oversight::Step;

// What is paid further ahead is discounted, by rules that no parameter knows.
constexpr int32_t kMonthsMax = 12;
constexpr int64_t kIncomeMaxInBaseSalaries = 20;
constexpr int64_t kSlackVndAMonth = 1;  // of rounding

// Why a receipt is wrong: the parameter that says so. Empty: it is not, or no rate is recorded that says so.
using Wrong = std::string_view;

Wrong JudgeIncome(const Step& step, int64_t income, const Circumstances& known) {
  const auto floor = RateOf(kIncomeFloor, known, step);
  if (floor && income < *floor && income < RatesWithin(kIncomeFloor, known, step).front()) return kIncomeFloor;
  const auto salary = RateOf(kBaseSalary, known, step);
  if (salary && income > kIncomeMaxInBaseSalaries * *salary &&
      income > kIncomeMaxInBaseSalaries * RatesWithin(kBaseSalary, known, step).back()) {
    return kBaseSalary;
  }
  return {};
}

Wrong JudgeBhxh(const Step& step, const HistoryEntry& entry, const Circumstances& known) {
  const int64_t income = entry.income_base_vnd;
  if (income != 0) {
    if (const Wrong wrong = JudgeIncome(step, income, known); !wrong.empty()) return wrong;
  }
  const auto rate = RateOf(kBhxhRate, known, step);
  if (entry.due_vnd == 0 || !rate) return {};
  const int64_t due = kPerMille * entry.due_vnd;
  const int64_t slack = kPerMille * kSlackVndAMonth * step.months;
  if (income != 0) {
    if (MixMakes({*rate * income}, step.months, due, slack)) return {};
    std::vector<int64_t> amounts = RatesWithin(kBhxhRate, known, step);
    for (int64_t& amount : amounts) amount *= income;
    return MixMakes(amounts, step.months, due, slack) ? Wrong() : kBhxhRate;
  }
  // Any income from the floor up may have been chosen.
  const auto floor = RateOf(kIncomeFloor, known, step);
  if (!floor || due >= step.months * *rate * *floor - slack) return {};
  const int64_t least = RatesWithin(kBhxhRate, known, step).front() * RatesWithin(kIncomeFloor, known, step).front();
  return due >= step.months * least - slack ? Wrong() : kIncomeFloor;
}

// What `percent` of the full contribution makes, in the months of `step`.
bool IsShare(int64_t percent, const Step& step, int64_t due_vnd, absl::Span<const int64_t> salaries,
             absl::Span<const int64_t> rates) {
  std::vector<int64_t> amounts;
  for (const int64_t salary : salaries) {
    for (const int64_t rate : rates) amounts.push_back(salary * rate * percent);
  }
  return MixMakes(amounts, step.months, due_vnd * kPerMille * kPercent,
                  kSlackVndAMonth * step.months * kPerMille * kPercent);
}

Wrong JudgeBhyt(const Step& step, const HistoryEntry& entry, const Circumstances& known) {
  static constexpr std::string_view kFurther[] = {"rate.bhyt_hgd_2nd", "rate.bhyt_hgd_3rd", "rate.bhyt_hgd_4th",
                                                  "rate.bhyt_hgd_5th"};
  if (entry.due_vnd == 0) return {};
  const auto salary = RateOf(kBaseSalary, known, step);
  const auto rate = RateOf(kBhytRate, known, step);
  if (!salary || !rate) return {};
  if (IsShare(kPercent, step, entry.due_vnd, {*salary}, {*rate})) return {};
  std::vector<int64_t> percents = {kPercent};
  if (step.scheme == v1::BHYT_HGD) {
    for (const std::string_view name : kFurther) {
      const auto percent = RateOf(name, known, step);
      if (!percent) return {};  // it may be that one
      if (IsShare(*percent, step, entry.due_vnd, {*salary}, {*rate})) return {};
      percents.push_back(*percent);
    }
  }
  const std::vector<int64_t> salaries = RatesWithin(kBaseSalary, known, step);
  const std::vector<int64_t> rates = RatesWithin(kBhytRate, known, step);
  const bool is_one = std::any_of(percents.begin(), percents.end(), [&](int64_t percent) {
    return IsShare(percent, step, entry.due_vnd, salaries, rates);
  });
  return is_one ? Wrong() : kBaseSalary;
}

class AmountNotRate final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "amount_not_rate",
            .severity = v1::VIOLATION,
            .plan_items = {59},
            .title_vi = "Số tiền phải đóng không đúng mức quy định",
            .title_en = "An amount that is not the rate in force",
            .reading =
                "Of payments of at most 12 months; 0 is not stated, and a rate that nobody recorded is not checked. "
                "Where a rate changes within the months paid for, each month may be at either. BHXH_TN without a "
                "stated income may be of any income from the floor up.",
            .parameters = {kBaseSalary, kBhxhRate, kBhytRate, "rate.bhyt_hgd_2nd", "rate.bhyt_hgd_3rd",
                           "rate.bhyt_hgd_4th", "rate.bhyt_hgd_5th", kIncomeFloor}};
  }

  void Examine(const oversight::Person& person, const Circumstances& known, TraceSink* sink) const override {
    for (const Step& step : person.steps) {
      if (step.IsOpening() || step.months > kMonthsMax) continue;
      Wrong wrong;
      switch (step.scheme) {
        case v1::BHXH_TN:
          wrong = JudgeBhxh(step, person.EntryOf(step), known);
          break;
        case v1::BHYT_HGD:
        case v1::BHYT_HSSV:
        case v1::BHYT_NLNN:
          wrong = JudgeBhyt(step, person.EntryOf(step), known);
          break;
        default:
          break;
      }
      if (wrong.empty()) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      trace.positions = ProofOf(wrong, known, step);
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    return ReceiptSentence(situation, group, "có số tiền phải đóng hoặc mức thu nhập không đúng quy định",
                           "whose amount due, or chosen income, is not as the rates in force have it");
  }
};

}  // namespace

SOTHON_RULE(amount_not_rate, AmountNotRate)

}  // namespace sothon::rules
