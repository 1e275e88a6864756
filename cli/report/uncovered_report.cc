// The report on who lacks what: listed people without the enrolments asked of each, pupils, groups (plan#20 to #23,
// #61 to #64).
#include "absl/strings/str_join.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

CellValue Known(bool is_known, int64_t value) { return is_known ? CellValue(value) : CellValue(); }
CellValue Percent(bool is_known, double percent) { return is_known ? CellValue(percent / 100) : CellValue(); }

ReportSection RosterSection(const v1::GetUncoveredResponse& response, const ReportNames& names) {
  ReportSection section;
  section.key = "rosters";
  section.tab = "Chỉ tiêu từng người";
  section.titles = {"DANH SÁCH GIAO CHỈ TIÊU CHO TỪNG NGƯỜI"};
  section.unit = "Đơn vị tính: người";
  section.columns = {{"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"roster_id", "", "", ColumnType::kText, 0},
                     {"party_id", "", "", ColumnType::kText, 0},
                     {"party_name", "Đơn vị", "", ColumnType::kText, 34},
                     {"unit", "", "", ColumnType::kText, 0},
                     {"unit_name", "Loại hình", "", ColumnType::kText, 20},
                     {"minimum", "Tối thiểu mỗi người", "", ColumnType::kCount, 10},
                     {"members", "Số người trong danh sách", "", ColumnType::kCount, 11},
                     {"met", "Đã đạt", "", ColumnType::kCount, 8},
                     {"not_met", "Chưa đạt", "", ColumnType::kCount, 8},
                     {"attainment", "Tỷ lệ đạt", "", ColumnType::kShare, 9},
                     {"short_member_ids", "", "", ColumnType::kText, 0},
                     {"short_members", "Người chưa đạt", "", ColumnType::kText, 44}};
  int64_t ordinal = 0;
  for (const v1::RosterState& roster : response.rosters()) {
    std::vector<std::string> members;
    for (const std::string& id : roster.short_member_ids()) members.push_back(names.PartyName(id));
    const int64_t all = roster.members();
    const int64_t met = roster.met();
    section.rows.push_back({++ordinal, roster.roster_id(), roster.of_party_id(), names.PartyName(roster.of_party_id()),
                            UnitKey(roster.scheme(), roster.scheme_group_id()),
                            UnitName(roster.scheme(), roster.scheme_group_id()), roster.minimum(), all, met, all - met,
                            ShareCell(met, all), absl::StrJoin(roster.short_member_ids(), "|"),
                            absl::StrJoin(members, ", ")});
    if (!roster.reading().empty()) {
      section.notes.push_back(StrCat("Cách hiểu (", roster.roster_id(), "): ", roster.reading(), "."));
    }
  }
  section.notes.push_back("Xét từng người, không lấy bình quân.");
  return section;
}

ReportSection SchoolSection(const v1::GetUncoveredResponse& response, const ReportNames& names) {
  ReportSection section;
  section.key = "schools";
  section.tab = "Trường học";
  section.titles = {"HỌC SINH, SINH VIÊN THAM GIA BẢO HIỂM Y TẾ"};
  section.unit = "Đơn vị tính: học sinh, sinh viên";
  section.columns = {{"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"party_id", "", "", ColumnType::kText, 0},
                     {"party_name", "Trường", "", ColumnType::kText, 34},
                     {"school_year", "Năm học", "", ColumnType::kText, 11},
                     {"pupils", "Tổng số", "", ColumnType::kCount, 9},
                     {"insured_otherwise", "Có thẻ hình thức khác", "", ColumnType::kCount, 11},
                     {"covered", "Đã tham gia qua trường", "", ColumnType::kCount, 11},
                     {"covered_twice", "Trùng hình thức khác", "", ColumnType::kCount, 10},
                     {"attainment_rest", "Trừ hình thức khác", "Tỷ lệ tham gia", ColumnType::kShare, 11},
                     {"attainment_all", "Trên tổng số", "Tỷ lệ tham gia", ColumnType::kShare, 10},
                     {"uncovered", "Chưa tham gia", "", ColumnType::kCount, 9},
                     {"sponsored", "Được hỗ trợ mua thẻ", "", ColumnType::kCount, 10}};
  int64_t ordinal = 0;
  for (const v1::SchoolState& school : response.schools()) {
    section.rows.push_back({++ordinal, school.party_id(), names.PartyName(school.party_id()), school.school_year(),
                            Known(school.pupils_known(), school.pupils()),
                            Known(school.insured_otherwise_known(), school.insured_otherwise()), school.covered(),
                            school.covered_twice(), Percent(school.has_percent_of_rest(), school.percent_of_rest()),
                            Percent(school.has_percent_of_all(), school.percent_of_all()),
                            Known(school.pupils_known(), school.uncovered()), school.sponsored()});
  }
  section.notes.push_back(
      "Chỉ tiêu 100 % tính trên học sinh không tham gia hình thức khác; tỷ lệ trên tổng số kèm theo để báo cáo độ bao "
      "phủ. Dấu “–” là chưa có số liệu, không phải 0.");
  section.chart = AttainmentChart{"Tỷ lệ học sinh tham gia (trừ hình thức khác)", "attainment_rest", "party_name"};
  return section;
}

ReportSection GroupSection(const v1::GetUncoveredResponse& response, const ReportNames& names) {
  ReportSection section;
  section.key = "groups";
  section.tab = "Nhóm đối tượng";
  section.titles = {"NHÓM ĐỐI TƯỢNG CHƯA CÓ THẺ BẢO HIỂM Y TẾ"};
  section.unit = "Đơn vị tính: người";
  section.columns = {{"group", "Nhóm", "", ColumnType::kText, 36},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 28},
                     {"people", "Số người", "", ColumnType::kCount, 10},
                     {"covered", "Đã có thẻ", "", ColumnType::kCount, 10},
                     {"uncovered", "Chưa có thẻ", "", ColumnType::kCount, 10},
                     {"attainment", "Tỷ lệ có thẻ", "", ColumnType::kShare, 10}};
  int64_t people = 0;
  int64_t covered = 0;
  int64_t uncovered = 0;
  for (const v1::GroupState& group : response.groups()) {
    section.rows.push_back({group.group(), group.place_id(), names.PlaceOrdinal(group.place_id()),
                            names.PlaceName(group.place_id()), group.people(), group.covered(), group.uncovered(),
                            ShareCell(group.covered(), group.people())});
    people += group.people();
    covered += group.covered();
    uncovered += group.uncovered();
  }
  section.total = {"Tổng", std::string(), std::string(), std::string(),
                   people, covered,       uncovered,     ShareCell(covered, people)};
  return section;
}

}  // namespace

