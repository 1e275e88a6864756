// The report on renewals: whose cover ends soon or has ended, and who has to collect (plan#54 to #57, #76).
#include "absl/strings/escaping.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr size_t kPseudonymBytes = 4;  // as explain shows them
constexpr char kNobody[] = "(chưa có nhân viên thu)";

std::string CollectorName(const std::string& id, const ReportNames& names) {
  return id.empty() ? kNobody : names.PartyName(id);
}

ReportSection CountSection(const v1::ListRenewalsResponse& response, const ReportNames& names) {
  ReportSection section;
  section.key = "counts";
  section.tab = "Tổng hợp";
  section.titles = {"BÁO CÁO NGƯỜI THAM GIA ĐẾN HẠN, QUÁ HẠN ĐÓNG"};
  section.unit = "Đơn vị tính: người";
  section.columns = {{"place_id", "", "", ColumnType::kText, 0},
                     {"stt", "STT", "", ColumnType::kOrdinal, 5},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 28},
                     {"collector_id", "", "", ColumnType::kText, 0},
                     {"collector_name", "Nhân viên thu", "", ColumnType::kText, 28},
                     {"scheme", "", "", ColumnType::kText, 0},
                     {"scheme_name", "Loại hình", "", ColumnType::kText, 28},
                     {"due_in_30_days", "Trong 30 ngày", "Đến hạn", ColumnType::kCount, 11},
                     {"due_in_60_days", "Trong 60 ngày", "Đến hạn", ColumnType::kCount, 11},
                     {"lapsed", "Đã quá hạn", "", ColumnType::kCount, 11}};
  int64_t due_30 = 0;
  int64_t due_60 = 0;
  int64_t lapsed = 0;
  int64_t of_nobody = 0;
  for (const v1::RenewalCount& count : response.counts()) {
    const auto in_30 = static_cast<int64_t>(count.due_in_30_days());
    const auto in_60 = static_cast<int64_t>(count.due_in_60_days());
    const auto gone = static_cast<int64_t>(count.lapsed());
    section.rows.push_back({count.place_id(), names.PlaceOrdinal(count.place_id()), names.PlaceName(count.place_id()),
                            count.collector_id(), CollectorName(count.collector_id(), names),
                            v1::Scheme_Name(count.scheme()), UnitName(count.scheme(), ""), in_30, in_60, gone});
    due_30 += in_30;
    due_60 += in_60;
    lapsed += gone;
    if (count.collector_id().empty()) of_nobody += in_60 + gone;
  }
  const std::string blank;
  section.total = {blank, blank, "Tổng", blank, blank, blank, blank, due_30, due_60, lapsed};
  section.notes.push_back("Đến hạn trong 60 ngày gồm cả đến hạn trong 30 ngày.");
  if (of_nobody > 0)
    section.notes.push_back(StrCat(FormatThousands(of_nobody), " người chưa có nhân viên thu quản lý."));
  return section;
}

ReportSection ItemSection(const v1::ListRenewalsResponse& response, const ReportNames& names) {
  ReportSection section;
  section.key = "items";
  section.tab = "Danh sách";
  section.titles = {"DANH SÁCH ĐẾN HẠN, QUÁ HẠN ĐÓNG"};
  section.columns = {{"number", "STT", "", ColumnType::kOrdinal, 7},
                     {"place_id", "", "", ColumnType::kText, 0},
                     {"place_name", "Thôn, TDP", "", ColumnType::kText, 28},
                     {"collector_id", "", "", ColumnType::kText, 0},
                     {"collector_name", "Nhân viên thu", "", ColumnType::kText, 28},
                     {"scheme", "", "", ColumnType::kText, 0},
                     {"scheme_name", "Loại hình", "", ColumnType::kText, 28},
                     {"subject", "Mã người tham gia", "", ColumnType::kText, 12},
                     {"covered_until", "Hạn đến ngày", "", ColumnType::kDate, 12},
                     {"days_left", "Còn (ngày)", "", ColumnType::kCount, 9},
                     {"sequence", "Số lần đã đóng", "", ColumnType::kCount, 9},
                     {"last_position", "Vị trí trong sổ", "", ColumnType::kCount, 12}};
  const auto today = CivilDate::FromWire(response.answered().date());
  int64_t number = 0;
  for (const v1::RenewalItem& item : response.items()) {
    const auto until = CivilDate::FromWire(item.covered_until());
    section.rows.push_back(
        {++number, item.place_id(), names.PlaceName(item.place_id()), item.collector_id(),
         CollectorName(item.collector_id(), names), v1::Scheme_Name(item.scheme()), UnitName(item.scheme(), ""),
         absl::BytesToHexString(item.subject_id().substr(0, kPseudonymBytes)), DateCell(item.covered_until()),
         today && until ? CellValue(static_cast<int64_t>(until->value - today->value)) : CellValue(),
         static_cast<int64_t>(item.sequence()), static_cast<int64_t>(item.last_position())});
  }
  section.notes.push_back(
      "Sổ không giữ họ tên và số định danh: mã người tham gia là tám ký tự đầu của mã ẩn danh. Số ngày còn lại âm là "
      "đã "
      "quá hạn.");
  if (response.item_count() > static_cast<uint64_t>(response.items_size())) {
    section.notes.push_back(StrCat("Danh sách chỉ gồm ", FormatThousands(response.items_size()), " trong ",
                                   FormatThousands(static_cast<int64_t>(response.item_count())),
                                   " người, hạn sớm nhất trước."));
  }
  return section;
}

}  // namespace

Report BuildRenewalsReport(const v1::ListRenewalsResponse& response, const ReportNames& names,
                           const ReportOptions& options) {
  Report report;
  report.key = "renewals";
  const auto date = CivilDate::FromWire(response.answered().date());
  report.file_name = ReportFileName("den-han", options.place, date ? date->ToString() : "");
  if (date) report.data_until = DataUntil(*date, response.answered().freshness());
  report.sections = {CountSection(response, names), ItemSection(response, names)};
  if (date) report.sections[0].titles.push_back(StrCat("Tính đến ngày ", VietnameseDate(*date)));
  DescribeSource(response.answered().freshness(), response.answered().contains_synthetic(), &report);
  return report;
}

absl::StatusOr<Report> MakeRenewalsReport(ReportSource* source) {
  absl::StatusOr<v1::Inquiry> inquiry = source->MakeInquiry();
  if (!inquiry.ok()) return inquiry.status();
  v1::ListRenewalsRequest request;
  *request.mutable_inquiry() = *std::move(inquiry);
  request.set_collector_id(source->options().collector);
  v1::ListRenewalsResponse response;
  SOTHON_RETURN_IF_ERROR(source->Ask(&v1::ProgressService::Stub::ListRenewals, request, &response));
  const absl::StatusOr<ReportNames> names = source->ReadNames(response.answered().freshness().log_id());
  if (!names.ok()) return names.status();
  Report report = BuildRenewalsReport(response, *names, source->options());
  FinishReport(*source, *names, &report);
  return report;
}

}  // namespace sothon::cli
