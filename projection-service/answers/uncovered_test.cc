#include "projection-service/answers/uncovered.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/answers/schools.h"
#include "projection-service/rules/testing/people.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::ClassificationOf;
using rules::testing::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UncoveredTest : public ::testing::Test {
 protected:
  UncoveredTest() { story_.Party("TH-01", v1::SCHOOL); }

  uint64_t Insure(uint64_t person, v1::Scheme scheme, int32_t date, uint32_t months, const char* credited = "",
                  const char* village = "23500-01") {
    v1::Event event = sothon::testing::Contribution({.receipt = StrCat(++receipts_),
                                                     .person = person,
                                                     .scheme = scheme,
                                                     .place_id = village,
                                                     .date = date,
                                                     .months = months});
    if (*credited != '\0') event.mutable_contribution_recorded()->add_credited_party_ids(credited);
    return story_.Tell(event);
  }
  void Declare(const char* of, int64_t value, int32_t as_of, const char* place = "23500") {
    v1::Event event;
    event.mutable_denominator_declared()->set_of(of);
    event.mutable_denominator_declared()->set_party_id("TH-01");
    event.mutable_denominator_declared()->set_value(value);
    event.mutable_denominator_declared()->set_as_of_date(as_of);
    story_.Tell(as_of, place, event);
  }
  v1::GetUncoveredResponse Ask(int32_t date = 20251130, uint64_t position = 0, std::string_view place = "23500") const {
    v1::GetUncoveredResponse response;
    EXPECT_TRUE(FillUncovered(story_.SituationOn(date, position, place), {}, &response).ok());
    return response;
  }
  // "group place people covered uncovered"
  std::vector<std::string> Groups(int32_t date = 20251130, uint64_t position = 0) const {
    std::vector<std::string> lines;
    const v1::GetUncoveredResponse response = Ask(date, position);
    for (const v1::GroupState& group : response.groups()) {
      lines.push_back(StrCat(group.group(), " ", group.place_id(), " ", group.people(), " ", group.covered(), " ",
                             group.uncovered()));
    }
    return lines;
  }

  Story story_{2};
  int receipts_ = 0;
};

TEST_F(UncoveredTest, BothRatesOfASchool_Plan20) {
  Declare("pupils", 50, 20250905);
  Declare("pupils_insured_otherwise", 10, 20250905);
  Insure(1, v1::BHYT_HSSV, 20251005, 12, "TH-01");
  Insure(2, v1::BHYT_HSSV, 20251005, 12, "TH-01", "23500-02");
  Insure(2, v1::BHYT_NSNN, 20251005, 12);
  Insure(3, v1::BHYT_HSSV, 20251005, 12);          // of no school
  Insure(4, v1::BHYT_HGD, 20251005, 12, "TH-01");  // no pupil's card
  Insure(5, v1::BHYT_HSSV, 20251005, 1, "TH-01");  // run out
  const v1::SchoolState school = Ask().schools(0);
  EXPECT_EQ(school.school_year(), "2025-2026");
  EXPECT_EQ(school.covered(), 2);
  EXPECT_EQ(school.covered_twice(), 1);
  EXPECT_DOUBLE_EQ(school.percent_of_rest(), 5.0);
  EXPECT_DOUBLE_EQ(school.percent_of_all(), 24.0);
  EXPECT_EQ(school.uncovered(), 38);
  EXPECT_EQ(Ask(20251031).schools(0).covered(), 3);
  EXPECT_EQ(Ask(20251130, 0, "23500-02").schools_size(), 1) << "a card of the village names it";
  EXPECT_EQ(Ask(20251004).schools(0).covered(), 0);
}

TEST_F(UncoveredTest, TheNewestCardSaysWhichSchool) {
  story_.Party("TH-02", v1::SCHOOL);
  Insure(1, v1::BHYT_HSSV, 20251005, 12, "TH-01");
  Insure(1, v1::BHYT_HSSV, 20251105, 12, "TH-02");
  EXPECT_EQ(Ask().schools(0).covered(), 0);
  EXPECT_EQ(Ask().schools(1).covered(), 1);
  EXPECT_EQ(Ask(20251104).schools(0).covered(), 1);
}

TEST_F(UncoveredTest, UnknownIsNotNothing_Plan19) {
  const v1::SchoolState untold = Ask().schools(0);
  EXPECT_FALSE(untold.pupils_known());
  EXPECT_FALSE(untold.has_percent_of_rest());
  EXPECT_FALSE(untold.has_percent_of_all());
  Declare("pupils", 50, 20250905);
  EXPECT_TRUE(Ask().schools(0).pupils_known());
  EXPECT_FALSE(Ask().schools(0).insured_otherwise_known());
  EXPECT_FALSE(Ask().schools(0).has_percent_of_rest());
  EXPECT_EQ(Ask().schools(0).uncovered(), 0);
}

