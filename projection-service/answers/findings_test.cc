#include "projection-service/answers/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using ::testing::HasSubstr;

// Two villages and a duty to have one reach its target each week; none does.
class FindingsTest : public ::testing::Test {
 protected:
  FindingsTest() {
    duty_ = story_.Parameter("duty.week_ladder", 1, 20251001);
    story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202510, 2));
  }
  v1::ListFindingsResponse Ask(const v1::ListFindingsRequest& request, int32_t date) {
    v1::ListFindingsResponse response;
    std::string findings;
    const absl::Status status = EncodeFindings(story_.SituationOn(date), request, &response, &findings);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_TRUE(response.MergeFromString(findings));
    return response;
  }

  rules::testing::Story story_;
  uint64_t duty_ = 0;
};

TEST_F(FindingsTest, TellWhatWhereSinceWhenAndTheProof) {
  v1::ListFindingsRequest request;
  request.add_codes("week_without_village");
  const v1::ListFindingsResponse response = Ask(request, 20251014);
  ASSERT_EQ(response.findings_size(), 2);
  EXPECT_EQ(response.total(), 2u);
  const v1::Finding& finding = response.findings(0);
  EXPECT_EQ(finding.code(), "week_without_village");
  EXPECT_EQ(finding.severity(), v1::VIOLATION);
  EXPECT_EQ(finding.plan_items(0), 31u);
  EXPECT_EQ(finding.place_id(), "23500");
  EXPECT_EQ(finding.period(), "2025-W40");
  EXPECT_EQ(finding.since_date(), 20251006);
  ASSERT_EQ(finding.positions_size(), 1);
  EXPECT_EQ(finding.positions(0), duty_);
  EXPECT_THAT(finding.text_vi(), HasSubstr("không có thôn nào"));
  EXPECT_EQ(response.counts(0).findings(), 2u);
}

TEST_F(FindingsTest, AsManyPositionsAsAreAskedFor) {
  story_.Parameter("duty.continuity", 1, 20250101);
  for (uint64_t person = 1; person <= 30; ++person) {
    story_.Tell(sothon::testing::Contribution(
        {.receipt = std::to_string(person), .person = person, .date = 20251005, .months = 1}));
  }
  v1::ListFindingsRequest request;
  request.add_codes("cover_gap");
  const auto shown = [&](uint32_t positions_max) {
    request.set_positions_max(positions_max);
    const v1::ListFindingsResponse response = Ask(request, 20251130);
    EXPECT_EQ(response.findings_size(), 1);
    EXPECT_EQ(response.findings(0).position_count(), 30u);
    return response.findings(0).positions_size();
  };
  EXPECT_EQ(shown(0), 20);
  EXPECT_EQ(shown(1), 1);
  EXPECT_EQ(shown(30), 30);
  EXPECT_EQ(shown(10'000), 30);
  request.set_positions_max(10'001);
  v1::ListFindingsResponse response;
  std::string findings;
  EXPECT_EQ(EncodeFindings(story_.SituationOn(20251130), request, &response, &findings).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(FindingsTest, ALimitCutsTheListAndNotTheCounts) {
  v1::ListFindingsRequest request;
  request.add_codes("week_without_village");
  request.set_limit(1);
  const v1::ListFindingsResponse response = Ask(request, 20251014);
  EXPECT_EQ(response.findings_size(), 1);
  EXPECT_EQ(response.total(), 2u);
  request.set_party_id("somebody");
  EXPECT_EQ(Ask(request, 20251014).total(), 0u);
}

TEST_F(FindingsTest, EqualLogsGiveEqualBytes) {
  v1::ListFindingsRequest request;
  const std::string once = Ask(request, 20251231).SerializeAsString();
  EXPECT_EQ(Ask(request, 20251231).SerializeAsString(), once);
  EXPECT_FALSE(once.empty());
}

TEST_F(FindingsTest, AnUnknownCodeIsRefused) {
  v1::ListFindingsRequest request;
  request.add_codes("week_without_a_village");
  v1::ListFindingsResponse response;
  std::string findings;
  const absl::Status status = EncodeFindings(story_.SituationOn(20251231), request, &response, &findings);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("week_without_a_village"));
}

TEST(RulesAnswerTest, EveryRuleIsListed) {
  v1::ListRulesResponse response;
  FillRules(&response);
  EXPECT_EQ(static_cast<size_t>(response.rules_size()), rules::AllRules().size());
}

}  // namespace
}  // namespace sothon::answers
