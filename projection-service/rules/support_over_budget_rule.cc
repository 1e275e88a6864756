// plan#65: local support of BHXH_TN stays within the budget that the commune set aside for it.
#include <algorithm>
#include <map>
#include <tuple>

#include "common/base/strings.h"
#include "common/base/text.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

constexpr std::string_view kBudget = "support_budget_vnd";

class SupportOverBudget final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "support_over_budget",
            .severity = v1::WARNING,
            .plan_items = {65},
            .title_vi = "Hỗ trợ của địa phương vượt dự toán",
            .title_en = "Local support beyond its budget",
            .reading =
                "The budget of a year is the denominator support_budget_vnd of the commune as of a day of that "
                "year; the newest one holds. Held against it: the local support of BHXH_TN on receipts of the "
                "year. Without a budget nothing is judged."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    std::map<std::pair<ledger::Ordinal, int32_t>, const v1::Event*> budgets;  // by commune and year
    for (const v1::Event* event : situation.Facts(v1::Event::kDenominatorDeclared)) {
      const v1::DenominatorDeclared& declared = event->denominator_declared();
      const auto as_of = CivilDate::FromWire(declared.as_of_date());
      const std::optional<ledger::Ordinal> place = PlaceOf(situation, *event);
      if (declared.of() != kBudget || !as_of || !place || !situation.Covers(*place)) continue;
      if (situation.reference().place(*place).level != v1::COMMUNE) continue;
      const v1::Event*& newest = budgets[{*place, as_of->Month().Year()}];
      if (newest == nullptr || newest->effective_date() <= event->effective_date()) newest = event;
    }
    for (const auto& [key, budget] : budgets) JudgeYear(hearing, key.first, key.second, *budget);
  }

 private:
  static void JudgeYear(Case* hearing, ledger::Ordinal commune, int32_t year, const v1::Event& budget) {
    const oversight::Situation& situation = hearing->situation();
    const int64_t budget_vnd = budget.denominator_declared().value();
    int64_t spent_vnd = 0;
    const oversight::Step* beyond = nullptr;  // the receipt with which the budget was exceeded
    for (const oversight::Step* step : SupportedIn(situation, commune, year)) {
      spent_vnd += step->local_support_vnd;
      if (beyond == nullptr && spent_vnd > budget_vnd) beyond = step;
    }
    if (beyond == nullptr) return;
    const std::string place = Before(situation, commune);
    hearing->Report({.place = commune,
                     .scheme = v1::BHXH_TN,
                     .period = StrCat(year),
                     .since = std::max(beyond->date, ledger::DateOf(budget)),
                     .positions = {budget.position(), beyond->position},
                     .text_vi = StrCat(place, "hỗ trợ đóng BHXH tự nguyện năm ", year, " từ ngân sách địa phương ",
                                       FormatThousands(spent_vnd), " đồng, vượt dự toán ", FormatThousands(budget_vnd),
                                       " đồng từ ", DayVi(beyond->date)),
                     .text_en = StrCat(place, "local support of voluntary social insurance in ", year, " is ",
                                       FormatThousands(spent_vnd), " VND, beyond the budget of ",
                                       FormatThousands(budget_vnd), " VND since ", beyond->date.ToString())});
  }

  // Receipts with local support, by date, then position.
  static std::vector<const oversight::Step*> SupportedIn(const oversight::Situation& situation, ledger::Ordinal commune,
                                                         int32_t year) {
    std::vector<const oversight::Step*> steps;
    const CivilDate first = CivilDate::FirstOf({year * 12});
    const CivilDate last = std::min(situation.date(), CivilDate::LastOf({year * 12 + 11}));
    for (const ledger::Ordinal village : situation.reference_view().LeavesUnder(commune, situation.position())) {
      const oversight::VillageRegister& people = situation.RegisterOf(village);
      for (auto one = people.CollectionsFrom(first); one != people.collections.end() && one->date <= last; ++one) {
        const oversight::Step& step = people.steps[one->step];
        if (one->scheme == v1::BHXH_TN && step.local_support_vnd > 0) steps.push_back(&step);
      }
    }
    std::sort(steps.begin(), steps.end(), [](const oversight::Step* a, const oversight::Step* b) {
      return std::tie(a->date, a->position) < std::tie(b->date, b->position);
    });
    return steps;
  }
};

}  // namespace

SOTHON_RULE(support_over_budget, SupportOverBudget)

}  // namespace sothon::rules
