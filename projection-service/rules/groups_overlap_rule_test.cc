#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "projection-service/rules/testing/people.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCode[] = "groups_overlap";

class GroupsOverlapTest : public ::testing::Test {
 protected:
  uint64_t Classify(const char* group, int32_t from, int32_t until = 0, uint64_t person = 1,
                    const char* place = "23500-01") {
    return story_.Tell(testing::ClassificationOf(person, group, from, until, place));
  }
  static std::string Line(const char* what, uint64_t a, uint64_t b) {
    return std::string("23500-01 - - - - ") + what + " [" + std::to_string(a) + " " + std::to_string(b) + "]";
  }

  testing::Story story_;
};

TEST_F(GroupsOverlapTest, OnTheDaysOnWhichBothHold) {
  const uint64_t poor = Classify("ho_ngheo", 20250101, 20251231);
  const uint64_t child = Classify("tre_em", 20251101, 20260630);
  EXPECT_THAT(story_.Find(kCode, 20251031), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251101), ElementsAre(Line("x1 20251101", poor, child)));
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(Line("x1 20251101", poor, child)));
  EXPECT_THAT(story_.Find(kCode, 20260101), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231, poor), IsEmpty());
}

TEST_F(GroupsOverlapTest, OneAfterTheOtherOrTheSameTwice) {
  Classify("ho_ngheo", 20250101, 20251031);
  Classify("can_ngheo", 20251101);
  Classify("tre_em", 20251101, 0, 2);
  Classify("tre_em", 20251115, 0, 2);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(GroupsOverlapTest, ALaterWordOnTheSameGroupEndsIt) {
  Classify("ho_ngheo", 20250101);
  Classify("can_ngheo", 20251101);
  EXPECT_THAT(story_.Find(kCode, 20251231), SizeIs(1));
  Classify("ho_ngheo", 20251101, 20251101);
  EXPECT_THAT(story_.Find(kCode, 20251101), SizeIs(1));
  EXPECT_THAT(story_.Find(kCode, 20251102), IsEmpty());
}

TEST_F(GroupsOverlapTest, APersonInThreeIsCountedOnceByTheFirstTwoInOrder) {
  Classify("nlnn_trung_binh", 20250101);
  const uint64_t child = Classify("tre_em", 20250201);
  const uint64_t poor = Classify("ho_ngheo", 20250301);
  Classify("tre_em", 20250101, 0, 2);
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(Line("x1 20250301", child, poor)));
}

TEST_F(GroupsOverlapTest, AListOfTheCommuneIsShownWhereThePersonIs) {
  const uint64_t poor = Classify("ho_ngheo", 20250101);
  const uint64_t child = Classify("tre_em", 20250201, 0, 1, "23500");
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(Line("x1 20250201", poor, child)));
}

}  // namespace
}  // namespace sothon::rules
