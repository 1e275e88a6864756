// Figures of parties and drives as a table, in Vietnamese.
#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "cli/format/table.h"
#include "cli/views/party_view.h"
#include "cli/views/progress_words.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

// Months side by side fit on a terminal up to here; programs read all of them.
constexpr int32_t kMonthColumnsMax = 6;

using Unit = std::pair<v1::Scheme, std::string>;
// Whose row: party, drive, agency of a desk.
using Who = std::tuple<std::string, std::string, std::string>;

Who WhoOf(const v1::ProgressRow& row) { return {row.party_id(), row.drive_id(), row.agency_id()}; }

void AddFigures(const v1::Figures& from, v1::Figures* sum) {
  sum->set_first(sum->first() + from.first());
  sum->set_returned(sum->returned() + from.returned());
  sum->set_renewed(sum->renewed() + from.renewed());
  sum->set_repeat(sum->repeat() + from.repeat());
  sum->set_collected(sum->collected() + from.collected());
  sum->set_paid_vnd(sum->paid_vnd() + from.paid_vnd());
  sum->set_central_support_vnd(sum->central_support_vnd() + from.central_support_vnd());
  sum->set_local_support_vnd(sum->local_support_vnd() + from.local_support_vnd());
}

// What one line of the table shows.
struct Line {
  std::map<int32_t, v1::Figures> months;
  v1::Figures period;

  void Add(const Line& other) {
    for (const auto& [month, figures] : other.months) AddFigures(figures, &months[month]);
    AddFigures(other.period, &period);
  }
};

class PartyTable {
 public:
  explicit PartyTable(const v1::GetPartyProgressResponse& response)
      : response_(response), period_(MonthRange::Parse(response.period()).value_or(MonthRange{})) {
    for (const v1::PartyInfo& party : response.parties()) parties_[party.party_id()] = &party;
    for (const v1::ProgressRow& row : response.rows()) {
      if (std::find(whos_.begin(), whos_.end(), WhoOf(row)) == whos_.end()) whos_.push_back(WhoOf(row));
      const Unit unit(row.scheme(), row.scheme_group_id());
      if (std::find(units_.begin(), units_.end(), unit) == units_.end()) units_.push_back(unit);
      Line& line = lines_[unit][WhoOf(row)];
      if (row.span() == v1::ProgressRow::MONTH) line.months[row.month()] = row.figures();
      if (row.span() == v1::ProgressRow::PERIOD) line.period = row.figures();
    }
  }

  std::string Render() const {
    std::string out =
        StrCat("KẾT QUẢ THEO ", Title(), " · ", response_.period(), "\n", TroubleLine(response_.freshness()),
               SyntheticLine(response_.contains_synthetic()), DescribeFreshness(response_.freshness()), "\n");
    for (const Unit& unit : units_) {
      StrAppend(&out, "\n", UnitTitle(unit.first, unit.second, response_.scheme_groups()), "\n", Figures(unit));
    }
    if (whos_.empty()) out += "\nKhông có số liệu nào cho kỳ này.\n";
    if (!whos_.empty() && !AddsUp()) {
      out += "\nMột biên lai có thể ghi nhận cho nhiều nơi, nên các dòng không cộng lại với nhau.\n";
    }
    return out;
  }

 private:
  v1::PartyKind KindOf(const std::string& party_id) const {
    const auto found = parties_.find(party_id);
    return found == parties_.end() ? v1::PARTY_KIND_UNSPECIFIED : found->second->kind();
  }
  static bool IsDesk(const Who& who) { return !std::get<2>(who).empty(); }

  // A receipt names one agency, one collector and one drive at most.
  bool AddsUp() const {
    return std::all_of(whos_.begin(), whos_.end(), [this](const Who& who) {
      const v1::PartyKind kind = KindOf(std::get<0>(who));
      return !std::get<1>(who).empty() || IsDesk(who) || kind == v1::AGENCY || kind == v1::COLLECTOR;
    });
  }

