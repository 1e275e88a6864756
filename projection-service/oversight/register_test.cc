#include "projection-service/oversight/register.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "common/testing/event_builders.h"

namespace sothon::oversight {
namespace {

using ledger::Counter;
using ledger::HistoryEntry;
using ledger::Ordinal;
using Kind = HistoryEntry::Kind;

constexpr Ordinal kHere{3};
constexpr Ordinal kThere{5};

CivilDate Day(int32_t wire) { return CivilDate::FromWire(wire).value(); }

HistoryEntry Entry(Kind kind, uint64_t position, int32_t date, Ordinal place = kHere) {
  HistoryEntry entry;
  entry.kind = kind;
  entry.position = position;
  entry.effective = Day(date);
  entry.place = place;
  return entry;
}

HistoryEntry Paid(uint64_t position, int32_t date, uint8_t months, Ordinal place = kHere, uint32_t drive = 0) {
  HistoryEntry entry = Entry(Kind::kContribution, position, date, place);
  entry.scheme = v1::BHYT_HGD;
  entry.months = months;
  entry.from_month = static_cast<uint16_t>(entry.effective.Month().value);
  entry.named.drive = drive;
  return entry;
}

class RegisterTest : public ::testing::Test {
 protected:
  void Put(uint64_t person, const ledger::History& history) {
    builder_.Put(sothon::testing::SubjectOf(person), history, [](const Person&, std::vector<Trace>*) {});
  }
  const VillageRegister& Of(Ordinal place) { return *builder_.Finish()[place.value]; }

