#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "projection-service/rules/testing/acts.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "decision_without_evidence";

class DecisionWithoutEvidenceTest : public ::testing::Test {
 protected:
  uint64_t Decide(v1::DecisionRecorded::DecisionKind kind, std::vector<uint64_t> evidence) {
    return story_.Tell(20251101, "23500", testing::DecisionOf(kind, "TCDVT-01", std::move(evidence)));
  }
  testing::Story story_;
};

TEST_F(DecisionWithoutEvidenceTest, PraiseAndBlameNameWhatWasRecordedBefore_Plan77) {
  for (const auto kind :
       {v1::DecisionRecorded::COMMENDATION, v1::DecisionRecorded::VIOLATION, v1::DecisionRecorded::REMINDER,
        v1::DecisionRecorded::CRITICISM, v1::DecisionRecorded::CONTRACT_REVIEW}) {
    testing::Story story;
    story.Tell(20251101, "23500", testing::DecisionOf(kind, "TCDVT-01", {1, 2}));
    EXPECT_THAT(story.Find(kCode, 20251231), IsEmpty());
    const uint64_t bare = story.Tell(20251101, "23500", testing::DecisionOf(kind, "TCDVT-01", {}));
    EXPECT_THAT(story.Find(kCode, 20251101), ElementsAre(StrCat("23500 TCDVT-01 - - - x1 20251101 [", bare, "]")));
    EXPECT_THAT(story.Find(kCode, 20251031), IsEmpty());
    EXPECT_THAT(story.Find(kCode, 20251231, bare - 1), IsEmpty());
  }
}

TEST_F(DecisionWithoutEvidenceTest, NotItselfNorWhatCameAfter_Plan73) {
  const uint64_t next = story_.last_position() + 1;
  const uint64_t itself = Decide(v1::DecisionRecorded::COMMENDATION, {1, next});
  const uint64_t later = Decide(v1::DecisionRecorded::COMMENDATION, {1, 900});
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(StrCat("23500 TCDVT-01 - - - x2 20251101 [", itself, " ", later, "]")));
}

TEST_F(DecisionWithoutEvidenceTest, DirectivesAndAdjustmentsNeedNone_Plan74) {
  for (const auto kind :
       {v1::DecisionRecorded::DIRECTIVE, v1::DecisionRecorded::ADJUSTMENT, v1::DecisionRecorded::RATING}) {
    Decide(kind, {});
  }
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