  std::string Title() const {
    if (whos_.empty()) return "ĐƠN VỊ, NGƯỜI THU";
    if (!std::get<1>(whos_[0]).empty()) return "ĐỢT RA QUÂN";
    switch (KindOf(std::get<0>(whos_[0]))) {
      case v1::AGENCY:
        return "TỔ CHỨC DỊCH VỤ THU";
      case v1::COLLECTOR:
        return "NHÂN VIÊN THU";
      case v1::OFFICIAL:
        return "CÁN BỘ, CÔNG CHỨC";
      case v1::UNION:
        return "TỔ CHỨC CHÍNH TRỊ - XÃ HỘI";
      case v1::SCHOOL:
        return "TRƯỜNG HỌC";
      default:
        return "ĐƠN VỊ, NGƯỜI THU";
    }
  }

  std::vector<std::string> NameCells(const Who& who) const {
    const auto& [party, drive, agency] = who;
    if (!drive.empty()) return {drive, ""};
    const auto found = parties_.find(party);
    std::string name = found == parties_.end() ? "" : found->second->name();
    if (!IsDesk(who)) return {party, name};
    return {party.empty() ? "  –" : StrCat("  ", party), party.empty() ? "không ghi nhân viên thu" : name};
  }

  std::vector<TableColumn> Columns() const {
    std::vector<TableColumn> columns = {{"mã"}, {"tên"}};
    for (const CivilMonth month : MonthsShown()) {
      const std::string group = StrCat("Tháng ", month.Month());
      columns.push_back({"phát triển", Align::kRight, group});
      columns.push_back({"người đóng", Align::kRight, group});
    }
    const std::string people = StrCat("Người đóng, ", PeriodTitle(response_.period()));
    for (const char* title : {"lần đầu", "tham gia lại", "đóng tiếp", "cộng"}) {
      columns.push_back({title, Align::kRight, people});
    }
    columns.push_back({"đóng thêm", Align::kRight});
    for (const char* title : {"người tham gia", "trung ương", "địa phương"}) {
      columns.push_back({title, Align::kRight, "Số tiền (đồng)"});
    }
    return columns;
  }

  std::vector<CivilMonth> MonthsShown() const {
    std::vector<CivilMonth> months;
    if (period_.Size() < 2 || period_.Size() > kMonthColumnsMax) return months;
    for (CivilMonth month = period_.first; month <= period_.last; month = month.Plus(1)) months.push_back(month);
    return months;
  }

  void AddRow(std::vector<std::string> cells, const Line& line, Table* table) const {
    for (const CivilMonth month : MonthsShown()) {
      const auto found = line.months.find(month.ToWire());
      const v1::Figures figures = found == line.months.end() ? v1::Figures() : found->second;
      cells.push_back(FormatThousands(figures.first() + figures.returned()));
      cells.push_back(FormatThousands(figures.collected()));
    }
    const v1::Figures& f = line.period;
    for (const int64_t value : {f.first(), f.returned(), f.renewed(), f.collected(), f.repeat(), f.paid_vnd(),
                                f.central_support_vnd(), f.local_support_vnd()}) {
      cells.push_back(FormatThousands(value));
    }
    table->AddRow(std::move(cells));
  }

  std::string Figures(const Unit& unit) const {
    Table table(Columns());
    Line sum;
    size_t summed = 0;
    for (const Who& who : whos_) {
      const auto found = lines_.at(unit).find(who);
      if (found == lines_.at(unit).end()) continue;
      AddRow(NameCells(who), found->second, &table);
      // An agency's own row is the sum of its desks already.
      if (IsDesk(who)) continue;
      sum.Add(found->second);
      ++summed;
    }
    if (AddsUp() && summed > 1) {
      table.AddRule();
      AddRow({"", "Tổng"}, sum, &table);
    }
    return table.Render();
  }

  const v1::GetPartyProgressResponse& response_;
  const MonthRange period_;
  std::map<std::string, const v1::PartyInfo*> parties_;
  std::vector<Who> whos_;  // in the answer's order
  std::vector<Unit> units_;
  std::map<Unit, std::map<Who, Line>> lines_;
};

}  // namespace

std::string RenderPartyTable(const v1::GetPartyProgressResponse& response) { return PartyTable(response).Render(); }

}  // namespace sothon::cli
