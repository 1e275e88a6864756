// The monthly report: the plan's own table (STT, thôn/TDP, targets by month), and beside each target what was reached.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/report/progress_index.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "cli/views/progress_words.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr int32_t kMonthsMax = 12;  // what stands on a page

// A sum that is worked towards, month after month. The others are due anew in every month, without carry-over
// (plan#18).
bool IsWorkedTowards(v1::Measure measure) { return measure == v1::DEVELOPED; }

std::string Doing(v1::Measure measure) {
  switch (measure) {
    case v1::MAINTAINED_OR_DEVELOPED:
      return "DUY TRÌ, PHÁT TRIỂN NGƯỜI THAM GIA ";
    case v1::ACTIVE:
      return "SỐ NGƯỜI ĐANG THAM GIA ";
    case v1::COVERAGE_RATE:
      return "TỶ LỆ BAO PHỦ ";
    default:
      return "PHÁT TRIỂN NGƯỜI THAM GIA ";
  }
}

class MonthlySection {
 public:
  MonthlySection(const v1::GetProgressResponse& response, const ProgressIndex& index, MonthRange range,
                 CivilMonth month, const ProgressUnit& unit, v1::Measure measure)
      : response_(response),
        index_(index),
        range_(range),
        month_(month),
        unit_(unit),
        measure_(measure),
        type_(measure == v1::COVERAGE_RATE ? ColumnType::kShare : ColumnType::kCount) {}

  ReportSection Build(const std::string& place_id);

