#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "contract_targets_differ";

class ContractTargetsDifferTest : public ::testing::Test {
 protected:
  ContractTargetsDifferTest() { story_.Party("NVT-02", v1::COLLECTOR, "TCDVT-01"); }
  uint64_t Give(const char* target, const char* party, int64_t value, const char* revises = "") {
    v1::Event event = sothon::testing::VillageTarget(target, "", v1::BHXH_TN, 202511, value);
    event.mutable_target_set()->set_party_id(party);
    event.mutable_target_set()->set_revises_target_id(revises);
    return story_.Tell(event);
  }
  testing::Story story_;
};

TEST_F(ContractTargetsDifferTest, TheCollectorsDoNotAddUpToTheAgency_Plan28) {
  const uint64_t agency = Give("T", "TCDVT-01", 10);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "no collector has a target";
  const uint64_t first = Give("T-1", "NVT-01", 6);
  EXPECT_THAT(story_.Find(kCode, 20251016), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(StrCat("- TCDVT-01 - BHXH_TN 2025 x1 20251017 [", agency, " ", first, "]")));
  Give("T-2", "NVT-02", 4);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, first).size(), 1u);
  Give("T-3", "NVT-02", 5, "T-2");
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u) << "revised since";
}

TEST_F(ContractTargetsDifferTest, WhereTheAgencyHasAContract_Plan28) {
  Give("T", "TCDVT-01", 10);
  Give("T-1", "NVT-01", 6);
  EXPECT_EQ(story_.Find(kCode, 20251231, 0, "23500-02").size(), 1u);
  story_.Role("HD-1", v1::CONTRACTED_AGENCY, "TCDVT-01", "23500-01", 20250101);
  EXPECT_EQ(story_.Find(kCode, 20251231, 0, "23500-01").size(), 1u);
  EXPECT_EQ(story_.Find(kCode, 20251231, 0, "51").size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251231, 0, "23500-02"), IsEmpty()) << "it works elsewhere";
}

TEST_F(ContractTargetsDifferTest, CollectorsOfOthersAreNotItsOwn_Plan28) {
  story_.Party("TCDVT-02", v1::AGENCY);
  story_.Party("NVT-09", v1::COLLECTOR, "TCDVT-02");
  Give("T", "TCDVT-01", 10);
  Give("T-9", "NVT-09", 6);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
