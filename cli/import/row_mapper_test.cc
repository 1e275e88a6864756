// Rows of both forms into submissions, and what is wrong with those that are none.
#include "cli/import/row_mapper.h"

#include <sstream>

#include "common/base/ids.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

Directory TwoThon1() {
  Directory directory;
  v1::Event document;
  document.mutable_document_issued()->set_document_id("KH");
  directory.Apply(document);
  for (int row : {1, 13, 23}) {
    v1::Event event;
    event.set_document_id("KH");
    v1::PlaceRegistered* place = event.mutable_place_registered();
    place->set_place_id(StrCat("23500-", row < 10 ? "0" : "", row));
    place->set_level(v1::VILLAGE);
    place->set_name(row == 1 ? "TDP 1" : "Thôn 1");
    place->set_source_row(static_cast<uint32_t>(row));
    directory.Apply(event);
  }
  return directory;
}

class Rows : public ::testing::Test {
 protected:
  // Maps the first row of a file given as header and row.
  std::optional<v1::Submission> Map(const std::string& text, RowOptions options = {}) {
    if (options.agency_id.empty()) options.agency_id = "BD";
    problems_.clear();
    std::istringstream in(text);
    CsvReader reader(&in);
    EXPECT_TRUE(reader.ReadHeader().ok());
    auto columns = ColumnMap::FromHeader(reader.header(), options.kind, {}, options.default_scheme != 0);
    if (!columns.ok()) {
      problems_.push_back({"header", std::string(columns.status().message()), ""});
      return std::nullopt;
    }
    CsvRecord record;
    EXPECT_TRUE(reader.Next(&record));
    mapper_ = std::make_unique<RowMapper>(options, *columns, &directory_);
    return mapper_->Map(record, &problems_);
  }

  static RowOptions OfKind(FileKind kind) {
    RowOptions options;
    options.kind = kind;
    return options;
  }

  // A collections row with one column changed.
  std::optional<v1::Submission> MapWith(const std::string& column, const std::string& value) {
    std::string header, row;
    for (const auto& [name, usual] :
         std::vector<std::pair<std::string, std::string>>{{"receipt_number", "GL-1"},
                                                          {"receipt_date", "2025-10-17"},
                                                          {"identity_number", "000123456789"},
                                                          {"village", "23500-01"},
                                                          {"scheme", "BHXH_TN"},
                                                          {"months", "3"},
                                                          {"from_month", "2025-10"},
                                                          {"due", "990000"},
                                                          {"paid", "792000"},
                                                          {"central_support", "198000"},
                                                          {"local_support", "0"},
                                                          {"collector", "NVT-01"},
                                                          {"declared", "new"}}) {
      header += name + ";";
      row += (name == column ? value : usual) + ";";
    }
    return Map(header + "synthetic\n" + row + "0\n");
  }

  std::string OnlyProblem() {
    EXPECT_EQ(problems_.size(), 1u);
    return problems_.empty() ? "" : StrCat(problems_[0].field, ": ", problems_[0].reason, " / ", problems_[0].remedy);
  }

  Directory directory_ = TwoThon1();
  std::unique_ptr<RowMapper> mapper_;
  std::vector<Problem> problems_;
};