 private:
  void AddColumns(bool has_communes);
  ReportRow MakeRow(const v1::PlaceInfo& place, bool is_total);
  void AppendWorkedTowards(const std::string& place_id, ReportRow* row) const;
  void AppendDueMonthly(const std::string& place_id, bool is_total, ReportRow* row) const;
  void AddNotes(const v1::PlaceInfo* asked, const std::vector<const v1::PlaceInfo*>& places);
  std::string UnitTitle() const;
  std::string SpanName() const;
  // A count, or a rate in parts per ten thousand, as this section's columns have it.
  CellValue Value(int64_t number) const {
    return type_ == ColumnType::kShare ? CellValue(static_cast<double>(number) / 10'000) : CellValue(number);
  }
  CellValue TargetValue(const v1::TargetProgress* target) const {
    return target == nullptr ? CellValue() : Value(target->target());
  }
  CellValue Reached(const v1::ProgressRow* row) const;
  const v1::TargetProgress* MonthTarget(const std::string& place_id, CivilMonth month) const {
    return TargetOf(index_.Month(place_id, unit_, month), measure_);
  }

  const v1::GetProgressResponse& response_;
  const ProgressIndex& index_;
  const MonthRange range_;
  const CivilMonth month_;
  const ProgressUnit unit_;
  const v1::Measure measure_;
  const ColumnType type_;
  ReportSection section_;
};

std::string MonthlySection::UnitTitle() const {
  for (const v1::SchemeGroup& group : response_.scheme_groups()) {
    if (group.scheme_group_id() == unit_.second) return group.name();
  }
  return UnitName(unit_.first, unit_.second);
}

std::string MonthlySection::SpanName() const {
  if (range_.Size() == 3 && range_.first.Month() % 3 == 1) return "quý";
  return range_.Size() == 12 && range_.first.Month() == 1 ? "năm" : "kỳ";
}

CellValue MonthlySection::Reached(const v1::ProgressRow* row) const {
  if (const v1::TargetProgress* target = TargetOf(row, measure_)) return Value(target->achieved());
  const auto achieved = row == nullptr ? std::nullopt : AchievedOf(row->figures(), measure_);
  return achieved ? Value(*achieved) : CellValue();
}

void MonthlySection::AddColumns(bool has_communes) {
  std::vector<ReportColumn>& columns = section_.columns;
  columns = {{"place_id", "", "", ColumnType::kText, 0},
             {"stt", "STT", "", ColumnType::kOrdinal, 5},
             {"place_name", has_communes ? "Xã, phường" : "Thôn, TDP", "", ColumnType::kText, 27}};
  const std::string targets = measure_ == v1::DEVELOPED ? "Chỉ tiêu phát triển" : "Chỉ tiêu giao";
  if (IsWorkedTowards(measure_)) {
    columns.push_back({"target_period", StrCat("Cả ", SpanName()), targets, type_, 9});
  }
  for (CivilMonth month = range_.first; month <= range_.last; month = month.Plus(1)) {
    columns.push_back({StrCat("target_", month.ToString()), StrCat("Tháng ", month.Month()), targets, type_, 8});
  }
  const std::string in_month = StrCat("Trong tháng ", month_.Month());
  columns.push_back({"achieved_month", in_month, "Thực hiện", type_, 9});
  if (IsWorkedTowards(measure_)) {
    const std::string since = StrCat("Lũy kế từ tháng ", range_.first.Month());
    columns.push_back({"achieved_cumulative", since, "Thực hiện", type_, 10});
    columns.push_back({"attainment_month", in_month, "Tỷ lệ thực hiện", ColumnType::kShare, 9});
    columns.push_back(
        {"attainment_cumulative", StrCat("Lũy kế so với cả ", SpanName()), "Tỷ lệ thực hiện", ColumnType::kShare, 11});
    columns.push_back({"remaining", StrCat("Còn lại của ", SpanName()), "", type_, 9});
    return;
  }
  if (measure_ == v1::MAINTAINED_OR_DEVELOPED) {
    const std::string since = StrCat("Lũy kế từ tháng ", range_.first.Month());
    columns.push_back({"achieved_cumulative", since, "Thực hiện", type_, 10});
  }
  columns.push_back({"attainment_month", in_month, "Tỷ lệ thực hiện", ColumnType::kShare, 9});
  columns.push_back({"remaining_month", StrCat("Còn thiếu trong tháng ", month_.Month()), "", type_, 11});
  columns.push_back({"months_met", "Số tháng đạt", "", ColumnType::kCount, 8});
}

void MonthlySection::AppendWorkedTowards(const std::string& place_id, ReportRow* row) const {
  const v1::TargetProgress* whole = TargetOf(index_.Whole(place_id, unit_), measure_);
  const v1::ProgressRow* month_row = index_.Month(place_id, unit_, month_);
  const v1::TargetProgress* month_target = TargetOf(month_row, measure_);
  const CellValue so_far = Reached(index_.Cumulative(place_id, unit_, month_));
  row->push_back(Reached(month_row));
  row->push_back(so_far);
  row->push_back(month_target == nullptr ? CellValue() : ShareCell(month_target->achieved(), month_target->target()));
  const auto* achieved = std::get_if<int64_t>(&so_far);
  if (whole == nullptr || achieved == nullptr) {
    row->insert(row->end(), {CellValue(), CellValue()});
    return;
  }
  row->push_back(ShareCell(*achieved, whole->target()));
  row->push_back(std::max<int64_t>(0, whole->target() - *achieved));
}

void MonthlySection::AppendDueMonthly(const std::string& place_id, bool is_total, ReportRow* row) const {
  const v1::ProgressRow* month_row = index_.Month(place_id, unit_, month_);
  const v1::TargetProgress* target = TargetOf(month_row, measure_);
  row->push_back(Reached(month_row));
  const v1::ProgressRow* so_far = index_.Cumulative(place_id, unit_, month_);
  if (measure_ == v1::MAINTAINED_OR_DEVELOPED) row->push_back(Reached(so_far));
  row->push_back(target == nullptr ? CellValue() : ShareCell(target->achieved(), target->target()));
  row->push_back(target == nullptr ? CellValue() : Value(target->remaining()));
  const v1::TargetProgress* met = TargetOf(so_far, measure_);
  // Villages meet a monthly target each by itself: a number for all of them would say nothing (plan#18).
  row->push_back(is_total         ? CellValue(std::string())
                 : met == nullptr ? CellValue()
                                  : CellValue(static_cast<int64_t>(met->months_met())));
}

ReportRow MonthlySection::MakeRow(const v1::PlaceInfo& place, bool is_total) {
  ReportRow row = {place.place_id()};
  row.push_back(is_total || place.source_row() == 0 ? CellValue(std::string())
                                                    : CellValue(static_cast<int64_t>(place.source_row())));
  row.push_back(is_total ? "Tổng" : place.name());
  if (IsWorkedTowards(measure_)) {
    row.push_back(TargetValue(TargetOf(index_.Whole(place.place_id(), unit_), measure_)));
  }
  for (CivilMonth month = range_.first; month <= range_.last; month = month.Plus(1)) {
    row.push_back(TargetValue(MonthTarget(place.place_id(), month)));
  }
  if (IsWorkedTowards(measure_)) {
    AppendWorkedTowards(place.place_id(), &row);
  } else {
    AppendDueMonthly(place.place_id(), is_total, &row);
  }
  return row;
}

// What a reader who adds up the columns would stumble over, and how many reached theirs.
void MonthlySection::AddNotes(const v1::PlaceInfo* asked, const std::vector<const v1::PlaceInfo*>& places) {
  int64_t with_target = 0;
  int64_t met = 0;
  int64_t short_by = 0;
  for (const v1::PlaceInfo* place : places) {
    const v1::TargetProgress* target = MonthTarget(place->place_id(), month_);
    if (target == nullptr) continue;
    ++with_target;
    met += target->achieved() >= target->target() ? 1 : 0;
    short_by += IsWorkedTowards(measure_) ? 0 : target->remaining();
  }
  if (with_target > 0) {
    section_.notes.push_back(
        StrCat("Tháng ", month_.Month(), ": ", met, "/", with_target, " nơi được giao đạt chỉ tiêu của tháng."));
  }
  if (asked == nullptr || !section_.total) return;
  const auto rest = ColumnIndex(section_, IsWorkedTowards(measure_) ? "remaining" : "remaining_month");
  if (IsWorkedTowards(measure_)) {
    for (const ReportRow& row : section_.rows) {
      const auto* number = std::get_if<int64_t>(&row[*rest]);
      short_by += number == nullptr ? 0 : *number;
    }
  }
  const auto* of_total = std::get_if<int64_t>(&(*section_.total)[*rest]);
  if (of_total != nullptr && *of_total != short_by) {
    section_.notes.push_back(StrCat("Dòng Tổng: còn lại ", FormatThousands(*of_total),
                                    " = chỉ tiêu chung trừ thực hiện chung. Cộng riêng từng nơi chưa đạt còn thiếu ",
                                    FormatThousands(short_by), ", vì nơi vượt không bù cho nơi thiếu."));
  }
  // A number given to the commune itself stands beside the sum of its villages (plan#25).
  if (const v1::ProgressRow* row = index_.Whole(asked->place_id(), unit_)) {
    for (const v1::TargetProgress& target : row->targets()) {
      if (target.measure() != measure_ || target.summed() || TargetOf(row, measure_) == &target) continue;
      section_.notes.push_back(StrCat("Chỉ tiêu giao riêng cho ", PlaceTitle(*asked), ": ",
                                      FormatThousands(target.target()), "; thực hiện ",
                                      FormatThousands(target.achieved()), "."));
    }
  }
}

ReportSection MonthlySection::Build(const std::string& place_id) {
  const v1::PlaceInfo* asked = nullptr;
  std::vector<const v1::PlaceInfo*> places;
  for (const v1::PlaceInfo& place : response_.places()) {
    if (place.place_id() == place_id) {
      asked = &place;
    } else {
      places.push_back(&place);
    }
  }
  const std::string unit = UnitTitle();
  section_.key = UnitKey(unit_.first, unit_.second);
  section_.tab = unit;
  section_.titles = {
      StrCat("BÁO CÁO KẾT QUẢ ", Doing(measure_), UpperCase(unit)),
      StrCat(PeriodWords({month_, month_}), asked == nullptr ? "" : StrCat(" trên địa bàn ", PlaceTitle(*asked)))};
  section_.unit = type_ == ColumnType::kShare ? "" : "Đơn vị tính: người";
  AddColumns(!places.empty() && places.front()->level() == v1::COMMUNE);
  const bool has_total = asked != nullptr && !places.empty();
  for (const v1::PlaceInfo* place : places) section_.rows.push_back(MakeRow(*place, false));
  if (has_total) section_.total = MakeRow(*asked, true);
  if (asked != nullptr && places.empty()) {
    section_.rows.push_back(MakeRow(*asked, false));
    places.push_back(asked);
  }
  AddNotes(asked, places);
  const std::string share = IsWorkedTowards(measure_) ? "attainment_cumulative" : "attainment_month";
  section_.chart = AttainmentChart{
      StrCat("Tỷ lệ thực hiện ", unit,
             IsWorkedTowards(measure_) ? StrCat(", lũy kế so với cả ", SpanName(), ", ") : ", ", "tháng ",
             month_.Month(), "/", month_.Year(), response_.contains_synthetic() ? " (số liệu mẫu)" : ""),
      share, "place_name"};
  return std::move(section_);
}

// The documents that targets cite, and how the plan was read where it is ambiguous, each once.
void AddBasis(const v1::GetProgressResponse& response, const ReportNames& names, Report* report) {
  std::vector<std::string> documents;
  std::vector<std::string> readings;
  const auto add = [](const std::string& text, std::vector<std::string>* all) {
    if (!text.empty() && std::find(all->begin(), all->end(), text) == all->end()) all->push_back(text);
  };
  for (const v1::ProgressRow& row : response.rows()) {
    for (const v1::TargetProgress& target : row.targets()) {
      add(target.document_id(), &documents);
      const std::vector<std::string> parts = absl::StrSplit(target.reading(), "; ", absl::SkipEmpty());
      for (const std::string& part : parts) add(part, &readings);
    }
  }
  for (const std::string& id : documents) {
    const v1::DocumentIssued* document = names.FindDocument(id);
    if (document == nullptr) {
      report->notes.push_back(StrCat("Căn cứ giao chỉ tiêu: ", id, "."));
      continue;
    }
    const std::string date = VietnameseWireDate(document->issued_date());
    report->notes.push_back(StrCat("Căn cứ giao chỉ tiêu: ", document->title(), " (số: ",
                                   document->number_verbatim().empty() ? "không rõ" : document->number_verbatim(),
                                   "; ngày: ", date.empty() ? "không rõ" : date, ")."));
  }
  if (!readings.empty()) report->notes.push_back(StrCat("Cách hiểu: ", absl::StrJoin(readings, "; "), "."));
  for (const std::string& notice : response.notices()) report->notes.push_back(notice);
}

}  // namespace

