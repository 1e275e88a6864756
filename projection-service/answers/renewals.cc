#include "projection-service/answers/renewals.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/answers/products.h"
#include "projection-service/oversight/portfolios.h"

namespace sothon::answers {
namespace {

using ledger::Ordinal;
using oversight::Cover;
using oversight::Situation;
using oversight::VillageRegister;

constexpr uint32_t kWithinDaysPreset = 60;
constexpr uint32_t kWithinDaysMax = 366;
constexpr uint32_t kLapsedDaysPreset = 90;
constexpr uint32_t kLapsedDaysMax = 3660;
constexpr uint32_t kItemsPreset = 10'000;
constexpr char kNobody[] = "-";

struct Asked {
  SchemeMask schemes = 0;
  int32_t within_days = 0;
  int32_t lapsed_days = 0;
  size_t limit = 0;
};

absl::StatusOr<Asked> Check(const v1::ListRenewalsRequest& request) {
  std::vector<FieldViolation> violations;
  const auto bound = [&](const char* field, uint32_t value, uint32_t preset, uint32_t max) {
    if (value > max) violations.push_back({field, StrCat(value, " is more than ", max, ", the most there may be")});
    return value == 0 ? preset : value;
  };
  Asked asked;
  asked.within_days =
      static_cast<int32_t>(bound("within_days", request.within_days(), kWithinDaysPreset, kWithinDaysMax));
  asked.lapsed_days =
      static_cast<int32_t>(bound("lapsed_days", request.lapsed_days(), kLapsedDaysPreset, kLapsedDaysMax));
  asked.limit = bound("limit", request.limit(), kItemsPreset, kRenewalItemsMax);
  if (!violations.empty()) return BadRequest(violations);
  SOTHON_ASSIGN_OR_RETURN(asked.schemes, SchemesAsked(request.schemes(), kCollectedSchemes));
  return asked;
}

// Who has to collect from whom, as of the situation's date. Collectors are numbered; 0 is nobody.
class Responsible {
 public:
  explicit Responsible(const Situation& situation)
      : situation_(situation), portfolios_(situation.known().facts, situation.reference()) {
    Number({});
  }

  // From here on the people of `village`.
  void Enter(Ordinal village) {
    const oversight::Role* resident = situation_.roles().ResidentCollector(village, situation_.date());
    resident_ = Number(resident == nullptr ? std::string_view() : resident->role().party_id());
    for (size_t scheme = 1; scheme < kSchemeSlots; ++scheme) {
      whole_[scheme] = portfolios_.OfEverybody(village, static_cast<v1::Scheme>(scheme), situation_.date());
      of_whole_[scheme] = CollectorOf(whole_[scheme]);
    }
  }
  uint32_t For(const SubjectId& person, uint8_t scheme) {
    if (!portfolios_.NamesPeople()) return of_whole_[scheme];
    const v1::Event* named = portfolios_.OfPerson(person, static_cast<v1::Scheme>(scheme), situation_.date());
    if (named == nullptr) return of_whole_[scheme];
    const v1::Event* newest = oversight::Portfolios::Newer(named, whole_[scheme]);
    return newest == whole_[scheme] ? of_whole_[scheme] : CollectorOf(newest);
  }
  const std::vector<std::string_view>& collectors() const { return collectors_; }

 private:
  uint32_t Number(std::string_view collector) {
    const auto [slot, is_new] = numbers_.try_emplace(std::string(collector), static_cast<uint32_t>(collectors_.size()));
    if (is_new) collectors_.push_back(collector);
    return slot->second;
  }
  uint32_t CollectorOf(const v1::Event* handover) {
    if (handover == nullptr) return resident_;
    const auto [slot, is_new] = taken_by_.try_emplace(handover, 0);
    if (is_new) {
      const std::string& party_id = handover->portfolio_handed_over().to_party_id();
      const ledger::Party* party = situation_.reference().FindParty(party_id);
      const std::string& agency = party == nullptr || party->parent_id.empty() ? party_id : party->parent_id;
      slot->second = situation_.roles().MayCollect(agency, situation_.date()) ? Number(party_id) : 0;
    }
    return slot->second == 0 ? resident_ : slot->second;
  }

  const Situation& situation_;
  const oversight::Portfolios portfolios_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  absl::flat_hash_map<const v1::Event*, uint32_t> taken_by_;
  std::vector<std::string_view> collectors_;
  uint32_t resident_ = 0;
  std::array<const v1::Event*, kSchemeSlots> whole_{};
  std::array<uint32_t, kSchemeSlots> of_whole_{};
};

struct Item {
  const Cover* cover;
  const VillageRegister* people;
  Ordinal village;
  uint32_t collector;
};

struct Count {
  uint64_t due_in_30_days = 0;
  uint64_t due_in_60_days = 0;
  uint64_t lapsed = 0;

  void Add(int32_t days) {
    due_in_30_days += days >= 0 && days <= 30;
    due_in_60_days += days >= 0 && days <= 60;
    lapsed += days < 0;
  }
  bool IsEmpty() const { return due_in_60_days == 0 && lapsed == 0; }
};

class Lister {
 public:
  Lister(const Situation& situation, const v1::ListRenewalsRequest& request, const Asked& asked,
         v1::ListRenewalsResponse* response)
      : situation_(situation), request_(request), asked_(asked), response_(response), responsible_(situation) {}