  RegisterBuilder builder_{ledger::CountingRules()};
};

TEST_F(RegisterTest, CollectionsAreThoseOfTheVillageInOrderOfTheirDates) {
  Put(1, {Paid(10, 20251105, 1), Paid(11, 20251205, 1, kThere)});
  Put(2, {Paid(12, 20251101, 1, kHere, 7)});
  const VillageRegister& here = Of(kHere);
  ASSERT_EQ(here.collections.size(), 2u);
  EXPECT_EQ(here.steps.size(), 3u) << "the steps of everybody here, wherever";
  EXPECT_EQ(here.steps[here.collections[0].step].position, 12u);
  EXPECT_EQ(here.collections[0].drive, 7u);
  EXPECT_EQ(here.collections[0].month, Day(20251101).Month().value);
  EXPECT_EQ(here.collections[0].what, Counter::kFirst);
  EXPECT_EQ(here.steps[here.collections[1].step].position, 10u);
  EXPECT_EQ(here.CollectionsFrom(Day(20251102)) - here.collections.begin(), 1);
  EXPECT_EQ(here.CollectionsFrom(Day(20251105)) - here.collections.begin(), 1);
}

TEST_F(RegisterTest, CoversAreInOrderOfTheirLastDay) {
  HistoryEntry opening = Entry(Kind::kOpening, 1, 20250930);
  opening.scheme = v1::BHYT_HGD;
  opening.from_month = static_cast<uint16_t>(opening.effective.Month().value);
  opening.covered_until = Day(20251231);
  Put(1, {opening, Paid(10, 20251105, 1), Paid(11, 20260105, 2)});
  const VillageRegister& here = Of(kHere);
  ASSERT_EQ(here.covers.size(), 3u);
  const Cover& opened = here.covers[0];
  EXPECT_EQ(opened.covered_until, Day(20251231));
  EXPECT_FALSE(opened.outlasted) << "November's month ends no later";
  EXPECT_EQ(opened.until, Day(20251104));
  const Cover& second = here.covers[1];
  EXPECT_EQ(second.covered_until, Day(20251231)) << "with what came before";
  EXPECT_EQ(second.last, Day(20251130)) << "by itself";
  EXPECT_TRUE(second.outlasted);
  EXPECT_EQ(second.next_first, Day(20260101));
  EXPECT_TRUE(second.Covers(Day(20251130)));
  EXPECT_FALSE(second.Covers(Day(20251201)));
  EXPECT_FALSE(second.Covers(Day(20251104))) << "not known yet, though paid for";
  EXPECT_EQ(here.covers[2].until, kNever);
  EXPECT_EQ(here.CoversUntil(Day(20260101)) - here.covers.begin(), 2);
}

TEST_F(RegisterTest, WhatIsDerivedFollowsEveryChange) {
  Put(1, {Paid(10, 20251105, 1)});
  Put(2, {Paid(11, 20251106, 1)});
  EXPECT_EQ(Of(kHere).covers.size(), 2u);
  Put(1, {Paid(10, 20251105, 1), Paid(12, 20251103, 3)});
  const VillageRegister& here = Of(kHere);
  ASSERT_EQ(here.collections.size(), 3u);
  EXPECT_TRUE(std::is_sorted(here.covers.begin(), here.covers.end(),
                             [](const Cover& a, const Cover& b) { return a.covered_until < b.covered_until; }));
  for (const Cover& cover : here.covers) EXPECT_EQ(here.steps[cover.step].covered_until, cover.covered_until);
}

TEST_F(RegisterTest, AMoveTakesTheCoverAndTheGroupAlong) {
  HistoryEntry group = Entry(Kind::kClassification, 1, 20251001);
  group.covered_until = kNever;
  Put(1, {group, Paid(10, 20251105, 3), Entry(Kind::kMove, 11, 20251201, kThere)});
  Put(2, {Entry(Kind::kClassification, 2, 20251001), Entry(Kind::kMove, 12, 20251201, kThere)});
  ASSERT_EQ(Of(kHere).covers.size(), 1u);
  EXPECT_TRUE(Of(kHere).covers[0].IsHereOn(Day(20251130)));
  EXPECT_FALSE(Of(kHere).covers[0].IsHereOn(Day(20251201)));
  EXPECT_EQ(Of(kHere).collections.size(), 1u) << "collections stay";
  const VillageRegister& there = Of(kThere);
  ASSERT_EQ(there.covers.size(), 1u);
  EXPECT_FALSE(there.covers[0].IsHereOn(Day(20251130)));
  EXPECT_TRUE(there.covers[0].IsHereOn(Day(20251201)));
  EXPECT_TRUE(there.covers[0].ended_here);
  EXPECT_FALSE(Of(kHere).covers[0].ended_here);
  EXPECT_TRUE(Of(kHere).covers[0].IsAnsweredForOn(Day(20251130))) << "not ended, and not moved";
  EXPECT_TRUE(there.collections.empty());
  ASSERT_EQ(there.classifications.size(), 4u) << "also who never paid; before the move and since";
  EXPECT_EQ(there.classifications[0].place, kHere);
  EXPECT_TRUE(there.classifications[0].IsThereOn(Day(20251130)));
  EXPECT_FALSE(there.classifications[0].IsThereOn(Day(20251201)));
  EXPECT_EQ(there.classifications[1].place, kThere);
  EXPECT_TRUE(there.classifications[1].IsThereOn(Day(20251201)));
}

TEST_F(RegisterTest, WhoComesBackIsHereTwice) {
  Put(1, {Paid(10, 20251105, 6), Entry(Kind::kMove, 11, 20251201, kThere), Entry(Kind::kMove, 12, 20260201, kHere)});
  const VillageRegister& here = Of(kHere);
  ASSERT_EQ(here.covers.size(), 2u);
  const auto lives_here = [&](int32_t date) {
    return std::count_if(here.covers.begin(), here.covers.end(),
                         [&](const Cover& cover) { return cover.IsHereOn(Day(date)); });
  };
  EXPECT_EQ(lives_here(20251130), 1);
  EXPECT_EQ(lives_here(20251201), 0);
  EXPECT_EQ(lives_here(20260131), 0);
  EXPECT_EQ(lives_here(20260201), 1);
  EXPECT_EQ(Of(kThere).covers.size(), 1u);
}

TEST_F(RegisterTest, WhereACoverEndedAnswersForItAndWhereThePersonLivesCollects) {
  Put(1, {Paid(10, 20251105, 1), Entry(Kind::kMove, 11, 20251210, kThere)});
  ASSERT_EQ(Of(kHere).covers.size(), 1u);
  const Cover& here = Of(kHere).covers[0];
  EXPECT_TRUE(here.IsAnsweredForOn(Day(20260101)));
  EXPECT_TRUE(here.IsHereOn(Day(20251209)));
  EXPECT_FALSE(here.IsHereOn(Day(20251210)));
  ASSERT_EQ(Of(kThere).covers.size(), 1u);
  const Cover& there = Of(kThere).covers[0];
  EXPECT_FALSE(there.IsAnsweredForOn(Day(20260101)));
  EXPECT_TRUE(there.IsHereOn(Day(20260101)));
}

TEST_F(RegisterTest, WhoPaidAheadElsewhereLivesThere) {
  Put(1, {Paid(10, 20251005, 6), Paid(11, 20251110, 6, kThere)});
  ASSERT_EQ(Of(kHere).covers.size(), 2u);
  for (const Cover& cover : Of(kHere).covers) {
    EXPECT_TRUE(cover.IsHereOn(Day(20251109)));
    EXPECT_FALSE(cover.IsHereOn(Day(20251110)));
  }
  for (const Cover& cover : Of(kThere).covers) EXPECT_TRUE(cover.IsHereOn(Day(20251110)));
}

// "The village of the last fact", docs/counting.md, word for word.
TEST_F(RegisterTest, EveryDayHasOneVillageThatOfTheLastFact) {
  std::mt19937_64 random(20251110);
  const auto below = [&](uint64_t n) { return random() % n; };
  const Ordinal places[] = {{1}, {2}, {3}};
  for (uint64_t person = 1; person <= 200; ++person) {
    ledger::History history;
    for (uint64_t i = 0, count = 1 + below(6); i < count; ++i) {
      const CivilDate date = Day(20251001).Plus(static_cast<int32_t>(below(120)));
      HistoryEntry entry = below(3) == 0 ? Entry(Kind::kMove, 10 + i, 20251001, places[below(3)])
                                         : Paid(10 + i, 20251001, static_cast<uint8_t>(1 + below(6)), places[below(3)]);
      entry.effective = date;
      entry.from_month = static_cast<uint16_t>(date.Month().value);
      ledger::Insert(entry, &history);
    }
    Put(person, history);
    const auto insured = std::find_if(history.begin(), history.end(), [](const auto& one) { return one.Covers(); });
    if (insured == history.end()) continue;
    for (int32_t day = -5; day < 130; day += 3) {
      const CivilDate date = Day(20251001).Plus(day);
      Ordinal expected = insured->place;
      for (const HistoryEntry& entry : history) {
        if (entry.effective <= date) expected = entry.place;
      }
      for (const Ordinal place : places) {
        const Registers& all = builder_.Finish();
        if (place.value >= all.size() || all[place.value] == nullptr) {
          ASSERT_NE(place, expected) << "nobody was ever there";
          continue;
        }
        const VillageRegister& village = *all[place.value];
        const auto number = std::find(village.people.begin(), village.people.end(), sothon::testing::SubjectOf(person));
        for (const Cover& cover : village.covers) {
          if (number == village.people.end() || cover.person != number - village.people.begin()) continue;
          if (cover.IsHereOn(date)) {
            ASSERT_EQ(place, expected) << "person " << person << " on day " << day;
          }
        }
        if (place == expected) {
          ASSERT_TRUE(std::any_of(village.covers.begin(), village.covers.end(),
                                  [&](const Cover& cover) {
                                    return cover.person == number - village.people.begin() && cover.IsHereOn(date);
                                  }))
              << "person " << person << " on day " << day;
        }
      }
    }
  }
}

TEST_F(RegisterTest, WithdrawnContributionsAreKeptBeside) {
  HistoryEntry withdrawn = Paid(10, 20251105, 1);
  withdrawn.kind = Kind::kWithdrawn;
  withdrawn.withdrawn_at = 12;
  Put(1, {withdrawn});
  const VillageRegister& here = Of(kHere);
  EXPECT_TRUE(here.steps.empty());
  ASSERT_EQ(here.withdrawn.size(), 1u);
  EXPECT_EQ(here.people[here.withdrawn[0].person], sothon::testing::SubjectOf(1));
  EXPECT_EQ(here.withdrawn[0].entry.withdrawn_at, 12u);
}

}  // namespace
}  // namespace sothon::oversight
