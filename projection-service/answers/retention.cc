#include "projection-service/answers/retention.h"

#include <algorithm>
#include <map>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/answers/period.h"
#include "projection-service/answers/products.h"

namespace sothon::answers {
namespace {

using ledger::Counter;
using ledger::Ordinal;
using oversight::Cover;
using oversight::Situation;
using oversight::VillageRegister;

constexpr size_t kRowsMax = 200'000;

struct Cell {
  int64_t first = 0;
  int64_t returned = 0;
  int64_t renewed = 0;
  int64_t kept = 0;
  int64_t lapsed = 0;
  int64_t pending = 0;

  void Add(const Cell& other) {
    first += other.first;
    returned += other.returned;
    renewed += other.renewed;
    kept += other.kept;
    lapsed += other.lapsed;
    pending += other.pending;
  }
  int64_t Ended() const { return kept + lapsed + pending; }
  bool IsEmpty() const { return first == 0 && returned == 0 && renewed == 0 && Ended() == 0; }
};

// The months of one place, scheme by scheme.
class Table {
 public:
  explicit Table(size_t months) : months_(months), cells_(months * kSchemeSlots) {}

  Cell& At(size_t scheme, size_t month) { return cells_[scheme * months_ + month]; }
  const Cell& At(size_t scheme, size_t month) const { return cells_[scheme * months_ + month]; }
  void Add(const Table& other) {
    for (size_t i = 0; i < cells_.size(); ++i) cells_[i].Add(other.cells_[i]);
  }
  bool Has(size_t scheme) const {
    const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(scheme * months_);
    return std::any_of(begin, begin + static_cast<std::ptrdiff_t>(months_),
                       [](const Cell& cell) { return !cell.IsEmpty(); });
  }

 private:
  size_t months_;
  std::vector<Cell> cells_;
};

void CountCollections(const VillageRegister& people, MonthRange months, CivilDate date, Table* table) {
  const CivilDate last = std::min(date, CivilDate::LastOf(months.last));
  for (auto one = people.CollectionsFrom(CivilDate::FirstOf(months.first));
       one != people.collections.end() && one->date <= last; ++one) {
    Cell& cell = table->At(one->scheme, static_cast<size_t>(one->month - months.first.value));
    cell.first += one->what == Counter::kFirst;
    cell.returned += one->what == Counter::kReturned;
    cell.renewed += one->what == Counter::kRenewed;
  }
}

void CountEnd(const Cover& cover, CivilDate date, int32_t grace_days, Cell* cell) {
  const CivilDate grace_ends = cover.covered_until.Plus(1 + grace_days);  // the last day for another one to begin
  const bool followed = cover.until < date;
  if (followed && !cover.outlasted) return;
  if (followed && cover.next_first <= grace_ends) {
    ++cell->kept;
  } else if (followed || grace_ends < date) {
    ++cell->lapsed;
  } else {
    ++cell->pending;
  }
}

void CountEnds(const VillageRegister& people, MonthRange months, CivilDate date, const ledger::CountingRules& rules,
               Table* table) {
  const CivilDate last = CivilDate::LastOf(months.last);
  CivilMonth month = months.first;
  CivilDate month_ends = CivilDate::LastOf(month);
  for (auto cover = people.CoversUntil(CivilDate::FirstOf(months.first));
       cover != people.covers.end() && cover->covered_until <= last; ++cover) {
    while (month_ends < cover->covered_until) {
      month = month.Plus(1);
      month_ends = CivilDate::LastOf(month);
    }
    if (!cover->IsAnsweredForOn(date) || date < cover->since) continue;
    CountEnd(*cover, date, rules.grace_days[cover->scheme],
             &table->At(cover->scheme, static_cast<size_t>(month.value - months.first.value)));
  }
}

void FillRow(const Cell& cell, v1::RetentionRow* row) {
  row->set_first(cell.first);
  row->set_returned(cell.returned);
  row->set_renewed(cell.renewed);
  row->set_ended(cell.Ended());
  row->set_kept(cell.kept);
  row->set_lapsed(cell.lapsed);
  row->set_pending(cell.pending);
  row->set_net(cell.first + cell.returned - cell.lapsed);
  const int64_t decided = cell.kept + cell.lapsed;
  if (decided > 0) row->set_retention_percent(100.0 * static_cast<double>(cell.kept) / static_cast<double>(decided));
}

// The places that have rows, each before what is below it.
std::vector<Ordinal> PlacesShown(const Situation& situation, uint32_t depth) {
  std::vector<Ordinal> roots = situation.reference_view().Roots();
  if (situation.place()) roots = {*situation.place()};
  std::vector<Ordinal> shown;
  for (const Ordinal root : roots) {
    const std::vector<Ordinal> tree = situation.reference_view().TreeUnder(root, depth, situation.position());
    shown.insert(shown.end(), tree.begin(), tree.end());
  }
  return shown;
}

}  // namespace

absl::Status FillRetention(const Situation& situation, const v1::GetRetentionRequest& request,
                           v1::GetRetentionResponse* response, const ledger::CountingRules& rules) {
  SOTHON_ASSIGN_OR_RETURN(const MonthRange months, ParsePeriod(request.period()));
  SOTHON_ASSIGN_OR_RETURN(const SchemeMask schemes, SchemesAsked(request.schemes(), kAllSchemes));
  const auto size = static_cast<size_t>(months.Size());
  const std::vector<Ordinal> places = PlacesShown(situation, request.depth());
  if (places.size() * (kSchemeSlots - 1) * size > kRowsMax) {
    return BadRequest({{"depth", StrCat("the answer would have more than ", kRowsMax,
                                        " rows; ask for fewer levels or a shorter period")}});
  }
  response->mutable_answered()->set_date(situation.date().ToWire());
  std::map<Ordinal, Table> of_village;
  Table sum(size);
  for (const Ordinal village : situation.villages_ever()) {
    Table& table = of_village.try_emplace(village, size).first->second;
    CountCollections(situation.RegisterOf(village), months, situation.date(), &table);
    CountEnds(situation.RegisterOf(village), months, situation.date(), rules, &table);
    sum.Add(table);
  }
  for (const Ordinal place : places) {
    Table table(size);
    for (const Ordinal leaf : situation.reference_view().LeavesUnder(place, situation.position())) {
      if (const auto found = of_village.find(leaf); found != of_village.end()) table.Add(found->second);
    }
    for (size_t scheme = 1; scheme < kSchemeSlots; ++scheme) {
      if ((schemes & MaskOf(static_cast<int>(scheme))) == 0) continue;
      if (request.schemes().empty() && !sum.Has(scheme)) continue;
      for (size_t month = 0; month < size; ++month) {
        v1::RetentionRow* row = response->add_rows();
        row->set_place_id(situation.reference().place(place).id);
        row->set_scheme(static_cast<v1::Scheme>(scheme));
        row->set_month(months.first.Plus(static_cast<int32_t>(month)).ToWire());
        FillRow(table.At(scheme, month), row);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace sothon::answers
