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

constexpr char kCode[] = "act_before_founding";

class ActBeforeFoundingTest : public ::testing::Test {
 protected:
  ActBeforeFoundingTest() {
    v1::Event committee;
    committee.mutable_party_registered()->set_party_id("BCD");
    committee.mutable_party_registered()->set_kind(v1::STEERING_COMMITTEE);
    committee.mutable_party_registered()->set_name("Ban Chỉ đạo thử");
    committee.mutable_party_registered()->set_founded_date(20250801);
    committee_ = story_.Tell(20250101, "", committee);
  }
  // Everything that a body does, on one day.
  std::vector<v1::Event> Acts(int32_t date) {
    std::vector<v1::Event> acts(4);
    acts[0] = DocumentOf("VB-1", "Quyết định số 1/QĐ-BCĐ", date);
    acts[0].mutable_document_issued()->set_issuer_party_id("BCD");
    acts[1].mutable_role_assigned()->set_role_id("R1");
    acts[1].mutable_role_assigned()->set_role(v1::MEMBER);
    acts[1].mutable_role_assigned()->set_party_id("NVT-01");
    acts[1].mutable_role_assigned()->set_of_party_id("BCD");
    acts[2] = testing::DecisionOf(v1::DecisionRecorded::DIRECTIVE);
    acts[2].mutable_decision_recorded()->set_by_party_id("BCD");
    acts[3] = testing::ReportOf("weekly", 20250701, 20250707, "BCD");
    return acts;
  }
  testing::Story story_;
  uint64_t committee_ = 0;
};

TEST_F(ActBeforeFoundingTest, EveryKindOfAct_Plan6) {
  std::vector<uint64_t> positions;
  for (v1::Event& act : Acts(20250731)) positions.push_back(story_.Tell(20250731, "23500", act));
  EXPECT_THAT(story_.Find(kCode, 20250730), IsEmpty());
  EXPECT_THAT(story_.Find(kCode, 20251231),
              ElementsAre(StrCat("23500 BCD - - - x4 20250731 [", committee_, " ", positions[0], " ", positions[1], " ",
                                 positions[2], " ", positions[3], "]")));
  EXPECT_THAT(story_.Find(kCode, 20251231, positions[0]),
              ElementsAre(StrCat("23500 BCD - - - x1 20250731 [", committee_, " ", positions[0], "]")));
}

TEST_F(ActBeforeFoundingTest, OnThatDayAndLaterItExists_Plan6) {
  for (v1::Event& act : Acts(20250801)) story_.Tell(20250801, "23500", act);
  v1::Event undated = DocumentOf("VB-2", "Số 2", 0);
  undated.mutable_document_issued()->set_issuer_party_id("BCD");
  story_.Tell(20250701, "23500", undated);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

TEST_F(ActBeforeFoundingTest, ACorrectedDateTakesItBack_Plan6) {
  story_.Tell(20250731, "23500", Acts(20250731)[0]);
  EXPECT_EQ(story_.Find(kCode, 20251231).size(), 1u);
  story_.Tell(20250731, "23500", Acts(20250802)[0]);
  EXPECT_THAT(story_.Find(kCode, 20251231), IsEmpty());
}

}  // namespace
}  // namespace sothon::rules
