#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "declared_differs";

class DeclaredDiffersTest : public ::testing::Test {
 protected:
  uint64_t Pay(const char* receipt, int32_t date, v1::Declared declared, uint64_t person = 1) {
    return story_.Tell(
        sothon::testing::Contribution({.receipt = receipt, .person = person, .date = date, .declared = declared}));
  }
  static std::string Line(const char* what, const std::string& positions) {
    return std::string("23500-01 NVT-01 - BHXH_TN ") + what + " [" + positions + "]";
  }

  testing::Story story_;
};

TEST_F(DeclaredDiffersTest, NewAndInTheBookAlready) {
  const uint64_t first = Pay("1", 20251005, v1::DECLARED_NEW);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  const uint64_t renewed = Pay("2", 20251105, v1::DECLARED_NEW);
  EXPECT_THAT(story_.Find(kCode, 20251104), IsEmpty());
  const std::string both = std::to_string(first) + " " + std::to_string(renewed);
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(Line("2025-11 x1 20251105", both)));
  const uint64_t repeat = Pay("3", 20251115, v1::DECLARED_NEW);
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(Line("2025-11 x2 20251105", both + " " + std::to_string(repeat))));
  EXPECT_THAT(story_.Find(kCode, 20251231, first), IsEmpty());
}

TEST_F(DeclaredDiffersTest, ContinuingAndNotInTheBook) {
  const uint64_t wrong = Pay("1", 20251105, v1::DECLARED_CONTINUING);
  EXPECT_THAT(story_.Find(kCode, 20251231), ElementsAre(Line("2025-11 x1 20251105", std::to_string(wrong))));
  // The opening balance that explains it comes late.
  story_.Tell(sothon::testing::Opening({}));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, wrong).size(), 1u);
}

TEST_F(DeclaredDiffersTest, ReturnedMayBeEitherAndNothingMayBeDeclared) {
  Pay("1", 20250105, v1::DECLARED_UNSPECIFIED);
  Pay("2", 20250705, v1::DECLARED_NEW);
  Pay("3", 20260105, v1::DECLARED_CONTINUING);
  Pay("4", 20260205, v1::DECLARED_UNSPECIFIED);
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
