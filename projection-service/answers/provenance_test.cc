#include "projection-service/answers/provenance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "projection-service/rules/testing/story.h"

namespace sothon::answers {
namespace {

using rules::testing::Story;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ProvenanceTest : public ::testing::Test {
 protected:
  // Notes of a kind: "id document @position text", the text in Vietnamese.
  std::vector<std::string> Ask(v1::ProvenanceNote::Kind kind, int32_t date = 20251231, uint64_t position = 0,
                               std::string_view place = "23500") const {
    v1::ListProvenanceResponse response;
    EXPECT_TRUE(FillProvenance(story_.SituationOn(date, position, place), {}, &response).ok());
    std::vector<std::string> lines;
    for (const v1::ProvenanceNote& note : response.notes()) {
      EXPECT_NE(note.text_vi(), "");
      EXPECT_NE(note.text_en(), "");
      EXPECT_GT(note.position(), 0u) << note.text_en();
      if (note.kind() != kind) continue;
      lines.push_back(StrCat(note.id(), " ", note.document_id().empty() ? "-" : note.document_id(), " @",
                             note.position(), " ", note.text_vi()));
    }
    return lines;
  }
  // A document with number and date, of the commune.
  static v1::Event Known(std::string_view id) {
    v1::Event event = sothon::testing::Document(id);
    event.mutable_document_issued()->set_number_verbatim("Quyết định số 73/QĐ-UBND");
    event.mutable_document_issued()->set_number_normalised("73/QĐ-UBND");
    event.mutable_document_issued()->set_issued_date(20250219);
    return event;
  }
  uint64_t Target(std::string_view id, std::string_view place, std::string_view reading, int32_t date = 20251017) {
    v1::Event event = sothon::testing::VillageTarget(id, place, v1::BHXH_TN, 202510, 2);
    event.mutable_target_set()->set_reading(std::string(reading));
    return story_.Tell(date, place, std::move(event));
  }
  Story story_;
};

TEST_F(ProvenanceTest, NumbersAndDatesThatTheSourceDoesNotGive_Plan5) {
  v1::Event plan = Known("KH");
  plan.mutable_document_issued()->clear_number_verbatim();
  plan.mutable_document_issued()->clear_number_normalised();
  plan.mutable_document_issued()->set_title("Kế hoạch");
  plan.mutable_document_issued()->clear_issued_date();
  const uint64_t at = story_.Tell(20251017, "23500", plan);
  story_.Tell(20251017, "23500", Known("QD"));
  EXPECT_THAT(Ask(v1::ProvenanceNote::UNKNOWN),
              ::testing::IsSupersetOf({StrCat("KH KH @", at, " Văn bản “Kế hoạch”: không rõ số"),
                                       StrCat("KH KH @", at, " Văn bản “Kế hoạch”: không rõ ngày ban hành")}));
  for (const std::string& line : Ask(v1::ProvenanceNote::UNKNOWN)) EXPECT_THAT(line, Not(HasSubstr("QD ")));
}

TEST_F(ProvenanceTest, ANumberIsReadOtherwiseThanPrinted_Plan2) {
  v1::Event notice = Known("TB");
  notice.mutable_document_issued()->set_number_verbatim("Thông báo số 66/QĐ-UBND");
  notice.mutable_document_issued()->set_number_normalised("66/TB-UBND");
  story_.Tell(20251017, "23500", notice);
  story_.Tell(20251017, "23500", Known("QD"));
  EXPECT_THAT(
      Ask(v1::ProvenanceNote::READING),
      ElementsAre(AllOf(HasSubstr("TB TB"), HasSubstr("“Thông báo số 66/QĐ-UBND”, được hiểu là số 66/TB-UBND"))));
}

TEST_F(ProvenanceTest, ReferencesThatPointAtNothing_Plan4_Plan7_Plan50) {
  v1::Event plan = Known("KH");
  v1::DocumentIssued* document = plan.mutable_document_issued();
  auto* fine = document->add_references();
  fine->set_text_verbatim("Thông báo 66");
  fine->set_resolved(true);
  auto* dangling = document->add_references();
  dangling->set_text_verbatim("mục 3.3 tại Kế hoạch này");
  dangling->set_presumably("mục II.3");
  auto* missing = document->add_references();
  missing->set_text_verbatim("danh sách kèm theo");
  missing->set_attachment(true);
  document->add_recipients()->set_name_verbatim("Các đơn vị trường học");
  auto* known = document->add_recipients();
  known->set_name_verbatim("Bưu điện");
  known->set_party_id(sothon::testing::kAgencyId);
  auto* filed = document->add_recipients();
  filed->set_name_verbatim("VT");
  filed->set_capacity(v1::DocumentIssued::TO_FILE);
  story_.Tell(20251017, "23500", plan);
  EXPECT_THAT(Ask(v1::ProvenanceNote::UNRESOLVED_REFERENCE),
              ElementsAre(HasSubstr("không có phụ lục kèm theo “danh sách kèm theo”"),
                          HasSubstr("nơi nhận “Các đơn vị trường học”"),
                          HasSubstr("“mục 3.3 tại Kế hoạch này”; có lẽ là: mục II.3")));
}

TEST_F(ProvenanceTest, AnIssuerThatIsGoneWithoutSuccessor_Plan3) {
  v1::Event district;
  district.mutable_party_registered()->set_party_id("ubnd-huyen-cu");
  district.mutable_party_registered()->set_kind(v1::PEOPLES_COMMITTEE);
  district.mutable_party_registered()->set_name("UBND huyện (cũ)");
  district.mutable_party_registered()->set_dissolved_date(20250701);
  story_.Tell(district);
  v1::Event document = Known("QD-73");
  document.mutable_document_issued()->set_issuer_party_id("ubnd-huyen-cu");
  story_.Tell(20250219, "23500", document);
  v1::Event taken_over = document;
  taken_over.mutable_document_issued()->set_document_id("QD-74");
  taken_over.mutable_document_issued()->set_successor_party_id("ubnd-xa");
  story_.Tell(20250219, "23500", taken_over);
  EXPECT_THAT(Ask(v1::ProvenanceNote::NO_SUCCESSOR, 20250630), IsEmpty()) << "it still existed";
  EXPECT_THAT(Ask(v1::ProvenanceNote::NO_SUCCESSOR, 20250701),
              ElementsAre(AllOf(HasSubstr("QD-73 QD-73"), HasSubstr("UBND huyện (cũ) không còn"))));
}

TEST_F(ProvenanceTest, FormerUnitsThatAreInferred_Plan11) {
  v1::Event village = sothon::testing::Village(3, "Thôn 3");
  village.mutable_place_registered()->set_former_unit("thị trấn Đăk Hà (cũ)");
  village.mutable_place_registered()->set_former_unit_provenance(v1::INFERRED);
  const uint64_t at = story_.Tell(village);
  v1::Event stated = sothon::testing::Village(4, "Thôn 4");
  stated.mutable_place_registered()->set_former_unit("xã Đăk La (cũ)");
  stated.mutable_place_registered()->set_former_unit_provenance(v1::STATED);
  story_.Tell(stated);
  EXPECT_THAT(Ask(v1::ProvenanceNote::INFERRED),
              ElementsAre(AllOf(HasSubstr("23500-03"), HasSubstr(StrCat("@", at)), HasSubstr("thị trấn Đăk Hà (cũ)"))));
  EXPECT_THAT(Ask(v1::ProvenanceNote::INFERRED, 20251231, 0, "23500-04"), IsEmpty());
}

TEST_F(ProvenanceTest, ReadingsOfTargetsThatAreAlikeAreOneNote_Plan18) {
  const uint64_t first = Target("T-1", "23500-01", "Phát triển = lần đầu + tham gia lại");
  Target("T-2", "23500-02", "Phát triển = lần đầu + tham gia lại");
  const uint64_t other = Target("T-3", "23500-01", "không cộng dồn", 20251101);
  EXPECT_THAT(
      Ask(v1::ProvenanceNote::READING),
      ElementsAre(StrCat("T-1 KH-TEST @", first, " 2 chỉ tiêu, từ T-1, được hiểu: Phát triển = lần đầu + tham gia lại"),
                  StrCat("T-3 KH-TEST @", other, " Chỉ tiêu T-3, được hiểu: không cộng dồn")));
  EXPECT_EQ(Ask(v1::ProvenanceNote::READING, 20251031).size(), 1u) << "the other took effect in November";
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING, 20251231, 0, "23500-02"), ElementsAre(HasSubstr("Chỉ tiêu T-2,")));
}

