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

constexpr char kCode[] = "document_number_mixed";

TEST(DocumentNumberMixedTest, ANoticeWithTheCodeOfADecision_Plan2) {
  testing::Story story;
  const uint64_t mixed = story.Tell(20251017, "23500", DocumentOf("TB-66", "Thông báo số 66/QĐ-UBND"));
  EXPECT_THAT(story.Find(kCode, 20251016), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251017), ElementsAre(StrCat("23500 - - - - x1 20251017 [", mixed, "]")));
  EXPECT_THAT(story.Find(kCode, 20251017, mixed - 1), IsEmpty());
  EXPECT_THAT(story.Find(kCode, 20251017, 0, "23500-01"), IsEmpty()) << "the commune's document";
  story.Tell(20251017, "23500", DocumentOf("TB-66", "Thông báo số 66/TB-UBND"));
  EXPECT_THAT(story.Find(kCode, 20251017), IsEmpty()) << "corrected";
}

TEST(DocumentNumberMixedTest, NumbersOfThePlansThatAreRight_Plan2) {
  testing::Story story;
  int n = 0;
  for (const char* number : {"Quyết định số 73/QĐ-UBND", "QUYẾT ĐỊNH số 12/2025/QĐ-UBND", "Kế hoạch số 51/KH-BHXH",
                             "Thông báo kết luận số 280/TB-UBND", "Số 66/QĐ-UBND", "Công văn số 5/UBND-VX",
                             "Nghị định 30", "66/XYZ-ABC", ""}) {
    story.Tell(20251001, "", DocumentOf(StrCat("VB-", ++n), number));
  }
  EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
  story.Tell(20251001, "", DocumentOf("VB-X", "QUYẾT ĐỊNH số 12/2025/KH-UBND"));
  EXPECT_EQ(story.Find(kCode, 20251231, 0, "23500-01").size(), 1u) << "without a place it is everybody's";
}

}  // namespace
}  // namespace sothon::rules
