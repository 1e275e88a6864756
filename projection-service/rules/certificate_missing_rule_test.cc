#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/people.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kCode[] = "certificate_missing";

class CertificateMissingTest : public ::testing::Test {
 protected:
  uint64_t Pay(const char* receipt, int32_t date, v1::Scheme scheme = v1::BHXH_TN) {
    return story_.Tell(sothon::testing::Contribution({.receipt = receipt, .scheme = scheme, .date = date}));
  }
  std::string Line(const char* what, uint64_t position) const {
    return std::string("23500-01 NVT-01 - ") + what + " [" + std::to_string(deadline_) + " " +
           std::to_string(position) + "]";
  }

  testing::Story story_;
  const uint64_t deadline_ = story_.Parameter("deadline.certificate", 10);
};

TEST_F(CertificateMissingTest, FromTheDayAfterTheDeadlineUntilItIsHandedOut) {
  const uint64_t paid = Pay("1", 20251105);
  EXPECT_THAT(story_.Find(kCode, 20251115), IsEmpty()) << "the last day";
  EXPECT_THAT(story_.Find(kCode, 20251116), ElementsAre(Line("BHXH_TN 2025-11 x1 20251116", paid)));
  const uint64_t before = story_.last_position();
  story_.Tell(testing::CertificateOf(1, v1::BHXH_TN, 20251120));
  EXPECT_EQ(story_.Find(kCode, 20251119).size(), 1u) << "it was late";
  EXPECT_THAT(story_.Find(kCode, 20251120), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251120, before).size(), 1u) << "as known then";
}

TEST_F(CertificateMissingTest, OfTheSchemeAndNotOfAnEarlierPayment) {
  story_.Tell(testing::CertificateOf(1, v1::BHYT_HGD, 20251104));
  const uint64_t card = Pay("1", 20251105, v1::BHYT_HGD);
  const uint64_t book = Pay("2", 20251105, v1::BHXH_TN);
  story_.Tell(testing::CertificateOf(1, v1::BHYT_HSSV, 20251106));
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(Line("BHXH_TN 2025-11 x1 20251116", book), Line("BHYT_HGD 2025-11 x1 20251116", card)));
  story_.Tell(testing::CertificateOf(1, v1::SCHEME_UNSPECIFIED, 20251105));
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty()) << "one of no scheme is for all";
}

TEST_F(CertificateMissingTest, WhoRenewsHasOne) {
  Pay("1", 20251105);
  story_.Tell(testing::CertificateOf(1, v1::BHXH_TN, 20251105));
  Pay("2", 20251205);
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
  const uint64_t returned = Pay("3", 20260605);
  EXPECT_THAT(story_.Find(kCode, 20261231), ElementsAre(Line("BHXH_TN 2026-06 x1 20260616", returned)));
  story_.Tell(sothon::testing::Reversal("3", 20260606));
  EXPECT_THAT(story_.Find(kCode, 20261231), IsEmpty());
}

TEST(CertificateMissingWithoutADeadlineTest, NothingIsEverLate) {
  testing::Story story;
  story.Tell(sothon::testing::Contribution({}));
  EXPECT_THAT(story.Find(kCode, 20301231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
