#include "projection-service/answers/week_ladder.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/answers/products.h"
#include "projection-service/oversight/week_ladder.h"

namespace sothon::answers {
namespace {

using ledger::Ordinal;
using oversight::Product;
using oversight::Situation;
using oversight::VillageRegister;

constexpr int32_t kDaysOfWeek = 7;

struct Weeks {
  CivilWeek first;
  CivilWeek last;
  size_t Size() const { return static_cast<size_t>(last.value - first.value + 1); }
  size_t IndexOf(CivilWeek week) const { return static_cast<size_t>(week.value - first.value); }
};

// As ClimbLadder has it: the year of a week's targets is that of its Monday.
int32_t YearOf(CivilWeek week) { return week.FirstDay().Month().Year(); }

absl::StatusOr<Weeks> WeeksAsked(const v1::GetWeekLadderRequest& request) {
  std::vector<FieldViolation> violations;
  const auto parse = [&](const std::string& text, const char* field) {
    const std::optional<CivilWeek> week = CivilWeek::Parse(text);
    if (!week) {
      violations.push_back({field, StrCat("\"", text.substr(0, 32), "\" is not an ISO week; write one as 2025-W40")});
    }
    return week.value_or(CivilWeek{});
  };
  const Weeks weeks{parse(request.from_week(), "from_week"), parse(request.to_week(), "to_week")};
  if (violations.empty() && weeks.last < weeks.first) {
    violations.push_back(
        {"to_week", StrCat(request.to_week(), " is before from_week, ", request.from_week(), "; exchange them")});
  } else if (violations.empty() && weeks.last.value - weeks.first.value >= kLadderWeeksMax) {
    violations.push_back({"to_week", StrCat("more than ", kLadderWeeksMax, " weeks; ask for fewer at a time")});
  }
  if (!violations.empty()) return BadRequest(violations);
  return weeks;
}

absl::StatusOr<Ordinal> CommuneAsked(const Situation& situation) {
  const std::vector<Ordinal>& communes = situation.communes();
  if (communes.size() == 1) return communes.front();
  if (communes.empty()) {
    return BadRequest({{"inquiry.place_id", "no commune belongs to the place, so there is no ladder; name a commune"}});
  }
  return BadRequest({{"inquiry.place_id", StrCat("the place has ", communes.size(),
                                                 " communes, and each has a ladder of its own; ask for one of them, "
                                                 "for example ",
                                                 situation.reference().place(communes.front()).id)}});
}

// What a product gathered, week by week.
struct WeekFigures {
  int64_t developed = 0;
  int64_t collected = 0;
  int64_t paid_vnd = 0;
  int64_t counted = 0;  // for the target
};

// The weeks of a year are those that begin in it.
Weeks WeeksOf(int32_t year) {
  const CivilDate first = CivilDate::FirstOf(CivilMonth{year * 12});
  CivilWeek week = CivilWeek::Of(first);
  if (week.FirstDay() < first) week = week.Plus(1);
  CivilWeek last = CivilWeek::Of(CivilDate::LastOf(CivilMonth{year * 12 + 11}));
  return {week, last};
}

// Of all weeks of the product's year. What counted on the days of January before the first of them is in its `counted`.
std::vector<WeekFigures> FiguresOf(const VillageRegister& people, const Product& product, CivilDate date) {
  const Weeks weeks = WeeksOf(product.year);
  std::vector<WeekFigures> figures(weeks.Size());
  const CivilDate monday = weeks.first.FirstDay();
  const CivilDate last = std::min(date, weeks.last.LastDay());
  auto one = people.CollectionsFrom(CivilDate::FirstOf(CivilMonth{product.year * 12}));
  for (; one != people.collections.end() && one->date <= last && one->date < monday; ++one) {
    figures[0].counted += product.Counts(*one) & (product.TargetOf(CivilMonth{one->month}) != 0);
  }
  for (; one != people.collections.end() && one->date <= last; ++one) {
    if (!product.Includes(one->scheme)) continue;
    WeekFigures& week = figures[static_cast<size_t>((one->date.value - monday.value) / kDaysOfWeek)];
    week.developed += one->IsDeveloped();
    week.collected += one->IsCollected();
    week.paid_vnd += people.steps[one->step].paid_vnd;
    week.counted += product.Counts(*one) & (product.TargetOf(CivilMonth{one->month}) != 0);
  }
  return figures;
}

// The figures of every product of a village and year, as they are asked for.
struct YearsOfVillages {
  using OfProducts = std::vector<std::vector<WeekFigures>>;
  mutable std::map<std::pair<uint32_t, int32_t>, OfProducts> years;

