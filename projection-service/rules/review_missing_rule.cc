// plan#40: a review of every month, quarter and year.
#include "common/base/strings.h"
#include "projection-service/rules/duties.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class ReviewMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "review_missing",
            .severity = v1::WARNING,
            .plan_items = {40, 41},
            .title_vi = "Thiếu sơ kết, tổng kết",
            .title_en = "A period that was not reviewed",
            .reading =
                "A duty begins with the month, quarter or year in which it takes effect. Without a deadline a "
                "review is missing once its period is over.",
            .parameters = {kReviews[0].name, kReviews[1].name, kReviews[2].name, kReviews[0].deadline}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    for (const ledger::Ordinal commune : situation.communes()) {
      for (const ReportDuty& duty : kReviews) {
        for (const DueReport& review : ReportsDue(situation, duty, commune)) {
          if (!review.IsMissingOn(hearing->date())) continue;
          const std::string place = situation.NameOf(commune);
          hearing->Report(
              {.place = commune,
               .period = review.period.name,
               .since = review.last_day.Plus(1),
               .positions = review.Proof(),
               .text_vi = StrCat(place, ", ", review.period.name_vi, ": chưa có sơ kết, tổng kết", review.DueVi()),
               .text_en = StrCat(place, ", ", review.period.name, ": not reviewed", review.DueEn())});
        }
      }
    }
  }
};

}  // namespace

SOTHON_RULE(review_missing, ReviewMissing)

}  // namespace sothon::rules
