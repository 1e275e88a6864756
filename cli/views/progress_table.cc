// The progress table, in Vietnamese.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/format/table.h"
#include "cli/views/progress_view.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

// What a block of the table is about: a scheme or a scheme group.
using Subject = std::pair<v1::Scheme, std::string>;

struct RowKey {
  std::string place_id;
  Subject subject;
  bool is_total = false;
  int32_t month = 0;  // 0 for totals
  auto operator<=>(const RowKey&) const = default;
};

std::string MeasureTitle(v1::Measure measure) {
  switch (measure) {
    case v1::DEVELOPED:
      return "phát triển (lần đầu + tham gia lại)";
    case v1::MAINTAINED_OR_DEVELOPED:
      return "duy trì + phát triển trong tháng";
    case v1::ACTIVE:
      return "đang tham gia cuối tháng";
    case v1::COVERAGE_RATE:
      return "tỷ lệ bao phủ, phần vạn";
    default:
      return "tối thiểu mỗi người";
  }
}

std::optional<int64_t> Achieved(const v1::Figures& figures, v1::Measure measure) {
  if (measure == v1::DEVELOPED) return figures.first() + figures.returned();
  if (measure == v1::MAINTAINED_OR_DEVELOPED) return figures.collected();
  if (measure == v1::ACTIVE) return figures.active();
  return std::nullopt;
}

// The rows of an answer by place, subject and month, and its totals.
class Rows {
 public:
  Rows(const v1::GetProgressResponse& response, MonthRange period) : period_(period) {
    for (const v1::ProgressRow& row : response.rows()) {
      const Subject subject(row.scheme(), row.scheme_group_id());
      if (row.span() == v1::ProgressRow::MONTH) {
        rows_[{row.place_id(), subject, false, row.month()}] = &row;
      } else if (row.from_month() == period.first.ToWire() && row.month() == period.last.ToWire()) {
        // A quarter, a year and the whole period asked for may be the same months: any of them will do.
        rows_[{row.place_id(), subject, true, 0}] = &row;
      }
    }
  }
  const v1::ProgressRow* Month(const std::string& place, const Subject& subject, CivilMonth month) const {
    return Find({place, subject, false, month.ToWire()});
  }
  const v1::ProgressRow* Total(const std::string& place, const Subject& subject) const {
    const v1::ProgressRow* total = Find({place, subject, true, 0});
    return total == nullptr && period_.Size() == 1 ? Month(place, subject, period_.first) : total;
  }

 private:
  const v1::ProgressRow* Find(const RowKey& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second;
  }
  MonthRange period_;
  std::map<RowKey, const v1::ProgressRow*> rows_;
};

// A sum over the villages goes before a number set for the place itself.
const v1::TargetProgress* TargetOf(const v1::ProgressRow* row, v1::Measure measure) {
  const v1::TargetProgress* found = nullptr;
  for (int i = 0; row != nullptr && i < row->targets_size(); ++i) {
    const v1::TargetProgress& target = row->targets(i);
    if (target.measure() == measure && (found == nullptr || target.summed())) found = &target;
  }
  return found;
}

std::string Number(const std::optional<int64_t>& value) { return value ? FormatThousands(*value) : kUnknown; }

std::string Done(const v1::ProgressRow* row, const v1::TargetProgress* target, v1::Measure measure) {
  if (target != nullptr) return FormatThousands(target->achieved());
  return row == nullptr ? kUnknown : Number(Achieved(row->figures(), measure));
}

// Readings are joined by "; " where a row stands for several targets; each part is told once.
void AddReadings(const std::string& text, std::vector<std::string>* readings) {
  const std::vector<std::string> parts = absl::StrSplit(text, "; ", absl::SkipEmpty());
  for (const std::string& part : parts) {
    if (std::find(readings->begin(), readings->end(), part) == readings->end()) readings->push_back(part);
  }
}

class ProgressTable {
 public:
  ProgressTable(const v1::GetProgressResponse& response, const ProgressTableOptions& options)
      : response_(response),
        options_(options),
        period_(MonthRange::Parse(response.period()).value_or(MonthRange{})),
        rows_(response, period_) {
    for (const v1::PlaceInfo& place : response.places()) {
      if (place.place_id() != options.place_id) places_.push_back(&place);
      if (place.place_id() == options.place_id) asked_ = &place;
    }
    if (!options.office_party_id.empty()) {
      office_.set_name(options.office_party_id);
      asked_ = &office_;
    }
    if (asked_ != nullptr) places_.push_back(asked_);
  }

  std::string Render();