Report BuildMonthlyReport(const v1::GetProgressResponse& response, const ReportNames& names, MonthRange range,
                          CivilMonth month, const ReportOptions& options) {
  Report report;
  report.key = "monthly";
  report.file_name = ReportFileName("thang", options.place, options.period);
  report.data_until = DataUntil(CivilDate::LastOf(month), response.freshness());
  const ProgressIndex index(response, range);
  // Voluntary insurance is reported even where nobody set a target for it.
  std::vector<ProgressUnit> units = {{v1::BHXH_TN, ""}};
  std::map<ProgressUnit, std::set<v1::Measure>> measures;
  for (const v1::ProgressRow& row : response.rows()) {
    const ProgressUnit unit(row.scheme(), row.scheme_group_id());
    if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
    for (const v1::TargetProgress& target : row.targets()) {
      if (target.measure() != v1::PER_PERSON_MINIMUM) measures[unit].insert(target.measure());
    }
  }
  if (measures[units.front()].empty()) measures[units.front()].insert(v1::DEVELOPED);
  for (const ProgressUnit& unit : units) {
    for (v1::Measure measure : measures[unit]) {
      ReportSection section = MonthlySection(response, index, range, month, unit, measure).Build(options.place);
      // A second measure of one unit needs a name of its own.
      if (measure != *measures[unit].begin()) {
        StrAppend(&section.tab, " (", static_cast<int>(measure), ")");
        StrAppend(&section.key, ":", v1::Measure_Name(measure));
      }
      report.sections.push_back(std::move(section));
    }
  }
  DescribeSource(response.freshness(), response.contains_synthetic(), &report);
  AddBasis(response, names, &report);
  return report;
}

