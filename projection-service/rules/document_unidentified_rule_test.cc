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

constexpr char kCode[] = "document_unidentified";

TEST(DocumentUnidentifiedTest, NumberOrDateUnknown_Plan5) {
  testing::Story story;
  story.Tell(20251017, "23500", DocumentOf("KH-1"));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  const uint64_t no_number = story.Tell(20251017, "23500", DocumentOf("KH-2", ""));
  const uint64_t no_date = story.Tell(20251018, "23500", DocumentOf("KH-3", "Số 3", 0));
  EXPECT_THAT(story.Find(kCode, 20251016), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251017), ElementsAre(StrCat("23500 - - - - x1 20251017 [", no_number, "]")));
  EXPECT_THAT(story.Find(kCode, 20251231),
              ElementsAre(StrCat("23500 - - - - x2 20251017 [", no_number, " ", no_date, "]")));
  EXPECT_EQ(story.Find(kCode, 20251231, no_number).size(), 1u);
  EXPECT_THAT(story.Find(kCode, 20251231, 0, "23500-01"), IsEmpty()) << "the commune's documents";
  story.Tell(20251017, "23500", DocumentOf("KH-2", "Số 2"));
  story.Tell(20251018, "23500", DocumentOf("KH-3", "Số 3"));
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty()) << "known since";
}

}  // namespace
}  // namespace sothon::rules
