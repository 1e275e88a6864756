// From answers of ProgressService to reports. Pure: equal answers, equal reports; no clock, no connection.
#pragma once

#include "cli/report/report_kind.h"

namespace sothon::cli {

// Results against targets, a section for each scheme or group with targets; BHXH_TN always (plan#16 to #18).
// `response` is of `range` (of a single month: of its quarter), with the place and what is directly below it.
Report BuildMonthlyReport(const v1::GetProgressResponse& response, const ReportNames& names, MonthRange range,
                          CivilMonth month, const ReportOptions& options);
absl::Status CheckMonthlyPeriod(const std::string& period);
absl::StatusOr<Report> MakeMonthlyReport(ReportSource* source);

// The ladder of weeks, and the figures of the last one by village (plan#31, #32, #35). `response` has rows.
Report BuildWeeklyReport(const v1::GetWeekLadderResponse& response, const ReportNames& names,
                         const ReportOptions& options);
absl::Status CheckWeeklyPeriod(const std::string& period);
absl::StatusOr<Report> MakeWeeklyReport(ReportSource* source);

// Drives: steps, results against what was left, who attended (plan#27, #36, #37, #42 to #53).
Report BuildDriveReport(const v1::ListDrivesResponse& response, const ReportNames& names, const ReportOptions& options);
absl::StatusOr<Report> MakeDriveReport(ReportSource* source);

// Villages by attainment (plan#42, #73); agencies or collectors by it, or by what they developed where they have no
// targets (plan#28).
Report BuildVillageLeague(const v1::GetProgressResponse& response, const ReportNames& names, MonthRange range,
                          const ReportOptions& options);
Report BuildPartyLeague(const v1::GetPartyProgressResponse& response, const ReportNames& names, MonthRange range,
                        const ReportOptions& options);
absl::StatusOr<Report> MakeLeagueReport(ReportSource* source);

// Covers that end soon or have ended, by who has to collect, and person by person (plan#56, #57, #76).
Report BuildRenewalsReport(const v1::ListRenewalsResponse& response, const ReportNames& names,
                           const ReportOptions& options);
absl::StatusOr<Report> MakeRenewalsReport(ReportSource* source);

// Who lacks what: rosters, schools, groups (plan#20 to #23, #62 to #64).
Report BuildUncoveredReport(const v1::GetUncoveredResponse& response, const ReportNames& names,
                            const ReportOptions& options);
absl::StatusOr<Report> MakeUncoveredReport(ReportSource* source);

}  // namespace sothon::cli
