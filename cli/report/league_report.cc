// League tables: villages, agencies or collectors, the best first (plan#28, #42, #73).
#include <algorithm>
#include <map>

#include "cli/report/progress_index.h"
#include "cli/report/report_builders.h"
#include "cli/report/report_text.h"
#include "common/base/place_id.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// One line of a league, before it has a rank.
struct Entry {
  std::string id;
  std::string name;
  std::string beside;  // a village's STT, a collector's agency
  const v1::Figures* figures = nullptr;
  const v1::TargetProgress* target = nullptr;  // nullptr: none
  double Share() const {
    return target == nullptr || target->target() == 0
               ? -1
               : static_cast<double>(target->achieved()) / static_cast<double>(target->target());
  }
};

// With a target before without one; then by share, then by who was developed, collected; equal ones by name's id.
bool IsBetter(const Entry& a, const Entry& b) {
  const auto developed = [](const Entry& e) { return e.figures->first() + e.figures->returned(); };
  return std::make_tuple(-a.Share(), -developed(a), -a.figures->collected(), a.id) <
         std::make_tuple(-b.Share(), -developed(b), -b.figures->collected(), b.id);
}

// The target that a unit is ranked by: what was developed goes before what was kept.
const v1::TargetProgress* MainTarget(const v1::ProgressRow& row) {
  for (v1::Measure measure : {v1::DEVELOPED, v1::MAINTAINED_OR_DEVELOPED, v1::ACTIVE}) {
    if (const v1::TargetProgress* target = TargetOf(&row, measure)) return target;
  }
  return nullptr;
}

ReportSection LeagueSection(const ProgressUnit& unit, const std::string& unit_name, std::vector<Entry> entries,
                            const std::string& what, const std::string& beside, MonthRange range) {
  ReportSection section;
  section.key = UnitKey(unit.first, unit.second);
  section.tab = unit_name;
  section.titles = {StrCat("BẢNG XẾP HẠNG ", UpperCase(what), " VỀ ", UpperCase(unit_name)), PeriodWords(range)};
  section.unit = "Đơn vị tính: người, đồng";
  section.columns = {{"rank", "Hạng", "", ColumnType::kOrdinal, 6},
                     {"id", "", "", ColumnType::kText, 0},
                     {"name", what, "", ColumnType::kText, 34},
                     {"beside", beside, "", ColumnType::kText,
                      beside.empty()    ? 0.0
                      : beside == "STT" ? 6.0
                                        : 26.0},
                     {"target", "Chỉ tiêu", "", ColumnType::kCount, 9},
                     {"achieved", "Thực hiện", "", ColumnType::kCount, 9},
                     {"attainment", "Tỷ lệ thực hiện", "", ColumnType::kShare, 10},
                     {"remaining", "Còn lại", "", ColumnType::kCount, 9},
                     {"developed", "Phát triển mới", "Trong kỳ", ColumnType::kCount, 10},
                     {"renewed", "Đóng tiếp", "Trong kỳ", ColumnType::kCount, 10},
                     {"paid_vnd", "Số tiền", "Trong kỳ", ColumnType::kMoney, 15}};
  std::sort(entries.begin(), entries.end(), IsBetter);
  int64_t place = 0;
  int64_t rank = 0;
  const Entry* before = nullptr;
  for (const Entry& entry : entries) {
    ++place;
    // Equal in what they are ranked by, equal in rank.
    const bool is_tie = before != nullptr && before->Share() == entry.Share() &&
                        (entry.Share() >= 0 || before->figures->first() + before->figures->returned() ==
                                                   entry.figures->first() + entry.figures->returned());
    if (!is_tie) rank = place;
    before = &entry;
    const v1::TargetProgress* target = entry.target;
    section.rows.push_back(
        {rank, entry.id, entry.name, entry.beside, target == nullptr ? CellValue() : CellValue(target->target()),
         target == nullptr ? CellValue() : CellValue(target->achieved()),
         target == nullptr ? CellValue() : ShareCell(target->achieved(), target->target()),
         target == nullptr ? CellValue() : CellValue(target->remaining()),
         entry.figures->first() + entry.figures->returned(), entry.figures->renewed(), entry.figures->paid_vnd()});
  }
  if (entries.empty()) {
    section.notes.push_back("Không có đơn vị nào để xếp hạng.");
    return section;
  }
  const bool has_targets =
      std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return entry.target != nullptr; });
  section.notes.push_back(has_targets ? "Xếp theo tỷ lệ thực hiện, rồi số người phát triển mới, rồi số người đóng."
                                      : "Không có chỉ tiêu: xếp theo số người phát triển mới, rồi số người đóng.");
  if (has_targets) {
    section.chart = AttainmentChart{StrCat("Tỷ lệ thực hiện ", unit_name), "attainment", "name", "rank"};
  }
  return section;
}