TEST_F(Rows, AWholeCollectionRow) {
  const auto submission = MapWith("", "");
  ASSERT_TRUE(submission) << OnlyProblem();
  const v1::Event& event = submission->event();
  const v1::ContributionRecorded& contribution = event.contribution_recorded();
  EXPECT_TRUE(IsWellFormedId(event.event_id()));
  EXPECT_EQ(event.effective_date(), 20251017);
  EXPECT_EQ(event.place_id(), "23500-01");
  EXPECT_FALSE(event.synthetic());
  EXPECT_EQ(submission->identity().citizen_number(), "000123456789");
  EXPECT_EQ(contribution.subject_id(), "");
  EXPECT_EQ(contribution.scheme(), v1::BHXH_TN);
  EXPECT_EQ(contribution.agency_id(), "BD");
  EXPECT_EQ(contribution.receipt_number(), "GL-1");
  EXPECT_EQ(contribution.collector_id(), "NVT-01");
  EXPECT_EQ(contribution.from_month(), 202510);
  EXPECT_EQ(contribution.months(), 3u);
  EXPECT_EQ(contribution.due_vnd(), 990'000);
  EXPECT_EQ(contribution.paid_vnd(), 792'000);
  EXPECT_EQ(contribution.central_support_vnd(), 198'000);
  EXPECT_EQ(contribution.declared(), v1::DECLARED_NEW);
}

TEST_F(Rows, VietnameseHeadersWithDiacriticsMeanTheSame) {
  const auto plain = MapWith("", "");
  const auto vietnamese = Map(
      "STT;Số biên lai;Ngày biên lai;Số định danh;Mã thôn;Loại hình;Số tháng;Từ tháng;Phải đóng;Đã đóng;Hỗ trợ TW;"
      "Hỗ trợ ĐP;Nhân viên thu;Kê khai;Họ và tên\n"
      "1;GL-1;17/10/2025;000123456789;TDP 1;BHXH tự nguyện;3;10/2025;990.000;792.000;198.000;0;NVT-01;Tăng mới;Người "
      "giả lập\n");
  ASSERT_TRUE(plain && vietnamese) << OnlyProblem();
  EXPECT_EQ(plain->SerializeAsString(), vietnamese->SerializeAsString());
}

TEST_F(Rows, ARowNamesItsDriveWhoIsCreditedAndTheChannel_Plan24_Plan27_Plan49) {
  const std::string header = "so_bien_lai;ngay_thu;cccd;thon;loai_hinh;so_thang;tu_thang;da_dong;";
  const std::string row = "R;2025-10-17;000123456789;23500-01;BHXH_TN;1;2025-10;1;";
  const auto submission =
      Map(header + "Đợt ra quân;Ghi nhận cho;Hình thức thu\n" + row + "w42-01;CB-07|hoi-phu-nu;Tại chỗ\n");
  ASSERT_TRUE(submission) << OnlyProblem();
  const v1::ContributionRecorded& contribution = submission->event().contribution_recorded();
  EXPECT_EQ(contribution.drive_id(), "w42-01");
  ASSERT_EQ(contribution.credited_party_ids_size(), 2);
  EXPECT_EQ(contribution.credited_party_ids(0), "CB-07");
  EXPECT_EQ(contribution.credited_party_ids(1), "hoi-phu-nu");
  EXPECT_EQ(contribution.channel(), v1::ON_THE_SPOT);
  EXPECT_EQ(mapper_->ColumnOfPath("event.contribution_recorded.credited_party_ids[1]"), "Ghi nhận cho");
  for (const auto& [column, value, message] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"drive", "Đợt 1", "not the code of a drive"},
           {"credited", "CB-07|Nguyễn", "\"Nguyễn\" is not the code of a party"},
           {"channel", "by post", "no way of collecting"}}) {
    EXPECT_EQ(Map(header + column + "\n" + row + value + "\n"), std::nullopt) << column;
    EXPECT_THAT(OnlyProblem(), HasSubstr(message));
  }
}

TEST_F(Rows, EventIdsFollowAgencyAndReceiptAlone) {
  EXPECT_EQ(MapWith("paid", "1")->event().event_id(), MapWith("receipt_date", "2025-11-01")->event().event_id());
  EXPECT_NE(MapWith("receipt_number", "GL-2")->event().event_id(), MapWith("", "")->event().event_id());
  EXPECT_NE(ContributionEventId("A", "BC"), ContributionEventId("AB", "C"));
  EXPECT_NE(ContributionEventId("A", "1"), ReversalEventId("A", "1"));
}

TEST_F(Rows, EachBadFieldIsNamedWithARemedy) {
  for (const auto& [column, value, message] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"receipt_number", "", "empty"},
           {"receipt_date", "17/10/2205", "not a date"},
           {"identity_number", "123456789", "9 digits"},
           {"village", "23500-99", "no village"},
           {"village", "Thôn 1", "the name of 2 villages"},
           {"village", "", "empty"},
           {"scheme", "BHYT", "not a scheme"},
           {"months", "61", "out of range"},
           {"from_month", "2025-13", "not a month"},
           {"due", "-1", "negative"},
           {"paid", "", "empty"},
           {"paid", "1,5", "not an amount"},
           {"central_support", "x", "not an amount"},
           {"collector", "Người Thu", "not a staff code"},
           {"declared", "?", "neither new nor continuing"}}) {
    EXPECT_EQ(MapWith(column, value), std::nullopt) << column << "=" << value;
    const std::string problem = OnlyProblem();
    EXPECT_THAT(problem, HasSubstr(column + ": "));
    EXPECT_THAT(problem, HasSubstr(message));
    EXPECT_GT(problem.size() - problem.find(" / "), 10u) << "no remedy: " << problem;
  }
}

