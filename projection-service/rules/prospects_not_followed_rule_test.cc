#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/drive_story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "prospects_not_followed";

class ProspectsNotFollowedTest : public ::testing::Test {
 protected:
  uint64_t List(const char* prospect, const char* drive = "D-1") {
    v1::Event event;
    event.mutable_prospect_recorded()->set_prospect_id(prospect);
    event.mutable_prospect_recorded()->set_drive_id(drive);
    return story_.Tell(20251106, "23500-01", event);
  }
  uint64_t Resolve(const char* prospect, int32_t date) {
    v1::Event event;
    event.mutable_prospect_resolved()->set_prospect_id(prospect);
    event.mutable_prospect_resolved()->set_outcome(v1::ProspectResolved::DECLINED);
    return story_.Tell(date, "23500-01", event);
  }

  testing::DriveStory story_;
};

TEST_F(ProspectsNotFollowedTest, AMonthAfterTheClose_Plan47) {
  const uint64_t opened = story_.Open(20251105);
  const uint64_t first = List("P-1");
  const uint64_t second = List("P-2");
  List("P-3", "D-2");
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty()) << "it is still open";
  const uint64_t closed = story_.Close(20251107);
  EXPECT_THAT(story_.Find(kCode, 20251207), IsEmpty()) << "30 days are not more than 30 days";
  EXPECT_THAT(story_.Find(kCode, 20251208), ElementsAre(StrCat("23500-01 - D-1 - - x2 20251208 [", opened, " ", first,
                                                               " ", second, " ", closed, "]")));
  Resolve("P-1", 20251208);
  EXPECT_THAT(story_.Find(kCode, 20251208),
              ElementsAre(StrCat("23500-01 - D-1 - - x1 20251208 [", opened, " ", second, " ", closed, "]")));
  Resolve("P-2", 20251220);
  EXPECT_EQ(story_.Find(kCode, 20251219).size(), 1u) << "not resolved by that day";
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, closed).size(), 1u) << "as it was known then";
}

}  // namespace
}  // namespace sothon::rules
