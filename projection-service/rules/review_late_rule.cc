// plan#40: months, quarters and years are reviewed in time, where a deadline is set (plan#41).
#include "common/base/strings.h"
#include "projection-service/rules/duties.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class ReviewLate final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "review_late",
            .severity = v1::WARNING,
            .plan_items = {40, 41},
            .title_vi = "Sơ kết, tổng kết chậm",
            .title_en = "A period that was reviewed late",
            .reading = "The first review of a period decides. Without a deadline nothing is late.",
            .parameters = {kReviews[0].name, kReviews[1].name, kReviews[2].name, kReviews[0].deadline}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    for (const ledger::Ordinal commune : situation.communes()) {
      for (const ReportDuty& duty : kReviews) {
        for (const DueReport& review : ReportsDue(situation, duty, commune)) {
          if (!review.IsLate()) continue;
          const std::string place = situation.NameOf(commune);
          hearing->Report({.place = commune,
                           .period = review.period.name,
                           .since = review.filed_on,
                           .positions = review.Proof(),
                           .text_vi = StrCat(place, ", ", review.period.name_vi, ": sơ kết, tổng kết ngày ",
                                             DayVi(review.filed_on), review.DueVi()),
                           .text_en = StrCat(place, ", ", review.period.name, ": reviewed on ",
                                             review.filed_on.ToString(), review.DueEn())});
        }
      }
    }
  }
};

}  // namespace

SOTHON_RULE(review_late, ReviewLate)

}  // namespace sothon::rules