// The row of the whole range of each unit and place or party.
bool IsWhole(const v1::ProgressRow& row, MonthRange range) {
  if (row.from_month() != range.first.ToWire() && row.span() != v1::ProgressRow::MONTH) return false;
  if (row.month() != range.last.ToWire()) return false;
  return range.Size() == 1 ? row.span() == v1::ProgressRow::MONTH : row.span() == v1::ProgressRow::CUMULATIVE;
}

// Units in which somebody did something or should have.
template <typename Rows>
std::vector<ProgressUnit> UnitsOf(const Rows& rows) {
  std::vector<ProgressUnit> units;
  for (const v1::ProgressRow& row : rows) {
    const ProgressUnit unit(row.scheme(), row.scheme_group_id());
    const bool says_something = row.figures().collected() > 0 || MainTarget(row) != nullptr;
    if (says_something && std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  }
  return units;
}

std::string NameOf(const ProgressUnit& unit, const google::protobuf::RepeatedPtrField<v1::SchemeGroup>& groups) {
  for (const v1::SchemeGroup& group : groups) {
    if (!unit.second.empty() && group.scheme_group_id() == unit.second) return group.name();
  }
  return UnitName(unit.first, unit.second);
}

}  // namespace

Report BuildVillageLeague(const v1::GetProgressResponse& response, const ReportNames& names, MonthRange range,
                          const ReportOptions& options) {
  Report report;
  report.key = "league";
  report.file_name = ReportFileName("thi-dua-thon", options.place, options.period);
  report.data_until = DataUntil(CivilDate::LastOf(range.last), response.freshness());
  const bool is_province = ShapeOfPlaceId(options.place) == PlaceShape::kProvince;
  const std::string what = is_province ? "Xã, phường" : "Thôn, tổ dân phố";
  std::map<std::string, const v1::PlaceInfo*> places;
  for (const v1::PlaceInfo& place : response.places()) places[place.place_id()] = &place;
  for (const ProgressUnit& unit : UnitsOf(response.rows())) {
    // Villages are ranked by what they were asked to do.
    std::vector<Entry> entries;
    bool has_targets = false;
    for (const v1::ProgressRow& row : response.rows()) {
      const bool is_wanted = ProgressUnit(row.scheme(), row.scheme_group_id()) == unit && IsWhole(row, range) &&
                             row.place_id() != options.place && places.contains(row.place_id());
      if (!is_wanted) continue;
      const v1::PlaceInfo& place = *places[row.place_id()];
      entries.push_back({row.place_id(), place.name(), place.source_row() > 0 ? StrCat(place.source_row()) : "",
                         &row.figures(), MainTarget(row)});
      has_targets = has_targets || entries.back().target != nullptr;
    }
    if (has_targets || unit == ProgressUnit(v1::BHXH_TN, "")) {
      report.sections.push_back(
          LeagueSection(unit, NameOf(unit, response.scheme_groups()), std::move(entries), what, "STT", range));
    }
  }
  DescribeSource(response.freshness(), response.contains_synthetic(), &report);
  if (report.sections.empty()) {
    report.sections.push_back(LeagueSection({v1::BHXH_TN, ""}, UnitName(v1::BHXH_TN, ""), {}, what, "STT", range));
  }
  static_cast<void>(names);
  return report;
}