// A reject file that is imported unmended must not record a number that stands on no paper.
TEST_F(Rows, TheSignForUnreadableLettersIsRefusedWhereItWouldNameSomething) {
  for (const char* column : {"receipt_number", "identity_number", "village", "collector", "receipt_date", "scheme",
                             "months", "from_month", "due", "paid", "central_support", "local_support", "declared"}) {
    EXPECT_FALSE(MapWith(column, "12\xef\xbf\xbd")) << column;
    ASSERT_EQ(problems_.size(), 1u) << column;
    EXPECT_EQ(problems_[0].field, column);
    EXPECT_NE(problems_[0].remedy, "") << column;
  }
  for (const char* column : {"receipt_number", "identity_number", "village", "collector"}) {
    EXPECT_FALSE(MapWith(column, "12\xef\xbf\xbd"));
    EXPECT_THAT(OnlyProblem(), HasSubstr("could not be read / write it again as it stands on the paper"));
  }
  EXPECT_FALSE(
      Map("ref,identity_number,document,stt,scheme,covered_until,opening_date\n"
          "7\xef\xbf\xbd,000123456789,KH\xef\xbf\xbd,1\xef\xbf\xbd,BHYT_HGD,2025-12,2025-09-30\n",
          OfKind(FileKind::kOpening)));
  ASSERT_EQ(problems_.size(), 3u);
  EXPECT_EQ(problems_[0].field, "ref");
  EXPECT_EQ(problems_[1].field, "document");
  EXPECT_EQ(problems_[2].field, "stt");
}

TEST_F(Rows, AllProblemsOfARowAreTold) {
  EXPECT_EQ(Map("receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid\n"
                "R,2025-13-01,123,23500-77,X,0,2025-13,-5\n"),
            std::nullopt);
  EXPECT_EQ(problems_.size(), 7u);
}

