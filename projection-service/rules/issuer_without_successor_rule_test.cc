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

constexpr char kCode[] = "issuer_without_successor";

class IssuerWithoutSuccessorTest : public ::testing::Test {
 protected:
  IssuerWithoutSuccessorTest() {
    v1::Event district;
    district.mutable_party_registered()->set_party_id("UBND-HUYEN");
    district.mutable_party_registered()->set_kind(v1::PEOPLES_COMMITTEE);
    district.mutable_party_registered()->set_name("UBND huyện Đăk Hà (cũ)");
    district.mutable_party_registered()->set_dissolved_date(20250701);
    district_ = story_.Tell(20250101, "", district);
    v1::Event decision = DocumentOf("QD-73", "Quyết định số 73/QĐ-UBND", 20250219);
    decision.mutable_document_issued()->set_issuer_party_id("UBND-HUYEN");
    document_ = story_.Tell(20250219, "23500", decision);
  }
  testing::Story story_;
  uint64_t district_ = 0;
  uint64_t document_ = 0;
};

TEST_F(IssuerWithoutSuccessorTest, FromTheDayOnWhichTheIssuerIsGone_Plan3) {
  EXPECT_THAT(story_.Find(kCode, 20250630), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20250701),
              ElementsAre(StrCat("23500 UBND-HUYEN - - - x1 20250701 [", district_, " ", document_, "]")));
  EXPECT_THAT(story_.Find(kCode, 20250701, district_), IsEmpty());
}

TEST_F(IssuerWithoutSuccessorTest, TheDocumentNamesTheSuccessor_Plan3) {
  v1::Event corrected = DocumentOf("QD-73", "Quyết định số 73/QĐ-UBND", 20250219);
  corrected.mutable_document_issued()->set_issuer_party_id("UBND-HUYEN");
  corrected.mutable_document_issued()->set_successor_party_id("UBND-XA");
  story_.Tell(20250219, "23500", corrected);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
  EXPECT_EQ(story_.Find(kCode, 20251231, document_).size(), 1u);
}

TEST_F(IssuerWithoutSuccessorTest, IssuersThatExistNeedNone_Plan3) {
  v1::Event own = DocumentOf("QD-1");
  own.mutable_document_issued()->set_issuer_party_id("TCDVT-01");
  story_.Tell(20251001, "23500", own);
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u) << "only the district's";
}

}  // namespace
}  // namespace sothon::rules