TEST_F(ProvenanceTest, ARevisedTargetIsReadNoMore_Plan26) {
  Target("T-1", "23500-01", "cách hiểu cũ");
  const uint64_t before = story_.last_position();
  v1::Event revised = sothon::testing::VillageTarget("T-1b", "23500-01", v1::BHXH_TN, 202510, 3);
  revised.mutable_target_set()->set_revises_target_id("T-1");
  story_.Tell(20251017, "23500-01", revised);
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING), IsEmpty());
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING, 20251231, before), ElementsAre(HasSubstr("cách hiểu cũ")));
}

TEST_F(ProvenanceTest, ReadingsOfParametersInForce_Plan41) {
  v1::Event set;
  set.mutable_parameter_set()->set_name("deadline.drive_report");
  set.mutable_parameter_set()->set_value(5);
  set.mutable_parameter_set()->set_reading("“kịp thời”: 5 ngày");
  const uint64_t first = story_.Tell(20251001, "23500", set);
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING),
              ElementsAre(StrCat("deadline.drive_report - @", first,
                                 " Tham số deadline.drive_report = 5 days, được hiểu: “kịp thời”: 5 ngày")));
  set.mutable_parameter_set()->set_value(7);
  set.mutable_parameter_set()->set_reading("7 ngày");
  story_.Tell(20251101, "23500", set);
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING, 20251031), ElementsAre(HasSubstr("= 5 days")));
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING, 20251101), ElementsAre(HasSubstr("= 7 days")));
}

