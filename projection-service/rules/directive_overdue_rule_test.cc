#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "directive_overdue";

class DirectiveOverdueTest : public ::testing::Test {
 protected:
  uint64_t Direct(const char* id, int32_t due, const char* place = "23500") {
    v1::Event event = testing::DecisionOf(v1::DecisionRecorded::DIRECTIVE);
    event.set_event_id(id);
    event.mutable_decision_recorded()->set_due_date(due);
    return story_.Tell(20251020, place, event);
  }
  uint64_t Answer(v1::Event event, const char* id, int32_t date) {
    event.set_causation_id(id);
    return story_.Tell(date, "23500", event);
  }
  testing::Story story_;
};

TEST_F(DirectiveOverdueTest, NotAnsweredByItsDay_Plan71) {
  const uint64_t first = Direct("CD-1", 20251031);
  const uint64_t second = Direct("CD-2", 20251110);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty()) << "its last day";
  EXPECT_THAT(story_.Find(kCode, 20251101), ElementsAre(StrCat("23500 TCDVT-01 - - - x1 20251101 [", first, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251111),
              ElementsAre(StrCat("23500 TCDVT-01 - - - x2 20251101 [", first, " ", second, "]")));
  EXPECT_THAT(story_.Find(kCode, 20251111, 0, "23500-01"), IsEmpty()) << "the commune's";
  Answer(testing::ReportOf("advice", 0, 0), "CD-1", 20251105);
  EXPECT_EQ(story_.Find(kCode, 20251104).size(), 1u);
  EXPECT_THAT(story_.Find(kCode, 20251105), IsEmpty()) << "a report answers it";
  Answer(testing::DecisionOf(v1::DecisionRecorded::ADJUSTMENT), "CD-2", 20251112);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "a decision, too";
  EXPECT_EQ(story_.Find(kCode, 20251231, second).size(), 1u);
}

TEST_F(DirectiveOverdueTest, WithoutADayOrOfAnotherKind_Plan71) {
  Direct("CD-1", 0);
  v1::Event other = testing::DecisionOf(v1::DecisionRecorded::ADJUSTMENT);
  other.mutable_decision_recorded()->set_due_date(20251031);
  story_.Tell(20251020, "23500", other);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
