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

constexpr char kCode[] = "target_without_document";

v1::Event TargetCiting(const char* target, const char* document, const char* place = "23500-01") {
  return sothon::testing::VillageTarget(target, place, v1::BHXH_TN, 202510, 2, document);
}

TEST(TargetWithoutDocumentTest, OfNoDocumentOrOfOneNeverIssued_Plan1) {
  testing::Story story;
  story.Tell(TargetCiting("T-1", sothon::testing::kDocumentId));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  const uint64_t none = story.Tell(TargetCiting("T-2", ""));
  const uint64_t unknown = story.Tell(TargetCiting("T-3", "QD-9"));
  EXPECT_THAT(story.Find(kCode, 20251016), IsEmpty()) << "not yet in effect";
  EXPECT_THAT(story.Find(kCode, 20251017),
              ElementsAre(StrCat("23500-01 - - - - x2 20251017 [", none, " ", unknown, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231, none), ElementsAre(StrCat("23500-01 - - - - x1 20251017 [", none, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231, 0, "23500-02"), IsEmpty()) << "another village's";
}

TEST(TargetWithoutDocumentTest, TheDocumentOrARevisionTakesItBack_Plan1) {
  testing::Story story;
  story.Tell(TargetCiting("T-2", ""));
  story.Tell(TargetCiting("T-3", "QD-9"));
  story.Tell(20251001, "", DocumentOf("QD-9"));
  EXPECT_EQ(story.Find(kCode, 20251231).size(), 1u);
  v1::Event revision = TargetCiting("T-2b", "QD-9");
  revision.mutable_target_set()->set_revises_target_id("T-2");
  const uint64_t revised = story.Tell(revision);
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story.Find(kCode, 20251231, revised - 1).size(), 1u);
}

TEST(TargetWithoutDocumentTest, OfAParty_Plan1) {
  testing::Story story;
  v1::Event target = TargetCiting("T-4", "", "");
  target.mutable_target_set()->set_party_id("TCDVT-01");
  const uint64_t position = story.Tell(target);
  EXPECT_THAT(story.Find(kCode, 20251231), ElementsAre(StrCat("- TCDVT-01 - - - x1 20251017 [", position, "]")));
}

}  // namespace
}  // namespace sothon::rules
