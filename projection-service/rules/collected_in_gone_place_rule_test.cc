#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/people.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "collected_in_gone_place";

class CollectedInGonePlaceTest : public ::testing::Test {
 protected:
  uint64_t Pay(const char* receipt, int32_t date, const char* place = "23500-01") {
    return story_.Tell(sothon::testing::Contribution({.receipt = receipt, .place_id = place, .date = date}));
  }

  testing::Story story_;
};

TEST_F(CollectedInGonePlaceTest, FromTheDayOfTheMerger) {
  Pay("1", 20251031);
  const uint64_t wrong = Pay("2", 20251101);
  Pay("3", 20251201, "23500-02");
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t merger = story_.Tell(testing::MergerOf("23500-01", "23500-02", 20251101));
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre("23500-01 NVT-01 - BHXH_TN 2025-11 x1 20251101 [" +
                                                        std::to_string(wrong) + " " + std::to_string(merger) + "]"));
  EXPECT_THAT(story_.Find(kCode, 20251231, wrong), IsEmpty()) << "as known before";
  story_.Tell(sothon::testing::Reversal("2", 20251202));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(CollectedInGonePlaceTest, OneThatOthersAreMergedIntoStays) {
  story_.Tell(testing::MergerOf("23500-02", "23500-01", 20251101));
  story_.Tell(testing::MergerOf("23500-01", "23500-01", 20251101));
  Pay("1", 20251105);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(CollectedInGonePlaceTest, TheEarliestOfSeveralMergersCounts) {
  story_.Tell(testing::MergerOf("23500-01", "23500-02", 20251201));
  const uint64_t earlier = story_.Tell(testing::MergerOf("23500-01", "23500-02", 20251101));
  const uint64_t wrong = Pay("1", 20251105);
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre("23500-01 NVT-01 - BHXH_TN 2025-11 x1 20251105 [" +
                                                        std::to_string(earlier) + " " + std::to_string(wrong) + "]"));
}

}  // namespace
}  // namespace sothon::rules
