#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using testing::DocumentOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "former_unit_unconfirmed";

v1::Event VillageOf(int number, v1::Provenance provenance) {
  v1::Event event = sothon::testing::Village(number, StrCat("Thôn ", number));
  event.mutable_place_registered()->set_former_unit("xã Đăk La (cũ)");
  event.mutable_place_registered()->set_former_unit_provenance(provenance);
  event.set_effective_date(20251017);
  return event;
}

TEST(FormerUnitUnconfirmedTest, OneForTheCommuneWithTheirCount_Plan11) {
  testing::Story story(2);
  story.Tell(VillageOf(3, v1::STATED));
  story.Tell(VillageOf(4, v1::CONFIRMED));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  const uint64_t first = story.Tell(VillageOf(5, v1::INFERRED));
  const uint64_t second = story.Tell(VillageOf(6, v1::INFERRED));
  EXPECT_THAT(story.Find(kCode, 20251016), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251017), ElementsAre(StrCat("23500 - - - - x2 20251017 [", first, " ", second, "]")));
  EXPECT_THAT(story.Find(kCode, 20251017, first), ElementsAre(StrCat("23500 - - - - x1 20251017 [", first, "]")));
  EXPECT_THAT(story.Find(kCode, 20251017, 0, "23500-06"), IsEmpty()) << "a matter of the commune, with one count";
}

TEST(FormerUnitUnconfirmedTest, AVillageThatWasMergedAwayIsNoQuestionAnyMore_Plan11) {
  testing::Story story(2);
  story.Tell(VillageOf(3, v1::INFERRED));
  v1::Event merged;
  merged.mutable_place_changed()->set_place_id("23500-03");
  merged.mutable_place_changed()->set_change(v1::PlaceChanged::MERGED);
  merged.mutable_place_changed()->add_into_place_ids("23500-01");
  story.Tell(20251201, "", merged);
  EXPECT_EQ(story.Find(kCode, 20251130).size(), 1u);
  EXPECT_THAT(story.Find(kCode, 20251201), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