absl::Status CheckMonthlyPeriod(const std::string& period) {
  const auto asked = MonthRange::Parse(period);
  if (asked && asked->Size() <= kMonthsMax) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat("--period ", period, ": a monthly report is of one to ", kMonthsMax,
                                           " months; write 2025-11, 2025Q4, 2025 or 2025-10..2025-12"));
}

absl::StatusOr<Report> MakeMonthlyReport(ReportSource* source) {
  const ReportOptions& options = source->options();
  SOTHON_RETURN_IF_ERROR(CheckMonthlyPeriod(options.period));
  const auto asked = MonthRange::Parse(options.period);
  // The plan sets its targets for the months of a quarter: a month stands among them.
  MonthRange range = *asked;
  if (range.Size() == 1) {
    range.first = range.first.Plus(-((range.first.Month() - 1) % 3));
    range.last = range.first.Plus(2);
  }
  v1::GetProgressRequest request;
  request.set_place_id(options.place);
  request.set_period(StrCat(range.first.ToString(), "..", range.last.ToString()));
  request.set_depth(1);
  const absl::StatusOr<v1::AsOf> point = source->PointOfView();
  if (!point.ok()) return point.status();
  if (point->point_case() != v1::AsOf::POINT_NOT_SET) *request.mutable_as_of() = *point;
  v1::GetProgressResponse response;
  SOTHON_RETURN_IF_ERROR(source->Ask(&v1::ProgressService::Stub::GetProgress, request, &response));
  const absl::StatusOr<ReportNames> names = source->ReadNames(response.freshness().log_id());
  if (!names.ok()) return names.status();
  Report report = BuildMonthlyReport(response, *names, range, asked->last, options);
  FinishReport(*source, *names, &report);
  return report;
}

}  // namespace sothon::cli
