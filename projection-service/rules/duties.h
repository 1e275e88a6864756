// Duties that recur: in which periods one was laid on a commune, and which reports answer it (plan#34, #35, #40).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projection-service/oversight/situation.h"

namespace sothon::rules {

enum class Rhythm { kWeek, kMonth, kQuarter, kYear };

// A period that was over on the date, and in which the duty held on the first or the last day: so it begins with the
// period in which it takes effect (the reading of plan#32).
struct DuePeriod {
  CivilDate first;
  CivilDate last;
  std::string name;                 // "2025-W40", "2025-10", "2025Q4", "2025"
  std::string name_vi;              // "tháng 10/2025"
  const v1::Event* duty = nullptr;  // the parameter that lays it on the commune
};

// Ascending.
std::vector<DuePeriod> PeriodsDue(const oversight::Situation& situation, std::string_view duty, ledger::Ordinal commune,
                                  Rhythm rhythm);

// A period with the report that was due for it.
struct DueReport {
  DuePeriod period;
  const v1::Event* deadline = nullptr;  // the parameter; nullptr: none is set, so nothing is ever late (plan#41)
  CivilDate last_day;                   // to file it in time: the deadline's day, otherwise the period's last
  const v1::Event* filed = nullptr;     // the first one filed; nullptr: none yet
  CivilDate filed_on;

  // On a date for which the period is due.
  bool IsMissingOn(CivilDate date) const { return filed == nullptr && last_day < date; }
  bool IsLate() const { return filed != nullptr && deadline != nullptr && last_day < filed_on; }
  // ", hạn 07/10/2025" and ", due by 2025-10-07"; nothing without a deadline: none is invented.
  std::string DueVi() const;
  std::string DueEn() const;
  // The duty, the deadline and the report, as far as there are any.
  std::vector<uint64_t> Proof() const;
};

struct ReportDuty {
  std::string_view name;      // "duty.weekly_report"
  std::string_view deadline;  // "deadline.weekly_report"
  std::string_view kind;      // "weekly"
  Rhythm rhythm;
};
inline constexpr ReportDuty kWeeklyReport{"duty.weekly_report", "deadline.weekly_report", "weekly", Rhythm::kWeek};
inline constexpr ReportDuty kReviews[] = {
    {"duty.review_monthly", "deadline.review", "monthly_review", Rhythm::kMonth},
    {"duty.review_quarterly", "deadline.review", "quarterly_review", Rhythm::kQuarter},
    {"duty.review_yearly", "deadline.review", "yearly_review", Rhythm::kYear},
};

// Of every period due. A report counts for the commune when it is of the commune, of a place above it or of no place,
// and says that it reports on the whole period.
std::vector<DueReport> ReportsDue(const oversight::Situation& situation, const ReportDuty& duty,
                                  ledger::Ordinal commune);

}  // namespace sothon::rules
