#include "projection-service/ledger/history.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "common/testing/seed.h"

namespace sothon::ledger {
namespace {

using Kind = HistoryEntry::Kind;
using Figures = std::map<std::pair<CivilMonth, Counter>, int64_t>;

constexpr v1::Scheme kScheme = v1::BHXH_TN;

HistoryEntry Contribution(uint64_t position, const char* date, const char* from, int months, uint32_t place = 1) {
  HistoryEntry entry;
  entry.position = position;
  entry.effective = *CivilDate::Parse(date);
  entry.from_month = static_cast<uint16_t>(CivilMonth::Parse(from)->value);
  entry.months = static_cast<uint8_t>(months);
  entry.kind = Kind::kContribution;
  entry.scheme = kScheme;
  entry.place = {place};
  return entry;
}

HistoryEntry Opening(uint64_t position, const char* date, const char* until, uint32_t place = 1) {
  HistoryEntry entry;
  entry.position = position;
  entry.effective = *CivilDate::Parse(date);
  entry.from_month = static_cast<uint16_t>(entry.effective.Month().value);
  entry.covered_until = *CivilDate::Parse(until);
  entry.kind = Kind::kOpening;
  entry.scheme = kScheme;
  entry.place = {place};
  return entry;
}

HistoryEntry Move(uint64_t position, const char* date, uint32_t place) {
  HistoryEntry entry;
  entry.position = position;
  entry.effective = *CivilDate::Parse(date);
  entry.kind = Kind::kMove;
  entry.place = {place};
  return entry;
}

// Sum over all villages.
Figures FiguresOf(std::vector<HistoryEntry> entries) {
  History history;
  for (const HistoryEntry& entry : entries) Insert(entry, &history);
  std::vector<Posting> postings;
  Describe(history, kScheme, CountingRules(), Names(), +1, CivilMonth{0}, &postings);
  Figures figures;
  for (const Posting& posting : postings) figures[{posting.account.month(), posting.counter}] += posting.change;
  return figures;
}

int64_t At(const Figures& figures, const char* month, Counter counter) {
  const auto it = figures.find({*CivilMonth::Parse(month), counter});
  return it == figures.end() ? 0 : it->second;
}

int64_t ActiveAt(const Figures& figures, const char* month) {
  int64_t active = 0;
  for (const auto& [key, value] : figures) {
    if (key.second == Counter::kActiveChange && key.first <= *CivilMonth::Parse(month)) active += value;
  }
  return active;
}

TEST(Classify, AFirstContributionWithoutOpeningIsFirst) {
  EXPECT_EQ(At(FiguresOf({Contribution(1, "2025-10-05", "2025-10", 1)}), "2025-10", Counter::kFirst), 1);
}

TEST(Classify, AnOpeningIsEarlierCoverage) {
  const Figures figures =
      FiguresOf({Opening(1, "2025-09-30", "2025-10-31"), Contribution(2, "2025-11-05", "2025-11", 1)});
  EXPECT_EQ(At(figures, "2025-11", Counter::kRenewed), 1);
  EXPECT_EQ(At(figures, "2025-11", Counter::kFirst), 0);
}

TEST(Classify, AGapOfExactlyTheGraceIsRenewedAndOneDayMoreIsReturned) {
  // Cover until 31 January; 1 May is 90 days after the day after it (89 for February 28 + March 31 + April 30).
  const Figures ninety =
      FiguresOf({Opening(1, "2025-01-01", "2025-01-30"), Contribution(2, "2025-05-05", "2025-05", 1)});
  EXPECT_EQ(At(ninety, "2025-05", Counter::kRenewed), 1);
  const Figures ninety_one =
      FiguresOf({Opening(1, "2025-01-01", "2025-01-29"), Contribution(2, "2025-05-05", "2025-05", 1)});
  EXPECT_EQ(At(ninety_one, "2025-05", Counter::kReturned), 1);
}

TEST(Classify, ASecondPaymentInAMonthIsARepeatAndNeverANewPerson) {
  const Figures figures =
      FiguresOf({Contribution(1, "2025-11-10", "2025-11", 1), Contribution(2, "2025-11-20", "2025-12", 1)});
  EXPECT_EQ(At(figures, "2025-11", Counter::kFirst), 1);
  EXPECT_EQ(At(figures, "2025-11", Counter::kRepeat), 1);
}

TEST(Classify, OnTheSameDayTheEarlierPositionCountsFirst) {
  HistoryEntry later = Contribution(9, "2025-11-10", "2025-11", 1, 2);
  HistoryEntry earlier = Contribution(3, "2025-11-10", "2025-11", 1, 1);
  History history;
  Insert(later, &history);
  Insert(earlier, &history);
  EXPECT_EQ(history[0].position, 3u);
}

TEST(Covers, APaymentOfSeveralMonthsCoversThemAll) {
  const Figures figures = FiguresOf({Contribution(1, "2025-10-20", "2025-10", 3)});
  EXPECT_EQ(ActiveAt(figures, "2025-09"), 0);
  EXPECT_EQ(ActiveAt(figures, "2025-10"), 1);
  EXPECT_EQ(ActiveAt(figures, "2025-12"), 1);
  EXPECT_EQ(ActiveAt(figures, "2026-01"), 0);
}

TEST(Covers, OverlappingPaymentsCoverAPersonOnce) {
  const Figures figures =
      FiguresOf({Contribution(1, "2025-10-20", "2025-10", 3), Contribution(2, "2025-11-20", "2025-11", 6)});
  EXPECT_EQ(ActiveAt(figures, "2025-12"), 1);
  EXPECT_EQ(ActiveAt(figures, "2026-04"), 1);
  EXPECT_EQ(ActiveAt(figures, "2026-05"), 0);
}

TEST(Covers, AnOpeningThatEndsInMidMonthDoesNotCoverThatMonthsLastDay) {
  const Figures figures = FiguresOf({Opening(1, "2025-09-30", "2025-11-15")});
  EXPECT_EQ(ActiveAt(figures, "2025-09"), 1);
  EXPECT_EQ(ActiveAt(figures, "2025-10"), 1);
  EXPECT_EQ(ActiveAt(figures, "2025-11"), 0);
}

TEST(Covers, AMoveTakesTheCoverAlongFromItsMonthOn) {
  History history;
  Insert(Contribution(1, "2025-10-20", "2025-10", 3, 1), &history);
  Insert(Move(2, "2025-11-02", 2), &history);
  std::vector<Posting> postings;
  Describe(history, kScheme, CountingRules(), Names(), +1, CivilMonth{0}, &postings);
  std::map<std::pair<uint32_t, CivilMonth>, int64_t> changes;
  for (const Posting& posting : postings) {
    if (posting.counter == Counter::kActiveChange) {
      changes[{posting.account.ordinal().value, posting.account.month()}] += posting.change;
    }
  }
  EXPECT_EQ((changes[{1, *CivilMonth::Parse("2025-10")}]), 1);
  EXPECT_EQ((changes[{1, *CivilMonth::Parse("2025-11")}]), -1);
  EXPECT_EQ((changes[{2, *CivilMonth::Parse("2025-11")}]), 1);
  EXPECT_EQ((changes[{2, *CivilMonth::Parse("2026-01")}]), -1);
}

TEST(Consolidate, EqualDescriptionsLeaveNothing) {
  History history;
  Insert(Contribution(1, "2025-10-20", "2025-10", 3), &history);
  std::vector<Posting> postings;
  Describe(history, kScheme, CountingRules(), Names(), +1, CivilMonth{0}, &postings);
  Describe(history, kScheme, CountingRules(), Names(), -1, CivilMonth{0}, &postings);
  Consolidate(&postings);
  EXPECT_TRUE(postings.empty());
}

TEST(HistoryCodec, GoldenBytes) {
  HistoryEntry entry = Contribution(300, "1970-01-03", "2025-10", 3, 7);
  entry.paid_vnd = 129;
  entry.central_support_vnd = 2;
  entry.named = {200, 0, 3};
  const std::string bytes = EncodeHistory({entry, Move(2, "1969-12-31", 8)});
  // kind and scheme | position 300 | +2 days | place 7 | month 24309 | 3 months | 129 | 2 | 0 | desk 199 | - | credits
  // 2 | due 0 | income 0 | nothing declared || move...
  EXPECT_EQ(bytes, std::string("\x21\xac\x02\x04\x07\xf5\xbd\x01\x03\x81\x01\x02\x00\xc8\x01\x00\x03\x00\x00\x00"
                               "\x40\x02\x01\x08",
                               24));
}

TEST(HistoryCodec, RandomHistoriesComeBackAndDamageIsNoticedOrHarmless) {
  std::mt19937 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 500; ++round) {
    History history;
    for (uint32_t n = random() % 6; n > 0; --n) {
      HistoryEntry entry = Contribution(random(), "2025-10-20", "2025-10", 1 + random() % 255, random() % 100);
      entry.effective.value += static_cast<int32_t>(random() % 400);
      entry.paid_vnd = random() * int64_t{1000};
      entry.local_support_vnd = random();
      entry.named = {static_cast<uint32_t>(random()), static_cast<uint32_t>(random() % 3),
                     static_cast<uint32_t>(random() % 3)};
      Insert(random() % 4 == 0 ? Opening(random(), "2025-09-30", "2026-02-28") : entry, &history);
    }
    std::string bytes = EncodeHistory(history);
    History back;
    ASSERT_TRUE(DecodeHistory(bytes, &back));
    ASSERT_EQ(back, history);
    if (!bytes.empty()) {
      bytes.resize(random() % bytes.size());
      DecodeHistory(bytes, &back);  // must not crash; whole entries may remain
    }
  }
}

}  // namespace
}  // namespace sothon::ledger