Report BuildUncoveredReport(const v1::GetUncoveredResponse& response, const ReportNames& names,
                            const ReportOptions& options) {
  Report report;
  report.key = "uncovered";
  const auto date = CivilDate::FromWire(response.answered().date());
  report.file_name = ReportFileName("chua-tham-gia", options.place, date ? date->ToString() : "");
  if (date) report.data_until = DataUntil(*date, response.answered().freshness());
  report.sections = {RosterSection(response, names), SchoolSection(response, names), GroupSection(response, names)};
  DescribeSource(response.answered().freshness(), response.answered().contains_synthetic(), &report);
  return report;
}

absl::StatusOr<Report> MakeUncoveredReport(ReportSource* source) {
  absl::StatusOr<v1::Inquiry> inquiry = source->MakeInquiry();
  if (!inquiry.ok()) return inquiry.status();
  v1::GetUncoveredRequest request;
  *request.mutable_inquiry() = *std::move(inquiry);
  v1::GetUncoveredResponse response;
  SOTHON_RETURN_IF_ERROR(source->Ask(&v1::ProgressService::Stub::GetUncovered, request, &response));
  const absl::StatusOr<ReportNames> names = source->ReadNames(response.answered().freshness().log_id());
  if (!names.ok()) return names.status();
  Report report = BuildUncoveredReport(response, *names, source->options());
  FinishReport(*source, *names, &report);
  return report;
}

}  // namespace sothon::cli
