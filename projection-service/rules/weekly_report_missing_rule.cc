// plan#35: the results of every week are reported.
#include "common/base/strings.h"
#include "projection-service/rules/duties.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

class WeeklyReportMissing final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "weekly_report_missing",
            .severity = v1::WARNING,
            .plan_items = {35, 41},
            .title_vi = "Thiếu báo cáo tuần",
            .title_en = "A week that was not reported",
            .reading =
                "Weeks are ISO weeks, from the one in which the duty takes effect. Without a deadline a report "
                "is missing once its week is over.",
            .parameters = {kWeeklyReport.name, kWeeklyReport.deadline}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    for (const ledger::Ordinal commune : situation.communes()) {
      for (const DueReport& report : ReportsDue(situation, kWeeklyReport, commune)) {
        if (!report.IsMissingOn(hearing->date())) continue;
        const std::string place = situation.NameOf(commune);
        hearing->Report(
            {.place = commune,
             .period = report.period.name,
             .since = report.last_day.Plus(1),
             .positions = report.Proof(),
             .text_vi = StrCat(place, ", ", report.period.name_vi, ": chưa có báo cáo tuần", report.DueVi()),
             .text_en = StrCat(place, ", week ", report.period.name, ": no weekly report", report.DueEn())});
      }
    }
  }
};

}  // namespace

SOTHON_RULE(weekly_report_missing, WeeklyReportMissing)

}  // namespace sothon::rules
