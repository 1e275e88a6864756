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

}  // namespace
}  // namespace sothon::ledger