 private:
  std::string Heading() const;
  std::string Targets(const Subject& subject, v1::Measure measure) const;
  std::string Figures(const Subject& subject) const;
  std::string Title(const Subject& subject) const;
  std::vector<std::string> NameCells(const v1::PlaceInfo& place) const;
  std::string MonthsMet(const v1::PlaceInfo& place, const Subject& subject, v1::Measure measure) const;

  const v1::GetProgressResponse& response_;
  const ProgressTableOptions& options_;
  const MonthRange period_;
  const Rows rows_;
  std::vector<const v1::PlaceInfo*> places_;  // in the document's order, the one asked for last
  const v1::PlaceInfo* asked_ = nullptr;
  v1::PlaceInfo office_;  // stands for an office as if it were a place without an id
};

std::string ProgressTable::Title(const Subject& subject) const {
  return UnitTitle(subject.first, subject.second, response_.scheme_groups());
}

std::vector<std::string> ProgressTable::NameCells(const v1::PlaceInfo& place) const {
  const bool is_sum = &place == asked_ && places_.size() > 1;
  return {is_sum || place.source_row() == 0 ? "" : StrCat(place.source_row()), is_sum ? "Tổng" : place.name()};
}

// How many of its months a place met. A minimum holds for each village by itself, so that a sum of villages has met as
// many as they have together: nothing is made up for by others (plan#18).
std::string ProgressTable::MonthsMet(const v1::PlaceInfo& place, const Subject& subject, v1::Measure measure) const {
  uint32_t met = 0;
  uint32_t with_target = 0;
  const bool is_sum = &place == asked_ && places_.size() > 1;
  for (const v1::PlaceInfo* part : places_) {
    const bool is_leaf = part->level() == v1::VILLAGE || part->level() == v1::RESIDENTIAL_GROUP;
    if (is_sum ? !is_leaf : part != &place) continue;
    const v1::TargetProgress* target = TargetOf(rows_.Total(part->place_id(), subject), measure);
    if (target == nullptr) continue;
    met += target->months_met();
    with_target += target->months_with_target();
  }
  return with_target == 0 ? kUnknown : StrCat(met, "/", with_target);
}

std::string ProgressTable::Targets(const Subject& subject, v1::Measure measure) const {
  const bool counts_months = measure == v1::MAINTAINED_OR_DEVELOPED;
  std::vector<TableColumn> columns = {{"STT", Align::kRight}, {"Thôn, TDP"}};
  for (CivilMonth month = period_.first; month <= period_.last; month = month.Plus(1)) {
    const std::string group = StrCat("Tháng ", month.Month(), period_.Size() > 12 ? "/" : "",
                                     period_.Size() > 12 ? StrCat(month.Year()) : "");
    columns.push_back({"giao", Align::kRight, group});
    columns.push_back({"đạt", Align::kRight, group});
  }
  const std::string total = PeriodTitle(response_.period());
  const bool has_total = period_.Size() > 1;
  if (has_total) {
    columns.push_back({"giao", Align::kRight, total});
    columns.push_back({"đạt", Align::kRight, total});
  }
  columns.push_back({"%", Align::kRight, has_total ? total : ""});
  columns.push_back({"còn", Align::kRight, has_total ? total : ""});
  if (counts_months) columns.push_back({"tháng đạt", Align::kRight});

  Table table(std::move(columns));
  std::vector<std::string> readings;
  for (const v1::PlaceInfo* place : places_) {
    std::vector<std::string> cells = NameCells(*place);
    for (CivilMonth month = period_.first; month <= period_.last; month = month.Plus(1)) {
      const v1::ProgressRow* row = rows_.Month(place->place_id(), subject, month);
      const v1::TargetProgress* target = TargetOf(row, measure);
      cells.push_back(target == nullptr ? kUnknown : FormatThousands(target->target()));
      cells.push_back(Done(row, target, measure));
      if (target != nullptr) AddReadings(target->reading(), &readings);
    }
    const v1::ProgressRow* row = rows_.Total(place->place_id(), subject);
    const v1::TargetProgress* target = TargetOf(row, measure);
    if (has_total) {
      cells.push_back(target == nullptr ? kUnknown : FormatThousands(target->target()));
      cells.push_back(Done(row, target, measure));
    }
    const bool has_rate = target != nullptr && target->has_attainment_percent();
    cells.push_back(has_rate ? FormatPercent(target->attainment_percent()) : kUnknown);
    cells.push_back(target == nullptr ? kUnknown : FormatThousands(target->remaining()));
    if (counts_months) {
      cells.push_back(MonthsMet(*place, subject, measure));
    }
    if (place == asked_ && places_.size() > 1) table.AddRule();
    table.AddRow(std::move(cells));
  }
  std::string out = StrCat("\n", Title(subject), ": ", MeasureTitle(measure), "\n", table.Render());
  if (!readings.empty()) StrAppend(&out, "Cách hiểu: ", absl::StrJoin(readings, "; "), "\n");
  return out;
}

