#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "contract_ended_collections";

class ContractEndedCollectionsTest : public ::testing::Test {
 protected:
  uint64_t Pay(const char* receipt, int32_t date) {
    return story_.Tell(sothon::testing::Contribution({.receipt = receipt, .date = date}));
  }

  testing::Story story_;
};

TEST_F(ContractEndedCollectionsTest, FromTheDayOfItsEnd) {
  story_.Role("HD", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500", 20250101);
  Pay("1", 20251114);
  const uint64_t end = story_.EndRole("HD", 20251115);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "the day before is the last one";
  const uint64_t wrong = Pay("2", 20251115);
  const std::string line = "23500-01 NVT-01 - BHXH_TN 2025-11 x1 20251115 [";
  EXPECT_THAT(story_.Find(kCode, 20251114), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(line + std::to_string(end) + " " + std::to_string(wrong) + "]"));
  story_.Tell(sothon::testing::Reversal("2", 20251116));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, wrong).size(), 1u);
}

TEST_F(ContractEndedCollectionsTest, AnEndThatIsToldLaterCondemnsWhatWasCollectedAfterIt) {
  story_.Role("HD", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500", 20250101);
  const uint64_t wrong = Pay("1", 20251120);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t end = story_.EndRole("HD", 20251115);
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre("23500-01 NVT-01 - BHXH_TN 2025-11 x1 20251120 [" +
                                                        std::to_string(wrong) + " " + std::to_string(end) + "]"));
}

TEST_F(ContractEndedCollectionsTest, WithoutAContractOrUnderAnotherOne) {
  Pay("1", 20251101);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "no contract on record";
  story_.Role("HD-1", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500", 20251110, 20251130);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "before it began none had ended";
  Pay("2", 20251201);
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u) << "it ran out";
  story_.Role("HD-2", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500", 20251201);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
