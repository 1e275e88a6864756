#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/oversight/rosters.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "roster_member_short";

class RosterMemberShortTest : public ::testing::Test {
 protected:
  RosterMemberShortTest() {
    story_.Party("UBND", v1::PEOPLES_COMMITTEE);
    for (const char* official : {"CB-01", "CB-02", "CB-03"}) story_.Party(official, v1::OFFICIAL, "UBND");
  }
  v1::Event Target(const char* id, int64_t value, v1::Scheme scheme = v1::BHXH_TN) {
    v1::Event event = sothon::testing::VillageTarget(id, "23500", scheme, 202510, value);
    event.mutable_target_set()->set_to_month(202512);
    event.mutable_target_set()->set_measure(v1::PER_PERSON_MINIMUM);
    return event;
  }
  uint64_t Declare(std::vector<std::string> members, int32_t date = 20251017, const char* target = "T",
                   const char* place = "23500") {
    v1::Event event;
    event.mutable_roster_declared()->set_roster_id("R");
    event.mutable_roster_declared()->set_target_id(target);
    event.mutable_roster_declared()->mutable_member_party_ids()->Assign(members.begin(), members.end());
    return story_.Tell(date, place, std::move(event));
  }
  uint64_t Bring(const char* official, uint64_t person, int32_t date, v1::Scheme scheme = v1::BHXH_TN,
                 const char* place = "23500-01") {
    v1::Event event = sothon::testing::Contribution({.receipt = std::to_string(story_.last_position()),
                                                     .person = person,
                                                     .scheme = scheme,
                                                     .place_id = place,
                                                     .date = date});
    event.mutable_contribution_recorded()->add_credited_party_ids(official);
    return story_.Tell(std::move(event));
  }
  std::string Line(const char* member, const char* what, uint64_t target, uint64_t roster) const {
    return std::string("23500 ") + member + " - BHXH_TN 2025Q4 " + what + " [" + std::to_string(target) + " " +
           std::to_string(roster) + "]";
  }

  testing::Story story_;
};

TEST_F(RosterMemberShortTest, EachMemberByItselfAndNeverAnAverage) {
  const uint64_t target = story_.Tell(Target("T", 1));
  const uint64_t roster = Declare({"CB-01", "CB-02", "CB-03"});
  Bring("CB-01", 1, 20251020);
  Bring("CB-01", 2, 20251021, v1::BHXH_TN, "23500-02");
  Bring("CB-01", 3, 20251022);
  Bring("CB-03", 4, 20251231);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "the quarter is not over";
  EXPECT_THAT(story_.Find(kCode, 20260101), ElementsAre(Line("CB-02", "x1 20260101", target, roster)));
  EXPECT_THAT(story_.Find(kCode, 20260101, 0, "23500-01"), IsEmpty()) << "it is about the commune";
}

// Each member of a union owes one of either product; one of them does not stand for the other.
TEST_F(RosterMemberShortTest, AUnionMemberOwesBothProducts_Plan23) {
  const v1::Scheme schemes[] = {v1::BHXH_TN, v1::BHYT_HGD};
  for (const v1::Scheme scheme : schemes) {
    const std::string id = v1::Scheme_Name(scheme);
    story_.Tell(Target(id.c_str(), 1, scheme));
    v1::Event roster;
    roster.mutable_roster_declared()->set_roster_id("HV-" + id);
    roster.mutable_roster_declared()->set_target_id(id);
    for (const char* member : {"CB-01", "CB-02"}) roster.mutable_roster_declared()->add_member_party_ids(member);
    story_.Tell(20251017, "23500", roster);
  }
  Bring("CB-01", 1, 20251020, v1::BHXH_TN);
  Bring("CB-01", 2, 20251020, v1::BHYT_HGD);
  Bring("CB-02", 3, 20251020, v1::BHXH_TN);
  Bring("CB-02", 4, 20251021, v1::BHXH_TN);
  const std::vector<std::string> found = story_.Find(kCode, 20260101);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("23500 CB-02 - BHYT_HGD 2025Q4 ")) << found[0];
}

TEST_F(RosterMemberShortTest, WhatCounts) {
  const uint64_t target = story_.Tell(Target("T", 2));
  const uint64_t roster = Declare({"CB-01"});
  Bring("CB-01", 1, 20251020);
  Bring("CB-01", 1, 20251120);                // renewed
  Bring("CB-01", 2, 20251020, v1::BHYT_HGD);  // another scheme
  Bring("CB-01", 3, 20260105);                // another quarter
  Bring("CB-02", 4, 20251020);                // somebody else's
  const uint64_t before = story_.last_position();
  EXPECT_THAT(story_.Find(kCode, 20260131), ElementsAre(Line("CB-01", "x1 20260101", target, roster)));
  Bring("CB-01", 5, 20251231);  // recorded late
  EXPECT_THAT(story_.Find(kCode, 20260131), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20260131, before), ElementsAre(Line("CB-01", "x1 20260101", target, roster)));
  story_.Tell(sothon::testing::Reversal(std::to_string(before), 20260110));
  EXPECT_THAT(story_.Find(kCode, 20260131), ElementsAre(Line("CB-01", "x1 20260101", target, roster)));
}

TEST_F(RosterMemberShortTest, TheNewestRosterAndTheNewestRevisionHold) {
  story_.Tell(Target("T", 1));
  Declare({"CB-01", "CB-02"});
  Bring("CB-02", 1, 20251020);
  v1::Event revision = Target("T-2", 2);
  revision.mutable_target_set()->set_revises_target_id("T");
  const uint64_t target = story_.Tell(std::move(revision));
  const uint64_t roster = Declare({"CB-02"}, 20251101);
  EXPECT_THAT(story_.Find(kCode, 20260131), ElementsAre(Line("CB-02", "x1 20260101", target, roster)));
}

TEST_F(RosterMemberShortTest, ATargetOfAPartyAndARosterOfNoPlaceAreEverybodys) {
  v1::Event event = Target("T", 1);
  event.clear_place_id();
  event.mutable_target_set()->set_party_id("UBND");
  story_.Tell(std::move(event));
  Declare({"CB-01"}, 20251017, "T", "");
  EXPECT_EQ(story_.Find(kCode, 20260131).at(0).substr(0, 8), "- CB-01 ");
}

TEST_F(RosterMemberShortTest, OtherTargetsAreNotOfRosters) {
  v1::Event event = Target("T", 1);
  event.mutable_target_set()->set_measure(v1::DEVELOPED);
  story_.Tell(std::move(event));
  Declare({"CB-01"});
  EXPECT_THAT(story_.Find(kCode, 20260131), IsEmpty());
  EXPECT_THAT(oversight::RostersOf(story_.SituationOn(20260131)), IsEmpty());
}

TEST_F(RosterMemberShortTest, CountsUpToTheDate) {
  story_.Tell(Target("T", 2));
  Declare({"CB-01"});
  Bring("CB-01", 1, 20251020);
  Bring("CB-01", 2, 20251120);
  const std::vector<oversight::Roster> october = oversight::RostersOf(story_.SituationOn(20251031));
  ASSERT_EQ(october.size(), 1u);
  EXPECT_EQ(october[0].members.at(0).credited, 1);
  EXPECT_FALSE(october[0].IsMetBy(october[0].members.at(0)));
  const std::vector<oversight::Roster> november = oversight::RostersOf(story_.SituationOn(20251130));
  EXPECT_TRUE(november.at(0).IsMetBy(november[0].members.at(0)));
}

}  // namespace
}  // namespace sothon::rules