TEST_F(UncoveredTest, TheSchoolYearIsACalendarOfItsOwn_Plan21) {
  EXPECT_EQ(SchoolYear::Of(CivilDate::FromWire(20250831).value()).ToString(), "2024-2025");
  const SchoolYear year = SchoolYear::Of(CivilDate::FromWire(20250901).value());
  EXPECT_EQ(year.ToString(), "2025-2026");
  EXPECT_EQ(year.last.ToWire(), 20260831);
  Declare("pupils", 50, 20250905);
  v1::Event sponsored;
  sponsored.mutable_activity_recorded()->set_kind(v1::SPONSORSHIP);
  sponsored.mutable_activity_recorded()->set_party_id("TH-01");
  sponsored.mutable_activity_recorded()->set_people(4);
  story_.Tell(20250831, "23500", sponsored);
  story_.Tell(20251010, "23500", sponsored);
  EXPECT_EQ(Ask(20260831).schools(0).pupils(), 50);
  EXPECT_EQ(Ask(20260831).schools(0).sponsored(), 4);
  EXPECT_FALSE(Ask(20260901).schools(0).pupils_known()) << "last year's number";
  EXPECT_EQ(Ask(20260901).schools(0).sponsored(), 0);
}

TEST_F(UncoveredTest, SchoolsOfElsewhereAreNotListed) {
  story_.Tell(sothon::testing::Commune("23501", "51", "Đăk Ngọk"));
  Declare("pupils", 50, 20250905, "23501");
  EXPECT_EQ(Ask().schools_size(), 0);
  EXPECT_EQ(Ask(20251130, 0, "51").schools_size(), 1);
}

TEST_F(UncoveredTest, GroupsByVillage_Plan61_Plan63) {
  story_.Tell(ClassificationOf(1, "ho_ngheo", 20251001));
  story_.Tell(ClassificationOf(2, "ho_ngheo", 20251001, 20251031));
  story_.Tell(ClassificationOf(3, "ho_ngheo", 20251001, 0, "23500-02"));
  story_.Tell(ClassificationOf(3, "can_ngheo", 20251001, 0, "23500-02"));
  Insure(1, v1::BHYT_NSNN, 20251005, 12, "", "23500-02");
  Insure(3, v1::BHXH_TN, 20251005, 12);
  EXPECT_THAT(Groups(), ElementsAre("can_ngheo 23500-02 1 0 1", "ho_ngheo 23500-01 1 1 0", "ho_ngheo 23500-02 1 0 1"));
  EXPECT_THAT(Groups(20251031)[1], "ho_ngheo 23500-01 2 1 1");
  EXPECT_THAT(Groups(20251004)[1], "ho_ngheo 23500-01 2 0 2");
  EXPECT_THAT(Groups(20250930), IsEmpty());
  const uint64_t before = story_.last_position();
  story_.Tell(ClassificationOf(1, "ho_ngheo", 20251110, 20251115));
  EXPECT_THAT(Groups(), ElementsAre("can_ngheo 23500-02 1 0 1", "ho_ngheo 23500-02 1 0 1")) << "a newer one holds";
  EXPECT_EQ(Groups(20251130, before).size(), 3u);
  story_.Tell(sothon::testing::Move(3, "23500-01", 20251120));
  EXPECT_THAT(Groups(), ElementsAre("can_ngheo 23500-01 1 0 1", "ho_ngheo 23500-01 1 0 1"));
  EXPECT_EQ(Groups(20251119).size(), 2u);
  EXPECT_THAT(Groups(20251119), ElementsAre("can_ngheo 23500-02 1 0 1", "ho_ngheo 23500-02 1 0 1")) << "not moved yet";
}

TEST_F(UncoveredTest, EachMemberOfARosterByItself_Plan22) {
  for (const char* official : {"CB-1", "CB-2"}) story_.Party(official, v1::OFFICIAL);
  v1::Event target = sothon::testing::VillageTarget("T-CB", "23500", v1::BHXH_TN, 202510, 1);
  target.mutable_target_set()->set_measure(v1::PER_PERSON_MINIMUM);
  target.mutable_target_set()->set_to_month(202512);
  target.mutable_target_set()->set_reading("mỗi người");
  story_.Tell(20250101, "23500", target);
  v1::Event roster;
  roster.mutable_roster_declared()->set_roster_id("DS-1");
  roster.mutable_roster_declared()->set_of_party_id("UBND-XA");
  roster.mutable_roster_declared()->set_target_id("T-CB");
  for (const char* official : {"CB-1", "CB-2"}) roster.mutable_roster_declared()->add_member_party_ids(official);
  const uint64_t declared = story_.Tell(20251001, "23500", roster);
  for (uint64_t person = 1; person < 4; ++person) Insure(person, v1::BHXH_TN, 20251005, 12, "CB-2");
  ASSERT_EQ(Ask().rosters_size(), 1);
  const v1::RosterState state = Ask().rosters(0);
  EXPECT_EQ(state.roster_id(), "DS-1");
  EXPECT_EQ(state.position(), declared);
  EXPECT_EQ(state.members(), 2u);
  EXPECT_EQ(state.met(), 1u) << "three of one are not one of each";
  EXPECT_THAT(state.short_member_ids(), ElementsAre("CB-1"));
  EXPECT_EQ(state.minimum(), 1);
  EXPECT_EQ(state.reading(), "mỗi người");
  EXPECT_EQ(Ask(20251004).rosters(0).met(), 0u);
}

}  // namespace
}  // namespace sothon::answers
