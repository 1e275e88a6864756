#include "projection-service/view/notices.h"

#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/ledger/row_totals.h"
#include "projection-service/oversight/parameters.h"
#include "projection-service/view/targets.h"

namespace sothon::projection {
namespace {

using ledger::Ordinal;
using ledger::Place;
using ledger::Target;

constexpr size_t kOfAKindMax = 10;

// Adds `lines`, or the first of them and how many more.
void AddCapped(const std::vector<std::string>& lines, std::vector<std::string>* notices) {
  const size_t shown = std::min(lines.size(), kOfAKindMax);
  notices->insert(notices->end(), lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown));
  const size_t more = lines.size() - shown;
  if (more > 0) notices->push_back(StrCat("… và ", more, " trường hợp nữa (and ", more, " more)"));
}

// plan#11
void NoteInferredUnits(const Excerpt& excerpt, absl::Span<const Ordinal> places, std::vector<std::string>* notices) {
  const auto count = std::count_if(places.begin(), places.end(), [&](Ordinal place) {
    return excerpt.reference->reference().place(place).former_unit_provenance == v1::INFERRED;
  });
  if (count == 0) return;
  notices->push_back(StrCat("Đơn vị cũ của ", count,
                            " thôn, tổ dân phố là suy luận, chưa được xác nhận (former units of ", count,
                            " places are inferred, not confirmed)"));
}

// plan#9: the row total that the document states against the sum of its months.
void NoteTotalsThatDiffer(const Excerpt& excerpt, absl::Span<const Ordinal> places, std::vector<std::string>* notices) {
  std::vector<std::string> lines;
  for (const Ordinal place : places) {
    const Place& named = excerpt.reference->reference().place(place);
    for (const ledger::RowTotal& row :
         ledger::TotalsThatDiffer(excerpt.reference->TargetsOf(place), excerpt.applied.position)) {
      lines.push_back(StrCat(row.document_id, ", ", named.NameAsOf(excerpt.applied.position), " (", named.id,
                             "): tổng ghi ", row.declared, ", cộng các tháng được ", row.sum, " (the stated total is ",
                             row.declared, ", the months add up to ", row.sum, ")"));
    }
  }
  AddCapped(lines, notices);
}

// Targets that are not computed here: a rate without a denominator, a number for each of a roster.
void NoteWhatIsUnknown(const Excerpt& excerpt, absl::Span<const Ordinal> places, absl::Span<const Unit> units,
                       MonthRange period, std::vector<std::string>* notices) {
  const TargetScope scope{excerpt.reference.get(), period, excerpt.applied.position, excerpt.facts.get()};
  std::vector<std::string> lines;
  for (const Ordinal place : places) {
    for (const Target* target : excerpt.reference->TargetsOf(place)) {
      if (!InForce(*target, excerpt.applied.position) || AddsUp(target->measure)) continue;
      if (target->months.last < period.first || period.last < target->months.first) continue;
      const bool asked = std::any_of(units.begin(), units.end(), [&](const Unit& unit) {
        return unit.group_id == target->scheme_group_id && unit.scheme == target->scheme;
      });
      if (!asked) continue;
      if (target->measure != v1::COVERAGE_RATE) {
        lines.push_back(StrCat("Chỉ tiêu ", target->id,
                               " giao cho từng người: xem danh sách người chưa hoàn thành (target ", target->id,
                               " is for each person of a roster: see who is uncovered)"));
      } else if (!PopulationOf(scope, place, CivilDate::LastOf(std::min(period.last, target->months.last)))) {
        lines.push_back(StrCat("Chỉ tiêu ", target->id, ": chưa biết mẫu số, chưa tính được (target ", target->id,
                               ": its denominator is unknown, so what was achieved is unknown too)"));
      }
    }
  }
  AddCapped(lines, notices);
}

// plan#33: the months of the period that are the peak month of what is asked for, or of a commune below it.
void NotePeakMonths(const Excerpt& excerpt, absl::Span<const Ordinal> places, MonthRange period,
                    std::vector<std::string>* notices) {
  const ledger::Reference& reference = excerpt.reference->reference();
  const oversight::Parameters parameters(ledger::KnownFacts(excerpt.facts.get(), excerpt.applied.position), reference);
  std::vector<std::string> lines;
  for (const Ordinal place : places) {
    const Place& named = reference.place(place);
    const bool is_asked = std::find(excerpt.places.begin(), excerpt.places.end(), place) != excerpt.places.end();
    if (!is_asked && named.level != v1::COMMUNE) continue;
    for (CivilMonth month = period.first; month <= period.last; month = month.Plus(1)) {
      const auto peak = parameters.At("calendar.peak_month", place, CivilDate::LastOf(month));
      if (peak != month.Month()) continue;
      const std::string name = named.NameAsOf(excerpt.applied.position);
      lines.push_back(StrCat(name, ": tháng ", month.Month(), "/", month.Year(),
                             " là tháng cao điểm vận động Nhân dân tham gia BHYT (", month.ToString(),
                             " is the yearly peak month)"));
    }
  }
  AddCapped(lines, notices);
}

}  // namespace

std::vector<std::string> NoticesOf(const Excerpt& excerpt, absl::Span<const Unit> units, MonthRange period) {
  std::vector<std::string> notices;
  if (excerpt.contains_synthetic) {
    notices.push_back("Có dữ liệu giả lập, không phải số thật (contains synthetic data: these are not real figures)");
  }
  std::vector<Ordinal> places;
  for (const Ordinal asked : excerpt.places) {
    const std::vector<Ordinal> tree = excerpt.reference->TreeUnder(asked, UINT32_MAX, excerpt.applied.position);
    places.insert(places.end(), tree.begin(), tree.end());
  }
  NoteInferredUnits(excerpt, places, &notices);
  NoteTotalsThatDiffer(excerpt, places, &notices);
  NoteWhatIsUnknown(excerpt, places, units, period, &notices);
  NotePeakMonths(excerpt, places, period, &notices);
  return notices;
}

}  // namespace sothon::projection
