// The weekly report: the ladder of weeks ("mỗi tuần một thôn", plan#31), and the last week by village (plan#35).
#include <algorithm>
#include <map>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/app/text_tools.h"
#include "cli/report/progress_index.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

std::string WeekTitle(const v1::LadderWeek& week) {
  const size_t number = week.week().find('W');
  return StrCat("Tuần ", number == std::string::npos ? week.week() : week.week().substr(number + 1), " (từ ngày ",
                VietnameseWireDate(week.from_date()), " đến ngày ", VietnameseWireDate(week.to_date()), ")");
}

std::string RemarkOf(const v1::LadderWeek& week, int32_t date) {
  if (week.empty()) return "KHÔNG CÓ THÔN ĐẠT";
  if (!week.reached().empty()) return "";
  if (!week.due()) return "không bắt buộc";
  return week.to_date() >= date ? "tuần chưa hết" : "";
}

ReportSection LadderSection(const v1::GetWeekLadderResponse& response, const ReportNames& names) {
  ReportSection section;
  section.key = "ladder";
  section.tab = "Thôn đạt theo tuần";
  section.titles = {"BÁO CÁO TUẦN: THÔN, TDP ĐẠT CHỈ TIÊU THEO TUẦN"};
  section.columns = {{"week", "Tuần", "", ColumnType::kText, 10},
                     {"from_date", "Từ ngày", "", ColumnType::kDate, 11},
                     {"to_date", "Đến ngày", "", ColumnType::kDate, 11},
                     {"reached_place_ids", "", "", ColumnType::kText, 0},
                     {"reached_places", "Thôn, TDP đạt đủ chỉ tiêu trong tuần (ngày đạt)", "", ColumnType::kText, 48},
                     {"reached", "Số nơi đạt trong tuần", "", ColumnType::kCount, 11},
                     {"reached_so_far", "Lũy kế số nơi đạt", "", ColumnType::kCount, 11},
                     {"due", "", "", ColumnType::kCount, 0},
                     {"empty", "", "", ColumnType::kCount, 0},
                     {"remark", "Ghi chú", "", ColumnType::kText, 21}};
  int64_t empty = 0;
  for (const v1::LadderWeek& week : response.weeks()) {
    std::vector<std::string> ids;
    std::vector<std::string> reached;
    for (const v1::VillageReached& village : week.reached()) {
      ids.push_back(village.place_id());
      reached.push_back(StrCat(names.PlaceName(village.place_id()), " (", VietnameseWireDate(village.date()), ")"));
    }
    empty += week.empty() ? 1 : 0;
    section.rows.push_back({week.week(), DateCell(week.from_date()), DateCell(week.to_date()), absl::StrJoin(ids, "|"),
                            absl::StrJoin(reached, "; "), static_cast<int64_t>(week.reached_size()),
                            static_cast<int64_t>(week.reached_so_far()), static_cast<int64_t>(week.due()),
                            static_cast<int64_t>(week.empty()), RemarkOf(week, response.answered().date())});
  }
  const int64_t so_far = response.weeks().empty() ? 0 : response.weeks().rbegin()->reached_so_far();
  section.notes.push_back(StrCat("Đến hết kỳ: ", so_far, "/", response.villages(), " thôn, TDP có chỉ tiêu đã đạt đủ; ",
                                 empty, " tuần không có thôn nào đạt."));
  return section;
}

// Sums of a product over its villages; what is left is that of the whole, as of every Tổng.
struct WeekTotal {
  int64_t target = 0, developed = 0, collected = 0, paid = 0, cumulative = 0;
};

ReportSection WeekSection(const v1::LadderWeek& week, const ProgressUnit& unit, std::vector<const v1::WeekRow*> rows,
                          const ReportNames& names) {
  ReportSection section;
  section.key = UnitKey(unit.first, unit.second);
  const std::string name = UnitName(unit.first, unit.second);
  section.tab = name;
  section.titles = {StrCat("BÁO CÁO TUẦN: KẾT QUẢ PHÁT TRIỂN NGƯỜI THAM GIA ", UpperCase(name)), WeekTitle(week)};
  section.unit = "Đơn vị tính: người, đồng";
  section.columns = {{"week", "", "", ColumnType::kText, 0},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 27},
                     {"target_year", "Chỉ tiêu năm", "", ColumnType::kCount, 10},
                     {"developed_week", "Phát triển mới", "Trong tuần", ColumnType::kCount, 10},
                     {"collected_week", "Số người đóng", "Trong tuần", ColumnType::kCount, 10},
                     {"paid_vnd_week", "Số tiền", "Trong tuần", ColumnType::kMoney, 15},
                     {"developed_cumulative", "Lũy kế phát triển", "", ColumnType::kCount, 11},
                     {"attainment", "Tỷ lệ thực hiện", "", ColumnType::kShare, 10},
                     {"remaining", "Còn lại", "", ColumnType::kCount, 9}};
  std::stable_sort(rows.begin(), rows.end(), [&names](const v1::WeekRow* a, const v1::WeekRow* b) {
    return names.PlaceRank(a->place_id()) < names.PlaceRank(b->place_id());
  });
  WeekTotal sum;
  for (const v1::WeekRow* row : rows) {
    section.rows.push_back({week.week(), row->place_id(), names.PlaceOrdinal(row->place_id()),
                            names.PlaceName(row->place_id()), row->target(), row->developed(), row->collected(),
                            row->paid_vnd(), row->developed_cumulative(),
                            ShareCell(row->developed_cumulative(), row->target()), row->remaining()});
    sum.target += row->target();
    sum.developed += row->developed();
    sum.collected += row->collected();
    sum.paid += row->paid_vnd();
    sum.cumulative += row->developed_cumulative();
  }
  section.total = {week.week(),
                   std::string(),
                   std::string(),
                   "Tổng",
                   sum.target,
                   sum.developed,
                   sum.collected,
                   sum.paid,
                   sum.cumulative,
                   ShareCell(sum.cumulative, sum.target),
                   std::max<int64_t>(0, sum.target - sum.cumulative)};
  section.chart =
      AttainmentChart{StrCat("Tỷ lệ thực hiện ", name, " đến hết tuần ", week.week()), "attainment", "place_name"};
  return section;
}