  const OfProducts& Of(const Situation& situation, Ordinal village, int32_t year) const {
    const auto [slot, is_new] = years.try_emplace({village.value, year});
    if (is_new) {
      for (const Product& product : situation.ProductsOf(village, year)) {
        slot->second.push_back(FiguresOf(situation.RegisterOf(village), product, situation.date()));
      }
    }
    return slot->second;
  }
};

YearsOfVillages NoYearsYet(const Situation&) { return {}; }

// Rows of `shown`, which are weeks of the product's year, among those of `asked`.
void AddRowsOf(const std::string& place_id, const Product& product, const std::vector<WeekFigures>& figures,
               Weeks asked, Weeks shown, v1::GetWeekLadderResponse* response) {
  const Weeks all = WeeksOf(product.year);
  int64_t counted = 0;
  for (CivilWeek week = all.first; week <= shown.last; week = week.Plus(1)) {
    const WeekFigures& of_week = figures[all.IndexOf(week)];
    counted += of_week.counted;
    if (week < shown.first) continue;
    v1::WeekRow* row = response->mutable_weeks(static_cast<int>(asked.IndexOf(week)))->add_rows();
    row->set_place_id(place_id);
    row->set_scheme(product.scheme);
    row->set_scheme_group_id(product.group_id);
    row->set_developed(of_week.developed);
    row->set_collected(of_week.collected);
    row->set_paid_vnd(of_week.paid_vnd);
    row->set_developed_cumulative(counted);
    row->set_target(product.target);
    row->set_remaining(std::max<int64_t>(0, product.target - counted));
  }
}

void AddRows(const Situation& situation, Ordinal commune, Weeks weeks, v1::GetWeekLadderResponse* response) {
  for (CivilWeek first = weeks.first; first <= weeks.last;) {
    CivilWeek last = first;
    while (last < weeks.last && YearOf(last.Plus(1)) == YearOf(first)) last = last.Plus(1);
    for (const Ordinal village : situation.villages()) {
      if (situation.reference().place(village).parent != commune) continue;
      const std::vector<Product>& products = situation.ProductsOf(village, YearOf(first));
      const YearsOfVillages::OfProducts& figures = situation.Memo(NoYearsYet).Of(situation, village, YearOf(first));
      for (size_t i = 0; i < products.size(); ++i) {
        AddRowsOf(situation.reference().place(village).id, products[i], figures[i], weeks, {first, last}, response);
      }
    }
    first = last.Plus(1);
  }
}

}  // namespace

absl::Status FillWeekLadder(const Situation& situation, const v1::GetWeekLadderRequest& request,
                            v1::GetWeekLadderResponse* response) {
  SOTHON_ASSIGN_OR_RETURN(const Weeks weeks, WeeksAsked(request));
  SOTHON_ASSIGN_OR_RETURN(const Ordinal commune, CommuneAsked(situation));
  response->mutable_answered()->set_date(situation.date().ToWire());
  const oversight::WeekLadder ladder = oversight::ClimbLadder(situation, commune, weeks.first, weeks.last);
  response->set_villages(static_cast<uint32_t>(ladder.villages));
  for (const oversight::LadderRung& rung : ladder.rungs) {
    v1::LadderWeek* week = response->add_weeks();
    week->set_week(rung.week.ToString());
    week->set_from_date(rung.week.FirstDay().ToWire());
    week->set_to_date(rung.week.LastDay().ToWire());
    week->set_reached_so_far(static_cast<uint32_t>(rung.reached_so_far));
    week->set_due(rung.due);
    week->set_empty(rung.empty);
    for (const oversight::LadderRung::Reached& one : rung.reached) {
      v1::VillageReached* reached = week->add_reached();
      reached->set_place_id(situation.reference().place(one.village).id);
      reached->set_date(one.date.ToWire());
      reached->set_position(one.position);
      for (const Product& product : situation.ProductsOf(one.village, YearOf(rung.week))) {
        FillProduct(product, reached->add_products());
      }
    }
  }
  if (request.with_rows()) AddRows(situation, commune, weeks, response);
  return absl::OkStatus();
}

}  // namespace sothon::answers