std::string ProgressTable::Figures(const Subject& subject) const {
  Table table({{"STT", Align::kRight},
               {"Thôn, TDP"},
               {"lần đầu", Align::kRight, "Người đóng"},
               {"tham gia lại", Align::kRight, "Người đóng"},
               {"đóng tiếp", Align::kRight, "Người đóng"},
               {"cộng", Align::kRight, "Người đóng"},
               {"đóng thêm", Align::kRight},
               {"đang tham gia", Align::kRight},
               {"người tham gia", Align::kRight, "Số tiền (đồng)"},
               {"trung ương", Align::kRight, "Số tiền (đồng)"},
               {"địa phương", Align::kRight, "Số tiền (đồng)"}});
  for (const v1::PlaceInfo* place : places_) {
    std::vector<std::string> cells = NameCells(*place);
    if (const v1::ProgressRow* row = rows_.Total(place->place_id(), subject)) {
      const v1::Figures& f = row->figures();
      for (int64_t value : {f.first(), f.returned(), f.renewed(), f.collected(), f.repeat(), f.active(), f.paid_vnd(),
                            f.central_support_vnd(), f.local_support_vnd()}) {
        cells.push_back(FormatThousands(value));
      }
    }
    cells.resize(11, kUnknown);
    if (place == asked_ && places_.size() > 1) table.AddRule();
    table.AddRow(std::move(cells));
  }
  return StrCat("\n", Title(subject), ": số liệu ", PeriodTitle(response_.period()), "\n", table.Render());
}

std::string ProgressTable::Heading() const {
  std::string out = "TIẾN ĐỘ THAM GIA BHXH TỰ NGUYỆN, BHYT";
  if (asked_ == &office_) {
    StrAppend(&out, " · các nơi do ", asked_->name(), " phụ trách");
  } else if (asked_ != nullptr) {
    // Names of villages say themselves what they are.
    const bool has_level = asked_->level() == v1::PROVINCE || asked_->level() == v1::COMMUNE;
    StrAppend(&out, " · ", has_level ? LevelName(asked_->level()) + " " : "", asked_->name(), " (", asked_->place_id(),
              ")");
  }
  StrAppend(&out, " · ", response_.period(), "\n", TroubleLine(response_.freshness()));
  out += SyntheticLine(response_.contains_synthetic());
  if (response_.has_publication()) out += DescribePublication(response_.publication());
  for (const v1::DocumentIssued& document : options_.documents) {
    StrAppend(&out, "Văn bản: ", document.title(),
              " (số: ", document.number_verbatim().empty() ? "không rõ" : document.number_verbatim(), "; ngày: ");
    const auto date = CivilDate::FromWire(document.issued_date());
    StrAppend(&out, date ? date->ToString() : "không rõ", "; ", document.document_id(), ")\n");
  }
  for (const std::string& id : options_.unread_documents) {
    StrAppend(&out, "Văn bản: ", id, " (không tra cứu được lúc này)\n");
  }
  for (const std::string& id : options_.unknown_documents) {
    StrAppend(&out, "Văn bản: ", id, " (không có trong sổ)\n");
  }
  return out + DescribeFreshness(response_.freshness()) + "\n";
}

std::string ProgressTable::Render() {
  std::vector<Subject> subjects;
  std::map<Subject, std::set<v1::Measure>> measures;
  for (const v1::ProgressRow& row : response_.rows()) {
    const Subject subject(row.scheme(), row.scheme_group_id());
    if (std::find(subjects.begin(), subjects.end(), subject) == subjects.end()) subjects.push_back(subject);
    for (const v1::TargetProgress& target : row.targets()) measures[subject].insert(target.measure());
  }
  std::string out = Heading();
  bool is_empty = true;
  for (const Subject& subject : subjects) {
    for (v1::Measure measure : measures[subject]) out += Targets(subject, measure);
    const bool shows_figures = options_.with_figures || (measures[subject].empty() && subjects.size() == 1);
    if (shows_figures) out += Figures(subject);
    is_empty = is_empty && measures[subject].empty() && !shows_figures;
  }
  if (is_empty) {
    StrAppend(&out, "\nKhông có chỉ tiêu nào cho nơi và kỳ này.",
              subjects.empty() ? "\n" : " Xem số liệu: thêm --figures.\n");
  }
  if (response_.notices_size() > 0) out += "\nLưu ý:\n";
  for (const std::string& notice : response_.notices()) StrAppend(&out, "  - ", notice, "\n");
  return out;
}

}  // namespace

std::string RenderProgressTable(const v1::GetProgressResponse& response, const ProgressTableOptions& options) {
  return ProgressTable(response, options).Render();
}

}  // namespace sothon::cli
