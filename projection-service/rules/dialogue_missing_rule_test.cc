#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "dialogue_missing";

class DialogueMissingTest : public ::testing::Test {
 protected:
  DialogueMissingTest() { duty_ = story_.Parameter("duty.dialogue_monthly", 1, 20251017); }
  uint64_t Talk(int32_t date, const char* place, v1::ActivityKind kind = v1::DIALOGUE) {
    v1::Event event;
    event.mutable_activity_recorded()->set_kind(kind);
    return story_.Tell(date, place, event);
  }
  std::string Line(const char* month, int32_t since) {
    return StrCat("23500 - - - ", month, " x1 ", since, " [", duty_, "]");
  }
  testing::Story story_;
  uint64_t duty_ = 0;
};

TEST_F(DialogueMissingTest, EveryMonthThatIsOverFromTheDutyOn_Plan34) {
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty()) << "October is not over";
  EXPECT_THAT(story_.Find(kCode, 20251101), ElementsAre(Line("2025-10", 20251101)));
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(Line("2025-10", 20251101), Line("2025-11", 20251201)));
  EXPECT_THAT(story_.Find(kCode, 20251231, duty_ - 1), IsEmpty());
}

TEST_F(DialogueMissingTest, OneInAVillageIsOne_Plan34) {
  Talk(20251018, "23500-02", v1::CONFERENCE);
  const uint64_t talk = Talk(20251130, "23500-02");
  EXPECT_THAT(story_.Find(kCode, 20251201), ElementsAre(Line("2025-10", 20251101)));
  Talk(20251020, "23500");
  EXPECT_THAT(story_.Find(kCode, 20251201), IsEmpty()) << "recorded late, but held in time";
  EXPECT_EQ(story_.Find(kCode, 20251201, talk).size(), 1u);
}

TEST_F(DialogueMissingTest, OnlyInThisCommuneAndWhileTheDutyHolds_Plan34) {
  story_.Tell(sothon::testing::Commune("23501", "51", "Xã bên"));
  Talk(20251020, "23501");
  EXPECT_EQ(story_.Find(kCode, 20251101).size(), 1u) << "the neighbours' dialogue; they have no such duty";
  story_.Parameter("duty.dialogue_monthly", 0, 20251101);
  EXPECT_EQ(story_.Find(kCode, 20260131).size(), 1u) << "October alone";
}

}  // namespace
}  // namespace sothon::rules
