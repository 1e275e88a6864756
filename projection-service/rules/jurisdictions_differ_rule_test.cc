#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "jurisdictions_differ";

class JurisdictionsDifferTest : public ::testing::Test {
 protected:
  JurisdictionsDifferTest() {
    for (const char* office : {"BHXH-A", "BHXH-B"}) story_.Party(office, v1::BHXH_OFFICE);
    story_.Party("BHXH-A1", v1::BHXH_OFFICE, "BHXH-A");
  }
  uint64_t Assign(const char* place, const char* office, int32_t date = 20251001,
                  v1::JurisdictionAssigned::Tree tree = v1::JurisdictionAssigned::SOCIAL_INSURANCE) {
    v1::Event event;
    event.mutable_jurisdiction_assigned()->set_place_id(place);
    event.mutable_jurisdiction_assigned()->set_tree(tree);
    event.mutable_jurisdiction_assigned()->set_office_party_id(office);
    return story_.Tell(date, "", event);
  }
  testing::Story story_{3};
};

TEST_F(JurisdictionsDifferTest, AVillageWithAnotherOfficeThanItsCommune_Plan15) {
  const uint64_t commune = Assign("23500", "BHXH-A");
  Assign("23500-01", "BHXH-A");
  Assign("23500-02", "BHXH-A1");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "an office below it is its own; the third goes with it";
  const uint64_t other = Assign("23500-03", "BHXH-B", 20251101);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251101),
              ElementsAre(StrCat("23500 BHXH-A - - - x1 20251101 [", commune, " ", other, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251101, other - 1), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251101, 0, "23500-01"), IsEmpty()) << "another village's";
  Assign("23500-03", "BHXH-A", 20251201);
  EXPECT_THAT(story_.Find(kCode, 20251201), IsEmpty()) << "assigned anew";
}

TEST_F(JurisdictionsDifferTest, VillagesInNoOffice_Plan15) {
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "nothing is assigned at all";
  const uint64_t first = Assign("23500-01", "BHXH-A");
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(StrCat("23500 BHXH-A - - - x2 20251001 [", first, "]")));
  Assign("23500", "BHXH-A");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(JurisdictionsDifferTest, TheOtherTreeIsNotAsked_Plan15) {
  Assign("23500", "BHXH-A");
  Assign("23500-01", "BHXH-B", 20251001, v1::JurisdictionAssigned::ADMINISTRATIVE);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
