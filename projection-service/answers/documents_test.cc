#include "projection-service/answers/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using ::testing::ElementsAre;

v1::ListDocumentsResponse Ask(const Story& story, int32_t date = 20251231, uint64_t position = 0,
                              std::string_view place = "23500") {
  v1::ListDocumentsResponse response;
  EXPECT_TRUE(FillDocuments(story.SituationOn(date, position, place), {}, &response).ok());
  EXPECT_EQ(response.answered().date(), date);
  return response;
}

std::vector<std::string> Ids(const v1::ListDocumentsResponse& response) {
  std::vector<std::string> ids;
  for (const v1::DocumentView& view : response.documents()) ids.push_back(view.document().document_id());
  return ids;
}

const v1::DocumentView& Only(const v1::ListDocumentsResponse& response, std::string_view id) {
  for (const v1::DocumentView& view : response.documents()) {
    if (view.document().document_id() == id) return view;
  }
  ADD_FAILURE() << id << " is not among the documents";
  return v1::DocumentView::default_instance();
}

class DocumentsTest : public ::testing::Test {
 protected:
  uint64_t Issue(std::string_view id, std::string_view place = "", int32_t date = 20250101,
                 std::vector<std::string> refers_to = {}) {
    v1::Event event = sothon::testing::Document(id);
    for (const std::string& to : refers_to) {
      event.mutable_document_issued()->add_references()->set_document_id(to);
    }
    return story_.Tell(date, place, std::move(event));
  }
  Story story_;
};

TEST_F(DocumentsTest, WhatIsUnknownIsSaidNotInvented_Plan5) {
  v1::Event plan = sothon::testing::Document("KH");
  plan.mutable_document_issued()->clear_number_verbatim();
  plan.mutable_document_issued()->clear_number_normalised();
  plan.mutable_document_issued()->clear_issued_date();
  const uint64_t position = story_.Tell(plan);
  v1::Event known = sothon::testing::Document("QD");
  known.mutable_document_issued()->set_number_verbatim("Quyết định số 70/QĐ-UBND");
  known.mutable_document_issued()->set_issued_date(20250730);
  story_.Tell(known);
  const v1::ListDocumentsResponse response = Ask(story_);
  EXPECT_EQ(Only(response, "KH").position(), position);
  EXPECT_FALSE(Only(response, "KH").number_known());
  EXPECT_FALSE(Only(response, "KH").date_known());
  EXPECT_TRUE(Only(response, "QD").number_known());
  EXPECT_TRUE(Only(response, "QD").date_known());
}

TEST_F(DocumentsTest, CountsWhatRestsOnThem_Plan1) {
  Issue("QD", "23500");
  EXPECT_EQ(Only(Ask(story_), "QD").cited_by(), 0u);
  const uint64_t before = story_.last_position();
  story_.Tell(sothon::testing::VillageTarget("T-1", "23500-01", v1::BHXH_TN, 202510, 2, "QD"));
  story_.Tell(sothon::testing::VillageTarget("T-2", "23500-02", v1::BHXH_TN, 202510, 2, "QD"));
  v1::Event committee;
  committee.mutable_party_registered()->set_party_id("bcd");
  committee.mutable_party_registered()->set_kind(v1::STEERING_COMMITTEE);
  committee.mutable_party_registered()->set_founding_document_id("QD");
  committee.set_document_id("QD");
  story_.Tell(20251105, "", committee);
  EXPECT_EQ(Only(Ask(story_), "QD").cited_by(), 3u) << "a party that cites what founded it rests on it once";
  EXPECT_EQ(Only(Ask(story_, 20251231, before), "QD").cited_by(), 0u);
  EXPECT_EQ(Only(Ask(story_, 20251104), "QD").cited_by(), 2u) << "the committee took effect later";
}

TEST_F(DocumentsTest, ThoseOfOtherCommunesAreLeftOut) {
  story_.Tell(sothon::testing::Commune("23504", "51", "Xã khác"));
  Issue("HERE", "23500");
  Issue("THERE", "23504");
  Issue("CITED-HERE");
  Issue("CITED-THERE");
  Issue("BASIS");
  Issue("REFERRED", "", 20250101, {"BASIS"});
  Issue("OF-NO-PLACE");
  v1::Event parameter;
  parameter.mutable_parameter_set()->set_name("rate.bhxh_tn");
  parameter.mutable_parameter_set()->set_value(220);
  parameter.set_document_id("LAW");
  Issue("LAW");
  story_.Tell(20250101, "", parameter);
  for (const auto& [target, place, document] :
       {std::tuple("T-1", "23500-01", "CITED-HERE"), std::tuple("T-2", "23504", "CITED-THERE"),
        std::tuple("T-3", "23500", "REFERRED")}) {
    story_.Tell(sothon::testing::VillageTarget(target, place, v1::BHXH_TN, 202510, 2, document));
  }
  EXPECT_THAT(Ids(Ask(story_)),
              ElementsAre("KH-TEST", "HERE", "CITED-HERE", "BASIS", "REFERRED", "OF-NO-PLACE", "LAW"));
  EXPECT_THAT(Ids(Ask(story_, 20251231, 0, "23504")),
              ElementsAre("KH-TEST", "THERE", "CITED-THERE", "OF-NO-PLACE", "LAW"));
  EXPECT_THAT(Ids(Ask(story_, 20251231, 0, "23500-02")),
              ElementsAre("KH-TEST", "HERE", "BASIS", "REFERRED", "OF-NO-PLACE", "LAW"))
      << "what concerns the commune concerns its villages, what concerns the next village does not";
  EXPECT_EQ(Ask(story_, 20251231, 0, "").documents_size(), 9);
}

TEST_F(DocumentsTest, NoneBeforeItTookEffect) {
  Issue("LATE", "23500", 20251201);
  EXPECT_THAT(Ids(Ask(story_, 20251130)), ElementsAre("KH-TEST"));
  EXPECT_THAT(Ids(Ask(story_, 20251201)), ElementsAre("KH-TEST", "LATE"));
}

}  // namespace
}  // namespace sothon::answers
