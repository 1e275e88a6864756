#include <algorithm>

#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {
namespace {

constexpr size_t kReportKindBytesMax = 64;
constexpr size_t kDigestBytes = 32;

bool IsReportKind(std::string_view kind) {
  return !kind.empty() && kind.size() <= kReportKindBytesMax &&
         std::all_of(kind.begin(), kind.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

void CheckReport(const v1::Event& event, const CheckContext& context) {
  const v1::ReportFiled& report = event.report_filed();
  const std::string kPath = "event.report_filed.";
  if (!IsReportKind(report.report_kind())) {
    context.violations->Add(kPath + "report_kind",
                            StrCat("\"", report.report_kind().substr(0, 64), "\" is not 1 to ", kReportKindBytesMax,
                                   " of [a-z_]; write weekly, drive, drive_notice, monthly_review, quarterly_review, "
                                   "yearly_review, advice, health_station or a word of yours"));
  }
  if ((report.report_kind() == "drive" || report.report_kind() == "drive_notice") && report.drive_id().empty()) {
    context.violations->Add(kPath + "drive_id", "missing; say on which drive it reports (plan#36, plan#37)");
  }
  CheckDistinct(kPath + "to_party_ids", report.to_party_ids(), context);
  if ((report.period_from() == 0) != (report.period_to() == 0)) {
    context.violations->Add(kPath + (report.period_from() == 0 ? "period_from" : "period_to"),
                            "missing; give the first and the last day of what it reports on, or neither");
  } else if (report.period_to() < report.period_from()) {
    context.violations->Add(kPath + "period_to", StrCat(report.period_to(), " is before period_from, ",
                                                        report.period_from(), "; correct one of both"));
  }
}

void CheckPublication(const v1::Event& event, const CheckContext& context) {
  const v1::PeriodPublished& published = event.period_published();
  if (!MonthRange::Parse(published.period()) && !CivilWeek::Parse(published.period())) {
    context.violations->Add("event.period_published.period",
                            StrCat("\"", published.period().substr(0, 64), "\" is no period; write 2025-11, 2025Q4, ",
                                   "2025, 2025-10..2025-12 or a week of the year's, 2025-W45"));
  }
  CheckPosition("event.period_published.at_position", published.at_position(), context);
  if (!published.digest().empty() && published.digest().size() != kDigestBytes) {
    context.violations->Add("event.period_published.digest",
                            StrCat("has ", published.digest().size(), " bytes; a SHA-256 has ", kDigestBytes,
                                   ": take it from GetDigests, or leave it out"));
  }
}

void CheckDecision(const v1::Event& event, const CheckContext& context) {
  const v1::DecisionRecorded& decision = event.decision_recorded();
  const std::string kPath = "event.decision_recorded.";
  for (int i = 0; i < decision.evidence_positions_size(); ++i) {
    const std::string path = StrCat(kPath, "evidence_positions[", i, "]");
    CheckPosition(path, decision.evidence_positions(i), context);
    if (i > 0 && decision.evidence_positions(i) <= decision.evidence_positions(i - 1)) {
      context.violations->Add(path, "does not come after the one before it; write them ascending, each once");
    }
  }
  CheckUntil(kPath + "due_date", decision.due_date(), event, context);
}

}  // namespace sothon::ingest
