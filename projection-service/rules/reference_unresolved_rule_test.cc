#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Referring;

constexpr char kCode[] = "reference_unresolved";

TEST(ReferenceUnresolvedTest, EachThatPointsAtNothing_Plan4) {
  testing::Story story;
  const uint64_t document = story.Tell(20251017, "23500", Referring(false, false, 2));
  EXPECT_THAT(story.Find(kCode, 20251016), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251017), ElementsAre(StrCat("23500 - - - - x2 20251017 [", document, "]")));
  EXPECT_THAT(story.Find(kCode, 20251017, document - 1), IsEmpty());
  story.Tell(20251017, "23500", Referring(true, false, 2));
  EXPECT_THAT(story.Find(kCode, 20251017), IsEmpty()) << "found since";
  EXPECT_EQ(story.Find(kCode, 20251017, document).size(), 1u);
}

TEST(ReferenceUnresolvedTest, TheOtherSortIsAnotherRules_Plan4) {
  testing::Story story;
  story.Tell(20251017, "23500", Referring(false, true));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
