// The report on drives (đợt ra quân): their steps, what they brought against what was left, who attended.
#include "absl/strings/str_join.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

std::string StateWords(v1::DriveView::State state) {
  switch (state) {
    case v1::DriveView::PROPOSED:
      return "đề xuất";
    case v1::DriveView::AGREED:
      return "đã thống nhất";
    case v1::DriveView::SCHEDULED:
      return "đã lên lịch";
    case v1::DriveView::OPEN:
      return "đang ra quân";
    case v1::DriveView::CLOSED:
      return "đã kết thúc, chưa báo cáo đủ";
    case v1::DriveView::REPORTED:
      return "đã báo cáo và thông báo kết quả";
    default:
      return "không rõ";
  }
}

// The day of a step; unknown where it was not taken.
CellValue StepDate(const v1::DriveStep& step) { return step.position() == 0 ? CellValue() : DateCell(step.date()); }

std::string ReportsOf(const v1::DriveView& drive, const ReportNames& names) {
  std::vector<std::string> texts;
  for (const v1::DriveStep& step : drive.reports()) {
    texts.push_back(StrCat(names.PartyName(step.party_id()), " (", VietnameseWireDate(step.date()), ")"));
  }
  return absl::StrJoin(texts, "; ");
}

ReportSection OverviewSection(const std::vector<const v1::DriveView*>& drives, const ReportNames& names) {
  ReportSection section;
  section.key = "drives";
  section.tab = "Đợt ra quân";
  section.titles = {"BÁO CÁO CÁC ĐỢT RA QUÂN “MỖI TUẦN MỘT THÔN”"};
  section.columns = {{"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"drive_id", "Mã đợt", "", ColumnType::kText, 12},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 20},
                     {"state", "", "", ColumnType::kText, 0},
                     {"state_text", "Tình trạng", "", ColumnType::kText, 17},
                     {"agreed_date", "Thống nhất", "Ngày", ColumnType::kDate, 11},
                     {"from_date", "Từ ngày", "Ngày", ColumnType::kDate, 11},
                     {"to_date", "Đến ngày", "Ngày", ColumnType::kDate, 11},
                     {"closed_date", "Kết thúc thực tế", "Ngày", ColumnType::kDate, 11},
                     {"committed_date", "Trưởng thôn ký cam kết", "Ngày", ColumnType::kDate, 12},
                     {"reports", "Đã báo cáo", "", ColumnType::kText, 24},
                     {"notice_date", "Thông báo kết quả", "", ColumnType::kDate, 11}};
  int64_t ordinal = 0;
  for (const v1::DriveView* drive : drives) {
    section.rows.push_back({++ordinal, drive->drive_id(), drive->place_id(), names.PlaceName(drive->place_id()),
                            v1::DriveView::State_Name(drive->state()), StateWords(drive->state()),
                            StepDate(drive->agreed()), DateCell(drive->from_date()), DateCell(drive->to_date()),
                            StepDate(drive->closed()), StepDate(drive->committed()), ReportsOf(*drive, names),
                            StepDate(drive->notice())});
  }
  return section;
}

ReportSection FieldworkSection(const std::vector<const v1::DriveView*>& drives, const ReportNames& names) {
  ReportSection section;
  section.key = "fieldwork";
  section.tab = "Vận động";
  section.titles = {"CÔNG TÁC VẬN ĐỘNG TRONG CÁC ĐỢT RA QUÂN"};
  section.unit = "Đơn vị tính: người, hộ, cuộc";
  section.columns = {{"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"drive_id", "Mã đợt", "", ColumnType::kText, 12},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 28},
                     {"surveyed", "Người chưa tham gia được khảo sát", "", ColumnType::kCount, 14},
                     {"households", "Số hộ đến", "", ColumnType::kCount, 10},
                     {"conferences", "Số hội nghị", "", ColumnType::kCount, 10},
                     {"prospects", "Tổng số", "Người hẹn tham gia", ColumnType::kCount, 10},
                     {"prospects_joined", "Đã tham gia", "Người hẹn tham gia", ColumnType::kCount, 10},
                     {"prospects_open", "Còn theo dõi", "Người hẹn tham gia", ColumnType::kCount, 10}};
  int64_t ordinal = 0;
  for (const v1::DriveView* drive : drives) {
    section.rows.push_back({++ordinal, drive->drive_id(), drive->place_id(), names.PlaceName(drive->place_id()),
                            drive->surveyed_non_participants(), drive->households_visited(), drive->conferences(),
                            drive->prospects(), drive->prospects_joined(), drive->prospects_open()});
  }
  return section;
}

ReportSection ResultSection(const std::vector<const v1::DriveView*>& drives, const ReportNames& names) {
  ReportSection section;
  section.key = "results";
  section.tab = "Kết quả";
  section.titles = {"KẾT QUẢ CÁC ĐỢT RA QUÂN"};
  section.unit = "Đơn vị tính: người";
  section.columns = {{"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"drive_id", "Mã đợt", "", ColumnType::kText, 12},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 24},
                     {"unit", "", "", ColumnType::kText, 0},
                     {"unit_name", "Loại hình", "", ColumnType::kText, 20},
                     {"target", "Chỉ tiêu năm", "Khi ra quân", ColumnType::kCount, 10},
                     {"achieved_before", "Đã đạt", "Khi ra quân", ColumnType::kCount, 10},
                     {"remaining_before", "Còn lại (chỉ tiêu của đợt)", "Khi ra quân", ColumnType::kCount, 13},
                     {"result", "Kết quả của đợt", "", ColumnType::kCount, 10},
                     {"attainment", "Tỷ lệ thực hiện", "", ColumnType::kShare, 10},
                     {"rest", "Còn lại sau đợt", "", ColumnType::kCount, 10},
                     {"baseline_holds", "", "", ColumnType::kCount, 0}};
  int64_t ordinal = 0;
  for (const v1::DriveView* drive : drives) {
    ++ordinal;
    for (const v1::DriveProduct& product : drive->products()) {
      const std::string name = UnitName(product.scheme(), product.scheme_group_id());
      section.rows.push_back({ordinal, drive->drive_id(), drive->place_id(), names.PlaceName(drive->place_id()),
                              UnitKey(product.scheme(), product.scheme_group_id()), name, product.target(),
                              product.achieved_before(), product.remaining_before(), product.result(),
                              ShareCell(product.result(), product.remaining_before()), product.rest(),
                              static_cast<int64_t>(product.baseline_holds())});
      if (product.baseline_holds()) continue;
      section.notes.push_back(
          StrCat("Đợt ", drive->drive_id(), ", ", name, ": số ghi khi ra quân không khớp với sổ tại vị trí đã nêu."));
    }
  }
  section.chart = AttainmentChart{"Kết quả so với chỉ tiêu của đợt", "attainment", "place_name"};
  return section;
}

ReportSection AttendanceSection(const std::vector<const v1::DriveView*>& drives, const ReportNames& names) {
  ReportSection section;
  section.key = "attendance";
  section.tab = "Lực lượng tham gia";
  section.titles = {"LỰC LƯỢNG THAM GIA CÁC ĐỢT RA QUÂN"};
  section.columns = {{"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"drive_id", "Mã đợt", "", ColumnType::kText, 12},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 24},
                     {"agency_id", "", "", ColumnType::kText, 0},
                     {"agency_name", "Tổ chức dịch vụ thu", "", ColumnType::kText, 32},
                     {"collectors", "Số nhân viên thu", "", ColumnType::kCount, 10},
                     {"collector_ids", "", "", ColumnType::kText, 0},
                     {"collector_names", "Nhân viên thu", "", ColumnType::kText, 36},
                     {"attended", "", "", ColumnType::kCount, 0},
                     {"remark", "Ghi chú", "", ColumnType::kText, 14}};
  int64_t ordinal = 0;
  for (const v1::DriveView* drive : drives) {
    ++ordinal;
    for (const v1::DriveAttendance& agency : drive->attendance()) {
      const bool is_absent = agency.positions().empty();
      std::vector<std::string> collectors;
      for (const std::string& id : agency.collector_ids()) collectors.push_back(names.PartyName(id));
      section.rows.push_back({ordinal, drive->drive_id(), drive->place_id(), names.PlaceName(drive->place_id()),
                              agency.agency_id(), names.PartyName(agency.agency_id()),
                              static_cast<int64_t>(agency.collector_ids_size()),
                              absl::StrJoin(agency.collector_ids(), "|"), absl::StrJoin(collectors, ", "),
                              static_cast<int64_t>(!is_absent), is_absent ? "vắng" : ""});
    }
    if (drive->guide_ids().empty()) continue;
    std::vector<std::string> guides;
    for (const std::string& id : drive->guide_ids()) guides.push_back(names.PartyName(id));
    section.notes.push_back(StrCat("Đợt ", drive->drive_id(), ": người dẫn đường ", absl::StrJoin(guides, ", "), "."));
  }
  return section;
}

// A drive that was never scheduled counts by the day on which it was proposed.
bool IsIn(const v1::DriveView& drive, const std::optional<MonthRange>& period) {
  const int32_t from_wire = drive.from_date() > 0 ? drive.from_date() : drive.proposed().date();
  const auto from = CivilDate::FromWire(from_wire);
  const auto to = CivilDate::FromWire(drive.to_date() > 0 ? drive.to_date() : from_wire);
  if (!period || !from || !to) return true;
  return *from <= CivilDate::LastOf(period->last) && CivilDate::FirstOf(period->first) <= *to;
}

}  // namespace

Report BuildDriveReport(const v1::ListDrivesResponse& response, const ReportNames& names,
                        const ReportOptions& options) {
  Report report;
  report.key = "drive";
  const auto period = MonthRange::Parse(options.period);
  std::vector<const v1::DriveView*> drives;
  for (const v1::DriveView& drive : response.drives()) {
    if (IsIn(drive, period)) drives.push_back(&drive);
  }
  const auto date = CivilDate::FromWire(response.answered().date());
  const std::string when = !options.drive.empty() ? options.drive
                           : period               ? options.period
                           : date                 ? date->ToString()
                                                  : "";
  report.file_name = ReportFileName("ra-quan", options.place, when);
  if (date) report.data_until = DataUntil(*date, response.answered().freshness());
  report.sections = {OverviewSection(drives, names), ResultSection(drives, names), AttendanceSection(drives, names),
                     FieldworkSection(drives, names)};
  if (period) report.sections[0].titles.push_back(PeriodWords(*period));
  if (drives.empty()) report.sections[0].notes.push_back("Không có đợt ra quân nào.");
  DescribeSource(response.answered().freshness(), response.answered().contains_synthetic(), &report);
  return report;
}

absl::StatusOr<Report> MakeDriveReport(ReportSource* source) {
  absl::StatusOr<v1::Inquiry> inquiry = source->MakeInquiry();
  if (!inquiry.ok()) return inquiry.status();
  v1::ListDrivesRequest request;
  *request.mutable_inquiry() = *std::move(inquiry);
  request.set_drive_id(source->options().drive);
  v1::ListDrivesResponse response;
  const std::string& drive = source->options().drive;
  const absl::Status asked = source->Ask(&v1::ProgressService::Stub::ListDrives, request, &response);
  const bool is_unknown = asked.code() == absl::StatusCode::kNotFound || (asked.ok() && response.drives().empty());
  if (!drive.empty() && is_unknown) {
    return absl::FailedPreconditionError(StrCat("--drive ", drive, " is not a drive of ", source->options().place,
                                                "; without --drive all of them are reported"));
  }
  if (!asked.ok()) return asked;
  const absl::StatusOr<ReportNames> names = source->ReadNames(response.answered().freshness().log_id());
  if (!names.ok()) return names.status();
  Report report = BuildDriveReport(response, *names, source->options());
  FinishReport(*source, *names, &report);
  return report;
}

}  // namespace sothon::cli