struct WeekRange {
  CivilWeek first;
  CivilWeek last;
};

// "2025-W45": from the first week of its quarter; "2025-W40..2026-W01"; months: every week that has a day of theirs.
std::optional<WeekRange> ParseWeeks(const std::string& text) {
  if (const auto months = MonthRange::Parse(text)) {
    return WeekRange{CivilWeek::Of(CivilDate::FirstOf(months->first)), CivilWeek::Of(CivilDate::LastOf(months->last))};
  }
  const std::vector<std::string> ends = absl::StrSplit(text, absl::MaxSplits("..", 1));
  const auto first = CivilWeek::Parse(ends.front());
  const auto last = CivilWeek::Parse(ends.back());
  if (!first || !last || *last < *first) return std::nullopt;
  if (ends.size() == 2) return WeekRange{*first, *last};
  // ISO weeks belong to the month of their Thursday.
  const CivilMonth month = first->FirstDay().Plus(3).Month();
  const CivilMonth quarter = month.Plus(-((month.Month() - 1) % 3));
  return WeekRange{std::min(*first, CivilWeek::Of(CivilDate::FirstOf(quarter))), *first};
}

}  // namespace

Report BuildWeeklyReport(const v1::GetWeekLadderResponse& response, const ReportNames& names,
                         const ReportOptions& options) {
  Report report;
  report.key = "weekly";
  report.file_name = ReportFileName("tuan", options.place, options.period);
  report.sections.push_back(LadderSection(response, names));
  if (!response.weeks().empty()) {
    const v1::LadderWeek& week = *response.weeks().rbegin();
    std::map<ProgressUnit, std::vector<const v1::WeekRow*>> rows;
    for (const v1::WeekRow& row : week.rows()) rows[{row.scheme(), row.scheme_group_id()}].push_back(&row);
    // Single schemes first: a group has no scheme, which is 0.
    for (const bool is_group : {false, true}) {
      for (const auto& [unit, of_unit] : rows) {
        if (unit.second.empty() == is_group) continue;
        report.sections.push_back(WeekSection(week, unit, of_unit, names));
      }
    }
    const auto last_day = CivilDate::FromWire(week.to_date());
    const auto date = CivilDate::FromWire(response.answered().date());
    if (last_day) {
      report.data_until = DataUntil(date ? std::min(*last_day, *date) : *last_day, response.answered().freshness());
    }
  }
  DescribeSource(response.answered().freshness(), response.answered().contains_synthetic(), &report);
  return report;
}

absl::Status CheckWeeklyPeriod(const std::string& period) {
  if (ParseWeeks(period)) return absl::OkStatus();
  const std::vector<std::string> ends = absl::StrSplit(period, absl::MaxSplits("..", 1));
  for (const std::string& end : ends) {
    const bool has_form = end.size() == 8 && (end[5] == 'W' || end[5] == 'w');
    if (!has_form || CivilWeek::Parse(AsciiUpper(end))) continue;
    return absl::InvalidArgumentError(StrCat("--period ", period, ": there is no week ", end,
                                             " (weeks run from Monday to Sunday, and a year has 52 or 53); write ",
                                             "2025-W45 or 2025-W40..2026-W01"));
  }
  const auto first = CivilWeek::Parse(ends.front());
  const auto last = CivilWeek::Parse(ends.back());
  if (first && last) {
    return absl::InvalidArgumentError(StrCat("--period ", period, ": it runs backwards: ", ends.back(), " lies before ",
                                             ends.front(), ", exchange them"));
  }
  return absl::InvalidArgumentError(StrCat(
      "--period ", period, ": a weekly report is of weeks; write 2025-W45, 2025-W40..2026-W01, 2025-11 or 2025Q4"));
}

absl::StatusOr<Report> MakeWeeklyReport(ReportSource* source) {
  SOTHON_RETURN_IF_ERROR(CheckWeeklyPeriod(source->options().period));
  const auto weeks = ParseWeeks(source->options().period);
  absl::StatusOr<v1::Inquiry> inquiry = source->MakeInquiry();
  if (!inquiry.ok()) return inquiry.status();
  v1::GetWeekLadderRequest request;
  *request.mutable_inquiry() = *std::move(inquiry);
  request.set_from_week(weeks->first.ToString());
  request.set_to_week(weeks->last.ToString());
  request.set_with_rows(true);
  v1::GetWeekLadderResponse response;
  SOTHON_RETURN_IF_ERROR(source->Ask(&v1::ProgressService::Stub::GetWeekLadder, request, &response));
  const absl::StatusOr<ReportNames> names = source->ReadNames(response.answered().freshness().log_id());
  if (!names.ok()) return names.status();
  Report report = BuildWeeklyReport(response, *names, source->options());
  FinishReport(*source, *names, &report);
  return report;
}

}  // namespace sothon::cli
