#include "projection-service/ledger/facts.h"

#include <gtest/gtest.h>

#include "common/testing/event_builders.h"

namespace sothon::ledger {
namespace {

v1::Event At(uint64_t position, v1::Event event) {
  event.set_position(position);
  return event;
}

TEST(FactsTest, KeepsFactsByKindUpToAPosition) {
  Facts facts;
  facts.Add(At(1, testing::Province()));
  facts.Add(At(2, testing::Agency("A")));
  facts.Add(At(3, testing::Contribution({})));
  facts.Add(At(5, testing::Agency("B")));
  EXPECT_EQ(facts.size(), 3u);
  EXPECT_TRUE(facts.Of(v1::Event::kPartyRegistered, Position{1}).empty());
  ASSERT_EQ(facts.Of(v1::Event::kPartyRegistered, Position{4}).size(), 1u);
  ASSERT_EQ(facts.Of(v1::Event::kPartyRegistered, Position{5}).size(), 2u);
  EXPECT_EQ(facts.Of(v1::Event::kPartyRegistered, Position{5})[1]->party_registered().party_id(), "B");
  EXPECT_TRUE(facts.Of(v1::Event::kContributionRecorded, Position{9}).empty());
}

TEST(FactsTest, ACopyStaysAsItWas) {
  Facts facts;
  facts.Add(At(1, testing::Agency("A")));
  const Facts copy = facts;
  for (uint64_t i = 2; i < 2000; ++i) facts.Add(At(i, testing::Agency("B")));
  EXPECT_EQ(copy.Of(v1::Event::kPartyRegistered, Position{5000}).size(), 1u);
  EXPECT_EQ(copy.Of(v1::Event::kPartyRegistered, Position{5000})[0]->party_registered().party_id(), "A");
  EXPECT_EQ(facts.Of(v1::Event::kPartyRegistered, Position{5000}).size(), 1999u);
}

TEST(KnownFactsTest, LeavesOutWhatTookEffectLater) {
  Facts facts;
  const auto dated = [](uint64_t position, int32_t date) {
    v1::Event event = At(position, testing::Agency("A" + std::to_string(position)));
    event.set_effective_date(date);
    return event;
  };
  facts.Add(dated(1, 20251001));
  facts.Add(dated(2, 20251201));
  facts.Add(dated(3, 20251101));
  const KnownFacts in_november(&facts, Position{3}, CivilDate::FromWire(20251101));
  ASSERT_EQ(in_november.Of(v1::Event::kPartyRegistered).size(), 2u);
  EXPECT_EQ(in_november.Of(v1::Event::kPartyRegistered)[1]->position(), 3u);
  EXPECT_EQ(KnownFacts(&facts, Position{2}, CivilDate::FromWire(20251101)).Of(v1::Event::kPartyRegistered).size(), 1u);
  EXPECT_EQ(KnownFacts(&facts, Position{3}).Of(v1::Event::kPartyRegistered).size(), 3u);
}

}  // namespace
}  // namespace sothon::ledger