  void List() {
    of_day_.resize(static_cast<size_t>(asked_.lapsed_days + asked_.within_days) + 1);
    for (const Ordinal village : situation_.villages_ever()) {
      counts_.clear();
      ForEachCover(village, std::max<int32_t>(asked_.within_days, kWithinDaysPreset),
                   [&](const Cover& cover, uint32_t collector) {
                     if (counts_.size() <= collector) counts_.resize(collector + 1);
                     counts_[collector][cover.scheme].Add(DaysOf(cover));
                     if (DaysOf(cover) <= asked_.within_days) ++of_day_[DayOf(cover)];
                   });
      AddCounts(village);
    }
    AddItems();
  }

 private:
  bool IsAsked(uint32_t collector) const {
    if (request_.collector_id().empty()) return true;
    return request_.collector_id() == kNobody ? collector == 0
                                              : request_.collector_id() == responsible_.collectors()[collector];
  }

  int32_t DaysOf(const Cover& cover) const { return cover.covered_until.value - situation_.date().value; }
  size_t DayOf(const Cover& cover) const { return static_cast<size_t>(DaysOf(cover) + asked_.lapsed_days); }

  // visit(cover, collector) for the covers of the village that end up to so many days after the date, and are asked
  // for; by their last day.
  template <typename Visit>
  void ForEachCover(Ordinal village, int32_t days_max, Visit visit) {
    const VillageRegister& people = situation_.RegisterOf(village);
    const CivilDate date = situation_.date();
    const CivilDate last = date.Plus(days_max);
    responsible_.Enter(village);
    auto cover = people.CoversUntil(date.Plus(-asked_.lapsed_days));
    for (; cover != people.covers.end() && cover->covered_until <= last; ++cover) {
      if (!cover->IsHereOn(date) || !cover->StandsOn(date) || (asked_.schemes & MaskOf(cover->scheme)) == 0) continue;
      const uint32_t collector = responsible_.For(people.people[cover->person], cover->scheme);
      if (IsAsked(collector)) visit(*cover, collector);
    }
  }

  // By collector, then scheme; nobody first.
  void AddCounts(Ordinal village) {
    std::map<std::string_view, size_t> by_id;
    for (size_t i = 0; i < counts_.size(); ++i) by_id.emplace(responsible_.collectors()[i], i);
    for (const auto& [id, number] : by_id) {
      for (size_t scheme = 1; scheme < kSchemeSlots; ++scheme) {
        const Count& count = counts_[number][scheme];
        if (count.IsEmpty()) continue;
        v1::RenewalCount* out = response_->add_counts();
        out->set_place_id(situation_.reference().place(village).id);
        out->set_collector_id(std::string(id));
        out->set_scheme(static_cast<v1::Scheme>(scheme));
        out->set_due_in_30_days(count.due_in_30_days);
        out->set_due_in_60_days(count.due_in_60_days);
        out->set_lapsed(count.lapsed);
      }
    }
  }

  // The first by day, as many as asked for. Items are many and days are few: those of the days that are shown are
  // gathered, and counted into their places.
  void AddItems() {
    std::vector<size_t> ends(of_day_.size() + 1);
    std::partial_sum(of_day_.begin(), of_day_.end(), ends.begin() + 1);
    response_->set_item_count(ends.back());
    const size_t shown = std::min(ends.back(), asked_.limit);
    // The last day of which some are shown.
    const auto cut = std::lower_bound(ends.begin() + 1, ends.end(), shown) - (ends.begin() + 1);
    std::vector<Item> items;
    if (shown > 0) {
      for (const Ordinal village : situation_.villages_ever()) {
        ForEachCover(village, static_cast<int32_t>(cut) - asked_.lapsed_days,
                     [&](const Cover& cover, uint32_t collector) {
                       items.push_back({&cover, &situation_.RegisterOf(village), village, collector});
                     });
      }
    }
    std::vector<const Item*> by_day(shown);
    for (const Item& item : items) {
      const size_t at = ends[DayOf(*item.cover)]++;
      if (at < by_day.size()) by_day[at] = &item;
    }
    response_->mutable_items()->Reserve(static_cast<int>(by_day.size()));
    for (const Item* item : by_day) {
      const oversight::Step& step = item->people->steps[item->cover->step];
      v1::RenewalItem* out = response_->add_items();
      out->set_place_id(situation_.reference().place(item->village).id);
      out->set_collector_id(std::string(responsible_.collectors()[item->collector]));
      out->set_scheme(static_cast<v1::Scheme>(step.scheme));
      out->set_subject_id(std::string(item->people->people[step.person].AsBytes()));
      out->set_covered_until(step.covered_until.ToWire());
      out->set_last_position(step.position);
      out->set_sequence(step.sequence);
    }
  }

  const Situation& situation_;
  const v1::ListRenewalsRequest& request_;
  const Asked asked_;
  v1::ListRenewalsResponse* const response_;
  Responsible responsible_;
  std::vector<std::array<Count, kSchemeSlots>> counts_;  // of one village, by collector's number, then scheme
  std::vector<size_t> of_day_;                           // items, by days from the first on that may be lapsed
};

}  // namespace

absl::Status FillRenewals(const Situation& situation, const v1::ListRenewalsRequest& request,
                          v1::ListRenewalsResponse* response) {
  SOTHON_ASSIGN_OR_RETURN(const Asked asked, Check(request));
  response->mutable_answered()->set_date(situation.date().ToWire());
  Lister(situation, request, asked, response).List();
  return absl::OkStatus();
}

}  // namespace sothon::answers