TEST_F(ProvenanceTest, SeveralNamesAreReadAsOne_Plan8) {
  v1::Event agency = sothon::testing::Agency("BD-2", "Bưu điện khu vực");
  agency.mutable_party_registered()->add_aliases("đại lý thu");
  agency.mutable_party_registered()->add_aliases("tổ cộng tác viên");
  agency.set_document_id(sothon::testing::kDocumentId);
  story_.Tell(agency);
  EXPECT_THAT(Ask(v1::ProvenanceNote::READING),
              ElementsAre(HasSubstr("Bưu điện khu vực còn được ghi là “đại lý thu”, “tổ cộng tác viên”")));
}

TEST_F(ProvenanceTest, UnknownFoundingAndPopulation_Plan6_Plan19) {
  v1::Event committee;
  committee.mutable_party_registered()->set_party_id("bcd");
  committee.mutable_party_registered()->set_kind(v1::STEERING_COMMITTEE);
  committee.mutable_party_registered()->set_name("Ban Chỉ đạo xã");
  committee.set_document_id(sothon::testing::kDocumentId);
  story_.Tell(committee);
  EXPECT_THAT(Ask(v1::ProvenanceNote::UNKNOWN),
              ::testing::IsSupersetOf({HasSubstr("Ban Chỉ đạo xã: không rõ ngày thành lập"),
                                       HasSubstr("Đăk Hà (23500): không rõ dân số")}));
  v1::Event population;
  population.mutable_denominator_declared()->set_of("population");
  population.mutable_denominator_declared()->set_value(25'000);
  story_.Tell(20251001, "23500", population);
  for (const std::string& line : Ask(v1::ProvenanceNote::UNKNOWN)) EXPECT_THAT(line, Not(HasSubstr("dân số")));
  EXPECT_THAT(Ask(v1::ProvenanceNote::UNKNOWN, 20250930), ::testing::Contains(HasSubstr("không rõ dân số")));
}

}  // namespace
}  // namespace sothon::answers
