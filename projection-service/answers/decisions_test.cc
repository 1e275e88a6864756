#include "projection-service/answers/decisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using ::testing::ElementsAre;
using Kind = v1::DecisionRecorded;

class DecisionsTest : public ::testing::Test {
 protected:
  uint64_t Decide(Kind::DecisionKind kind, int32_t date, std::string_view event_id, std::string_view place = "23500",
                  std::string_view cause = "") {
    v1::Event event;
    event.set_event_id(std::string(event_id));
    event.set_causation_id(std::string(cause));
    event.set_note("ghi chú");
    event.set_document_id(sothon::testing::kDocumentId);
    event.mutable_decision_recorded()->set_kind(kind);
    event.mutable_decision_recorded()->set_about_party_id("TCDVT-01");
    event.mutable_decision_recorded()->add_evidence_positions(3);
    return story_.Tell(date, place, std::move(event));
  }
  v1::ListDecisionsResponse Ask(v1::ListDecisionsRequest request = {}, int32_t date = 20251231, uint64_t position = 0,
                                std::string_view place = "23500") const {
    v1::ListDecisionsResponse response;
    EXPECT_TRUE(FillDecisions(story_.SituationOn(date, position, place), request, &response).ok());
    return response;
  }
  static std::vector<uint64_t> Positions(const v1::ListDecisionsResponse& response) {
    std::vector<uint64_t> positions;
    for (const v1::DecisionView& view : response.decisions()) positions.push_back(view.position());
    return positions;
  }
  Story story_;
};

TEST_F(DecisionsTest, EveryDecisionWithItsEvidence_Plan73_Plan77) {
  const uint64_t late = Decide(Kind::CRITICISM, 20251105, "d-2");
  const uint64_t early = Decide(Kind::COMMENDATION, 20251003, "d-1");
  const v1::ListDecisionsResponse response = Ask();
  EXPECT_THAT(Positions(response), ElementsAre(early, late)) << "by date";
  const v1::DecisionView& view = response.decisions(1);
  EXPECT_EQ(view.date(), 20251105);
  EXPECT_EQ(view.place_id(), "23500");
  EXPECT_EQ(view.document_id(), "KH-TEST");
  EXPECT_EQ(view.note(), "ghi chú");
  EXPECT_EQ(view.decision().about_party_id(), "TCDVT-01");
  EXPECT_THAT(view.decision().evidence_positions(), ElementsAre(3u));
  EXPECT_FALSE(view.open()) << "only a directive waits for an answer";
  EXPECT_THAT(Positions(Ask({}, 20251104)), ElementsAre(early));
  v1::ListDecisionsRequest only;
  only.add_kinds(Kind::CRITICISM);
  EXPECT_THAT(Positions(Ask(only)), ElementsAre(late));
}

TEST_F(DecisionsTest, ADirectiveIsOpenUntilAReportOrADecisionAnswersIt_Plan71) {
  const uint64_t answered = Decide(Kind::DIRECTIVE, 20251003, "chi-dao-1");
  const uint64_t waiting = Decide(Kind::DIRECTIVE, 20251004, "chi-dao-2");
  Decide(Kind::REMINDER, 20251005, "nhac-1");
  v1::ListDecisionsRequest open;
  open.set_open_only(true);
  EXPECT_THAT(Positions(Ask(open)), ElementsAre(answered, waiting));
  const uint64_t before = story_.last_position();
  v1::Event report;
  report.set_event_id("bao-cao-1");
  report.set_causation_id("chi-dao-1");
  report.mutable_report_filed()->set_report_kind("weekly");
  const uint64_t answer = story_.Tell(20251010, "23500", report);
  Decide(Kind::ADJUSTMENT, 20251011, "dieu-chinh-1", "23500", "chi-dao-1");
  EXPECT_THAT(Positions(Ask(open)), ElementsAre(waiting));
  EXPECT_EQ(Ask().decisions(0).answered_position(), answer) << "the first answer";
  EXPECT_THAT(Positions(Ask(open, 20251009)), ElementsAre(answered, waiting)) << "not answered on that day";
  EXPECT_THAT(Positions(Ask(open, 20251231, before)), ElementsAre(answered, waiting)) << "nor known by then";
  Decide(Kind::ADJUSTMENT, 20251012, "dieu-chinh-2", "23500", "chi-dao-2");
  EXPECT_THAT(Positions(Ask(open)), ElementsAre());
}

TEST_F(DecisionsTest, AdjustmentsOfMeasuresAreKeptApart_Plan39) {
  Decide(Kind::DIRECTIVE, 20251003, "chi-dao-1");
  const uint64_t adjusted = Decide(Kind::ADJUSTMENT, 20251110, "dieu-chinh-1");
  v1::ListDecisionsRequest only;
  only.add_kinds(Kind::ADJUSTMENT);
  EXPECT_THAT(Positions(Ask(only)), ElementsAre(adjusted));
  EXPECT_EQ(Ask(only).decisions(0).note(), "ghi chú") << "what is done otherwise from now on";
  EXPECT_THAT(Positions(Ask(only, 20251109)), ElementsAre());
}

TEST_F(DecisionsTest, OfThePlaceAndOfWhatHasNone) {
  const uint64_t here = Decide(Kind::REMINDER, 20251003, "d-1", "23500-01");
  Decide(Kind::REMINDER, 20251003, "d-2", "23500-02");
  const uint64_t anywhere = Decide(Kind::REMINDER, 20251003, "d-3", "");
  EXPECT_THAT(Positions(Ask({}, 20251231, 0, "23500-01")), ElementsAre(here, anywhere));
  EXPECT_EQ(Ask().decisions_size(), 3);
}

TEST_F(DecisionsTest, AKindThatDoesNotExistIsRefused) {
  v1::ListDecisionsRequest request;
  request.add_kinds(static_cast<Kind::DecisionKind>(77));
  v1::ListDecisionsResponse response;
  const absl::Status status = FillDecisions(story_.SituationOn(20251231), request, &response);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::answers
