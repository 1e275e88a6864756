// plan#35: the results of every week are reported in time, where a deadline is set (plan#41).
#include "common/base/strings.h"
#include "projection-service/rules/duties.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

class WeeklyReportLate final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "weekly_report_late",
            .severity = v1::WARNING,
            .plan_items = {35, 41},
            .title_vi = "Báo cáo tuần nộp chậm",
            .title_en = "A week that was reported late",
            .reading = "The first report on a week decides. Without a deadline nothing is late.",
            .parameters = {kWeeklyReport.name, kWeeklyReport.deadline}};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    for (const ledger::Ordinal commune : situation.communes()) {
      for (const DueReport& report : ReportsDue(situation, kWeeklyReport, commune)) {
        if (!report.IsLate()) continue;
        const std::string place = situation.NameOf(commune);
        hearing->Report({.place = commune,
                         .period = report.period.name,
                         .since = report.filed_on,
                         .positions = report.Proof(),
                         .text_vi = StrCat(place, ", ", report.period.name_vi, ": báo cáo tuần nộp ngày ",
                                           DayVi(report.filed_on), report.DueVi()),
                         .text_en = StrCat(place, ", week ", report.period.name, ": weekly report filed on ",
                                           report.filed_on.ToString(), report.DueEn())});
      }
    }
  }
};

}  // namespace

SOTHON_RULE(weekly_report_late, WeeklyReportLate)

}  // namespace sothon::rules