Report BuildPartyLeague(const v1::GetPartyProgressResponse& response, const ReportNames& names, MonthRange range,
                        const ReportOptions& options) {
  const bool is_agency = options.league == "agency";
  const std::string what = is_agency ? "Tổ chức dịch vụ thu" : "Nhân viên thu";
  Report report;
  report.key = "league";
  report.file_name =
      ReportFileName(is_agency ? "thi-dua-to-chuc" : "thi-dua-nhan-vien-thu", options.place, options.period);
  report.data_until = DataUntil(CivilDate::LastOf(range.last), response.freshness());
  std::map<std::string, const v1::PartyInfo*> parties;
  for (const v1::PartyInfo& party : response.parties()) parties[party.party_id()] = &party;
  for (const ProgressUnit& unit : UnitsOf(response.rows())) {
    std::vector<Entry> entries;
    for (const v1::ProgressRow& row : response.rows()) {
      const bool is_wanted = ProgressUnit(row.scheme(), row.scheme_group_id()) == unit && IsWhole(row, range) &&
                             row.agency_id().empty() && !row.party_id().empty();
      if (!is_wanted) continue;
      const auto found = parties.find(row.party_id());
      const bool is_known = found != parties.end() && !found->second->name().empty();
      const std::string parent = found == parties.end() ? "" : found->second->parent_party_id();
      entries.push_back({row.party_id(), is_known ? found->second->name() : names.PartyName(row.party_id()),
                         parent.empty() ? "" : names.PartyName(parent), &row.figures(), MainTarget(row)});
    }
    report.sections.push_back(LeagueSection(unit, NameOf(unit, response.scheme_groups()), std::move(entries), what,
                                            is_agency ? "" : "Thuộc tổ chức", range));
  }
  if (report.sections.empty()) {
    report.sections.push_back(
        LeagueSection({v1::BHXH_TN, ""}, UnitName(v1::BHXH_TN, ""), {}, what, is_agency ? "" : "Thuộc tổ chức", range));
  }
  report.notes.push_back("Bảng gồm mọi đơn vị đã đăng ký trong sổ và tính cả phần thu ở các địa bàn khác của sổ.");
  DescribeSource(response.freshness(), response.contains_synthetic(), &report);
  return report;
}

absl::StatusOr<Report> MakeLeagueReport(ReportSource* source) {
  const ReportOptions& options = source->options();
  const auto range = MonthRange::Parse(options.period);
  if (!range) {
    return absl::InvalidArgumentError(
        StrCat("--period ", options.period, ": write 2025-11, 2025Q4, 2025 or 2025-10..2025-12"));
  }
  const absl::StatusOr<v1::AsOf> point = source->PointOfView();
  if (!point.ok()) return point.status();
  const std::string months = StrCat(range->first.ToString(), "..", range->last.ToString());
  const auto fill = [&](auto* request) {
    request->set_period(months);
    if (point->point_case() != v1::AsOf::POINT_NOT_SET) *request->mutable_as_of() = *point;
  };
  v1::GetProgressResponse villages;
  v1::GetPartyProgressResponse parties;
  if (options.league == "village") {
    v1::GetProgressRequest request;
    request.set_place_id(options.place);
    request.set_depth(1);
    fill(&request);
    SOTHON_RETURN_IF_ERROR(source->Ask(&v1::ProgressService::Stub::GetProgress, request, &villages));
  } else {
    v1::GetPartyProgressRequest request;
    request.set_kind(options.league == "agency" ? v1::AGENCY : v1::COLLECTOR);
    fill(&request);
    SOTHON_RETURN_IF_ERROR(source->Ask(&v1::ProgressService::Stub::GetPartyProgress, request, &parties));
  }
  const absl::StatusOr<ReportNames> names =
      source->ReadNames(options.league == "village" ? villages.freshness().log_id() : parties.freshness().log_id());
  if (!names.ok()) return names.status();
  Report report = options.league == "village" ? BuildVillageLeague(villages, *names, *range, options)
                                              : BuildPartyLeague(parties, *names, *range, options);
  FinishReport(*source, *names, &report);
  return report;
}

}  // namespace sothon::cli