TEST_F(Rows, DocumentAndRowNameTheVillage_Plan10) {
  const std::string header =
      "receipt_number,receipt_date,identity_number,van_ban,stt,thon,scheme,months,from_month,paid\n";
  const auto by_row = Map(header + "R,2025-10-17,000123456789,KH,23,,BHXH_TN,1,2025-10,1\n");
  ASSERT_TRUE(by_row);
  EXPECT_EQ(by_row->event().place_id(), "23500-23");
  const auto with_name = Map(header + "R,2025-10-17,000123456789,KH,13,Thôn 1,BHXH_TN,1,2025-10,1\n");
  ASSERT_TRUE(with_name);
  EXPECT_EQ(with_name->event().place_id(), "23500-13");
  EXPECT_FALSE(Map(header + "R,2025-10-17,000123456789,KH,13,TDP 1,BHXH_TN,1,2025-10,1\n"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("make them agree"));
  EXPECT_FALSE(Map(header + "R,2025-10-17,000123456789,KH,99,,BHXH_TN,1,2025-10,1\n"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("no village in row 99"));
}

TEST_F(Rows, WithoutADocumentSttIsTheListsOwnNumber) {
  const auto submission =
      Map("stt,receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid\n"
          "23,R,2025-10-17,000123456789,23500-01,BHXH_TN,1,2025-10,1\n");
  ASSERT_TRUE(submission);
  EXPECT_EQ(submission->event().place_id(), "23500-01");
}

TEST_F(Rows, WhatIsDueIsPaidAndSupportTogetherWhereTheFileDoesNotSay) {
  RowOptions options;
  options.default_scheme = v1::BHXH_TN;
  const auto submission =
      Map("receipt_number,receipt_date,identity_number,village,months,from_month,paid,ho_tro_tw\n"
          "R,2025-10-17,000123456789,23500-01,1,2025-10,264000,66000\n",
          options);
  ASSERT_TRUE(submission) << OnlyProblem();
  EXPECT_EQ(submission->event().contribution_recorded().due_vnd(), 330'000);
  EXPECT_EQ(submission->event().contribution_recorded().scheme(), v1::BHXH_TN);
}

TEST_F(Rows, BothNumbersAreLinkedWhereBothAreKnown) {
  const std::string header = "receipt_number,receipt_date,so_cccd,ma_so_bhxh,village,scheme,months,from_month,paid\n";
  const auto both = Map(header + "R,2025-10-17,000123456789,0012345678,23500-01,BHXH_TN,1,2025-10,1\n");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->identity().citizen_number(), "000123456789");
  EXPECT_EQ(both->identity().social_insurance_number(), "0012345678");
  const auto social = Map(header + "R,2025-10-17,,0012345678,23500-01,BHXH_TN,1,2025-10,1\n");
  ASSERT_TRUE(social);
  EXPECT_EQ(social->identity().citizen_number(), "");
  EXPECT_FALSE(Map(header + "R,2025-10-17,,,23500-01,BHXH_TN,1,2025-10,1\n"));
  EXPECT_FALSE(Map(header + "R,2025-10-17,0087654321,0012345678,23500-01,BHXH_TN,1,2025-10,1\n"));
}

TEST_F(Rows, AnOpeningRow) {
  RowOptions options;
  options.kind = FileKind::kOpening;
  options.opening_date = CivilDate::Parse("2025-09-30");
  const std::string header = "ref,identity_number,village,scheme,covered_until\n";
  const auto by_date = Map(header + "1,000123456789,23500-01,BHYT_HGD,2025-10-15\n", options);
  ASSERT_TRUE(by_date) << OnlyProblem();
  EXPECT_EQ(by_date->event().effective_date(), 20250930);
  EXPECT_EQ(by_date->event().opening_recorded().covered_until(), 20251015);
  EXPECT_EQ(by_date->event().place_id(), "23500-01");
  const auto by_month = Map(header + "1,000123456789,23500-01,BHYT_HGD,10/2025\n", options);
  ASSERT_TRUE(by_month);
  EXPECT_EQ(by_month->event().opening_recorded().covered_until(), 20251031);
  EXPECT_EQ(by_month->event().event_id(), by_date->event().event_id());
}

TEST_F(Rows, AnOpeningsReferenceMustNotBeThePersonsNumber) {
  RowOptions options;
  options.kind = FileKind::kOpening;
  options.opening_date = CivilDate::Parse("2025-09-30");
  EXPECT_FALSE(
      Map("ref,identity_number,village,scheme,covered_until\n"
          "000123456789,000123456789,23500-01,BHYT_HGD,2025-10-15\n",
          options));
  EXPECT_THAT(OnlyProblem(), HasSubstr("holds the person's number"));
  options.opening_date.reset();
  EXPECT_FALSE(
      Map("ref,identity_number,village,scheme,covered_until\n1,000123456789,23500-01,BHYT_HGD,2025-10-15\n", options));
  EXPECT_THAT(OnlyProblem(), HasSubstr("opening_date"));
}

TEST_F(Rows, SumsAndEmptyRowsAreNoRows_Plan9) {
  ASSERT_TRUE(MapWith("", ""));
  CsvRecord record;
  record.fields = {"", "Tổng", "189"};
  EXPECT_TRUE(mapper_->IsTotalRow(record));
  record.fields = {"1", "2", "3", "Tổng cộng"};
  EXPECT_TRUE(mapper_->IsTotalRow(record));  // in the column of the village
  record.fields = {"GL-1", "Tổng", ""};
  EXPECT_FALSE(mapper_->IsTotalRow(record));
  record.fields = {"", " ", ""};
  EXPECT_TRUE(RowMapper::IsEmptyRow(record));
}

TEST_F(Rows, AFileOfTheOtherKindIsKnownByItsHeader) {
  EXPECT_FALSE(
      Map("receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid\n1,2,3,4,5,6,7,8\n",
          OfKind(FileKind::kOpening)));
  EXPECT_THAT(OnlyProblem(), HasSubstr("it looks like a file for `sothon import collections`"));
  EXPECT_FALSE(Map("ref,identity_number,village,scheme,covered_until\n1,2,3,4,5\n", OfKind(FileKind::kCollections)));
  EXPECT_THAT(OnlyProblem(), HasSubstr("it looks like a file for `sothon import opening`"));
  EXPECT_FALSE(Map("ref,scheme,village\n1,2,3\n", OfKind(FileKind::kCollections)));
  EXPECT_THAT(OnlyProblem(), ::testing::Not(HasSubstr("it looks like")));
}

TEST_F(Rows, HeadersThatLackOrRepeatOrInventColumnsAreRefused) {
  EXPECT_FALSE(Map("receipt_number,village\nR,23500-01\n"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("receipt_date, months, from_month, paid, scheme, identity_number"));
  EXPECT_FALSE(Map("paid,da_dong\n1,2\n"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("twice"));
  EXPECT_FALSE(Map("paid,ho_tro_twx\n1,2\n"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("\"ho_tro_twx\" that is not known"));
}

TEST_F(Rows, PathsOfTheServiceAreToldAsColumns) {
  ASSERT_TRUE(
      Map("so_bien_lai,ngay_thu,cccd,thon,loai_hinh,so_thang,tu_thang,da_dong\n"
          "R,2025-10-17,000123456789,23500-01,BHXH_TN,1,2025-10,1\n"));
  EXPECT_EQ(mapper_->ColumnOfPath("event.contribution_recorded.months"), "so_thang");
  EXPECT_EQ(mapper_->ColumnOfPath("event.effective_date"), "ngay_thu");
  EXPECT_EQ(mapper_->ColumnOfPath("identity.citizen_number"), "cccd");
  EXPECT_EQ(mapper_->ColumnOfPath("event.correlation_id"), "event.correlation_id");
}

TEST_F(Rows, WhiteSpaceOfAnyKindAroundAFieldIsNoPartOfIt) {
  const auto plain = MapWith("", "");
  ASSERT_TRUE(plain);
  for (const char* column : {"receipt_number", "village", "identity_number", "paid", "receipt_date"}) {
    const std::string value = column == std::string("receipt_number")    ? "GL-1"
                              : column == std::string("village")         ? "23500-01"
                              : column == std::string("identity_number") ? "000123456789"
                              : column == std::string("paid")            ? "792000"
                                                                         : "2025-10-17";
    const auto submission = MapWith(column, StrCat("\xc2\xa0 ", value, "\xe2\x80\x89\xe3\x80\x80\t"));
    ASSERT_TRUE(submission) << column << ": " << OnlyProblem();
    EXPECT_EQ(submission->SerializeAsString(), plain->SerializeAsString()) << column;
  }
  EXPECT_FALSE(MapWith("receipt_number",
                       "GL\xc2\xa0"
                       "1"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("receipt_number: it holds U+00A0"));
  EXPECT_FALSE(MapWith("identity_number", "000000000000"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("same digit"));
}

TEST_F(Rows, AFirstLineOfDataIsToldAsOne) {
  for (const char* text : {"GL-1,2025-10-17,000123456789,23500-01,BHXH_TN,1,2025-10,264000\n1\n",
                           "GL-1;17/10/2025;A\n1\n", "1,000123456789\n1\n", "x,BHYT_HGD\n1\n"}) {
    EXPECT_FALSE(Map(text));
    EXPECT_THAT(OnlyProblem(), HasSubstr("looks like a row of data"));
    EXPECT_THAT(OnlyProblem(), HasSubstr("for example receipt_number,"));
  }
  EXPECT_FALSE(Map("so_bien_lai,264000\n1,2\n"));
  EXPECT_THAT(OnlyProblem(), HasSubstr("\"264000\" that is not known"));
}

}  // namespace
}  // namespace sothon::cli
