#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "later_collection_by_other";

class LaterCollectionByOtherTest : public ::testing::Test {
 protected:
  LaterCollectionByOtherTest() {
    story_.Parameter("duty.resident_collector", 1);
    story_.Party("NVT-02", v1::COLLECTOR, "TCDVT-01");
    resident_ = story_.Role("R1", v1::RESIDENT_COLLECTOR, "NVT-02", "23500-01", 20251101);
  }
  uint64_t Collect(const char* receipt, int32_t date, const char* collector, uint64_t person = 1) {
    return story_.Tell(
        sothon::testing::Contribution({.receipt = receipt, .person = person, .date = date, .collector_id = collector}));
  }

  testing::Story story_;
  uint64_t resident_ = 0;
};

TEST_F(LaterCollectionByOtherTest, TheSecondCollectionIsTheResidentCollectors) {
  const uint64_t first = Collect("1", 20251105, "NVT-01");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "the first may be anybody's";
  Collect("2", 20251205, "NVT-02");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t wrong = Collect("3", 20260105, "NVT-01");
  EXPECT_THAT(story_.Find(kCode, 20260104), IsEmpty()) << "not yet";
  EXPECT_THAT(story_.Find(kCode, 20260105),
              ElementsAre("23500-01 NVT-01 - BHXH_TN 2026-01 x1 20260105 [" + std::to_string(resident_) + " " +
                          std::to_string(first) + " " + std::to_string(wrong) + "]"));
}

TEST_F(LaterCollectionByOtherTest, AnOpeningIsTheFirst) {
  story_.Tell(sothon::testing::Opening({}));
  Collect("1", 20251105, "NVT-01");
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u);
}

TEST_F(LaterCollectionByOtherTest, NobodyAppointedYetOrNoSuchDuty) {
  Collect("1", 20251005, "NVT-01");
  Collect("2", 20251031, "NVT-01");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  story_.Parameter("duty.resident_collector", 0, 20251201);
  Collect("3", 20251205, "NVT-01");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(LaterCollectionByOtherTest, AReversalTakesItBackAndAReplayShowsIt) {
  Collect("1", 20251105, "NVT-01");
  const uint64_t wrong = Collect("2", 20251205, "NVT-01");
  story_.Tell(sothon::testing::Reversal("2", 20251206));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, wrong).size(), 1u);
}

}  // namespace
}  // namespace sothon::rules
