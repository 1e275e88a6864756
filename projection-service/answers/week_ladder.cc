#include "projection-service/answers/week_ladder.h"

#include <algorithm>
#include <optional>
#include <string>
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

// Of `weeks`, which are all of the product's year. What counted before them is in the first one's `counted`.
std::vector<WeekFigures> FiguresOf(const VillageRegister& people, const Product& product, Weeks weeks, CivilDate date) {
  std::vector<WeekFigures> figures(weeks.Size());
  const CivilDate monday = weeks.first.FirstDay();
  const CivilDate last = std::min(date, weeks.last.LastDay());
  auto one = people.CollectionsFrom(CivilDate::FirstOf(CivilMonth{product.year * 12}));
  for (; one != people.collections.end() && one->date <= last && one->date < monday; ++one) {
    const bool in_time = product.TargetOf(CivilMonth{one->month}) != 0;
    figures[0].counted += product.Counts(*one) & in_time;
  }
  for (; one != people.collections.end() && one->date <= last; ++one) {
    if (!product.Includes(one->scheme)) continue;
    WeekFigures& week = figures[static_cast<size_t>((one->date.value - monday.value) / kDaysOfWeek)];
    week.developed += one->IsDeveloped();
    week.collected += one->IsCollected();
    week.paid_vnd += people.steps[one->step].paid_vnd;
    week.counted += product.Counts(*one) && product.TargetOf(CivilMonth{one->month}) != 0;
  }
  return figures;
}

void AddRows(const Situation& situation, Ordinal commune, Weeks weeks, v1::GetWeekLadderResponse* response) {
  for (CivilWeek first = weeks.first; first <= weeks.last;) {
    CivilWeek last = first;
    while (last < weeks.last && YearOf(last.Plus(1)) == YearOf(first)) last = last.Plus(1);
    for (const Ordinal village : situation.villages()) {
      if (situation.reference().place(village).parent != commune) continue;
      for (const Product& product : situation.ProductsOf(village, YearOf(first))) {
        const std::vector<WeekFigures> figures =
            FiguresOf(situation.RegisterOf(village), product, {first, last}, situation.date());
        int64_t counted = 0;
        for (size_t i = 0; i < figures.size(); ++i) {
          counted += figures[i].counted;
          v1::WeekRow* row = response->mutable_weeks(static_cast<int>(weeks.IndexOf(first) + i))->add_rows();
          row->set_place_id(situation.reference().place(village).id);
          row->set_scheme(product.scheme);
          row->set_scheme_group_id(product.group_id);
          row->set_developed(figures[i].developed);
          row->set_collected(figures[i].collected);
          row->set_paid_vnd(figures[i].paid_vnd);
          row->set_developed_cumulative(counted);
          row->set_target(product.target);
          row->set_remaining(std::max<int64_t>(0, product.target - counted));
        }
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
