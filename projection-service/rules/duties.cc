#include "projection-service/rules/duties.h"

#include <algorithm>
#include <tuple>

#include "common/base/strings.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using ledger::DateOf;
using ledger::Ordinal;
using oversight::Situation;

// The first day on which the duty holds for the commune.
std::optional<CivilDate> FirstDay(const Situation& situation, std::string_view duty, Ordinal commune) {
  std::optional<CivilDate> first;
  for (const v1::Event* event : situation.Facts(v1::Event::kParameterSet)) {
    if (event->parameter_set().name() != duty || event->parameter_set().value() == 0) continue;
    const CivilDate from = DateOf(*event);
    if (first && *first <= from) continue;
    if (situation.parameters().IsOn(duty, commune, from)) first = from;
  }
  return first;
}

// nullptr: the duty does not hold on the day.
const v1::Event* DutyOn(const Situation& situation, std::string_view duty, Ordinal commune, CivilDate day) {
  const v1::Event* event = situation.parameters().SetBy(duty, commune, day);
  return event != nullptr && event->parameter_set().value() != 0 ? event : nullptr;
}

int32_t MonthsOf(Rhythm rhythm) { return rhythm == Rhythm::kMonth ? 1 : rhythm == Rhythm::kQuarter ? 3 : 12; }

DuePeriod PeriodOf(CivilDate day, Rhythm rhythm) {
  DuePeriod period;
  if (rhythm == Rhythm::kWeek) {
    const CivilWeek week = CivilWeek::Of(day);
    period.first = week.FirstDay();
    period.last = week.LastDay();
    period.name = week.ToString();
    period.name_vi = StrCat("tuần ", period.name, " (", DayVi(period.first), " - ", DayVi(period.last), ")");
    return period;
  }
  const int32_t months = MonthsOf(rhythm);
  const CivilMonth month{day.Month().value / months * months};
  period.first = CivilDate::FirstOf(month);
  period.last = CivilDate::LastOf(month.Plus(months - 1));
  if (rhythm == Rhythm::kMonth) {
    period.name = month.ToString();
    period.name_vi = MonthVi(month);
  } else if (rhythm == Rhythm::kQuarter) {
    const int32_t quarter = month.Month() / months + 1;
    period.name = StrCat(month.Year(), "Q", quarter);
    period.name_vi = StrCat("quý ", quarter, "/", month.Year());
  } else {
    period.name = StrCat(month.Year());
    period.name_vi = StrCat("năm ", month.Year());
  }
  return period;
}

// Whether `place` is the commune or above it.
bool IsAtOrAbove(const Situation& situation, const ledger::Place* place, Ordinal commune) {
  if (place == nullptr) return false;
  for (std::optional<Ordinal> at = commune; at; at = situation.reference().place(*at).parent) {
    if (*at == place->ordinal) return true;
  }
  return false;
}

// By the day they were filed on, then position.
std::vector<const v1::Event*> ReportsFor(const Situation& situation, std::string_view kind, Ordinal commune) {
  std::vector<const v1::Event*> reports;
  for (const v1::Event* event : situation.Facts(v1::Event::kReportFiled)) {
    if (event->report_filed().report_kind() != kind || event->report_filed().period_from() == 0) continue;
    if (event->place_id().empty() ||
        IsAtOrAbove(situation, situation.reference().FindPlace(event->place_id()), commune)) {
      reports.push_back(event);
    }
  }
  std::stable_sort(reports.begin(), reports.end(), [](const v1::Event* a, const v1::Event* b) {
    return std::tuple(a->effective_date(), a->position()) < std::tuple(b->effective_date(), b->position());
  });
  return reports;
}

bool ReportsOn(const v1::ReportFiled& report, const DuePeriod& period) {
  return report.period_from() <= period.first.ToWire() && period.last.ToWire() <= report.period_to();
}

}  // namespace

std::string DueReport::DueVi() const { return deadline == nullptr ? "" : StrCat(", hạn ", DayVi(last_day)); }

std::string DueReport::DueEn() const { return deadline == nullptr ? "" : StrCat(", due by ", last_day.ToString()); }

std::vector<uint64_t> DueReport::Proof() const {
  std::vector<uint64_t> positions{period.duty->position()};
  if (deadline != nullptr) positions.push_back(deadline->position());
  if (filed != nullptr) positions.push_back(filed->position());
  return positions;
}

std::vector<DuePeriod> PeriodsDue(const Situation& situation, std::string_view duty, Ordinal commune, Rhythm rhythm) {
  std::vector<DuePeriod> due;
  const std::optional<CivilDate> from = FirstDay(situation, duty, commune);
  if (!from) return due;
  for (DuePeriod period = PeriodOf(*from, rhythm); period.last < situation.date();
       period = PeriodOf(period.last.Plus(1), rhythm)) {
    period.duty = DutyOn(situation, duty, commune, period.last);
    if (period.duty == nullptr) period.duty = DutyOn(situation, duty, commune, period.first);
    if (period.duty != nullptr) due.push_back(period);
  }
  return due;
}

std::vector<DueReport> ReportsDue(const Situation& situation, const ReportDuty& duty, Ordinal commune) {
  std::vector<DueReport> due;
  const std::vector<DuePeriod> periods = PeriodsDue(situation, duty.name, commune, duty.rhythm);
  if (periods.empty()) return due;
  const std::vector<const v1::Event*> reports = ReportsFor(situation, duty.kind, commune);
  for (const DuePeriod& period : periods) {
    DueReport& one = due.emplace_back();
    one.period = period;
    one.deadline = situation.parameters().SetBy(duty.deadline, commune, period.last);
    one.last_day = period.last;
    if (one.deadline != nullptr) {
      one.last_day = period.last.Plus(static_cast<int32_t>(one.deadline->parameter_set().value()));
    }
    const auto filed = std::find_if(reports.begin(), reports.end(),
                                    [&](const v1::Event* report) { return ReportsOn(report->report_filed(), period); });
    if (filed == reports.end()) continue;
    one.filed = *filed;
    one.filed_on = DateOf(**filed);
  }
  return due;
}

}  // namespace sothon::rules
