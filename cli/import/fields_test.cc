// Fields as offices write them.
#include "cli/import/fields.h"

#include "cli/import/columns.h"
#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

TEST(DateField, BothWaysOfWritingAndDroppedZeros) {
  Problem problem;
  EXPECT_EQ(ParseDateField("2025-10-07", &problem)->ToWire(), 20251007);
  EXPECT_EQ(ParseDateField("07/10/2025", &problem)->ToWire(), 20251007);
  EXPECT_EQ(ParseDateField("7/10/2025", &problem)->ToWire(), 20251007);
  EXPECT_EQ(ParseDateField("7/1/2025", &problem)->ToWire(), 20250107);
}

TEST(DateField, ImpossibleDatesAreRefusedWithARemedy) {
  for (const char* text : {"2205-10-17", "17/10/2205", "2025-13-01", "31/11/2025", "29/02/2025", "17-10-2025", "2025",
                           "", "10/17/2025", "1/2/3", "///", "2025-10-07 00:00"}) {
    Problem problem;
    EXPECT_EQ(ParseDateField(text, &problem), std::nullopt) << text;
    EXPECT_THAT(problem.remedy, HasSubstr("17/10/2025"));
  }
}

TEST(DateField, ADayThatDoesNotExistIsToldAsOne) {
  for (const char* text :
       {"31/02/2025", "2025-02-31", "29/02/2025", "31/11/2025", "10/17/2025", "2025-13-01", "0/1/2025"}) {
    Problem problem;
    EXPECT_EQ(ParseDateField(text, &problem), std::nullopt) << text;
    EXPECT_EQ(problem.reason, StrCat("\"", text, "\" does not exist"));
  }
  Problem problem;
  EXPECT_EQ(ParseDateField("17/10/2205", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("not a date of the years 1900 to 2199"));
}

TEST(MonthField, BothWaysOfWriting) {
  Problem problem;
  EXPECT_EQ(ParseMonthField("2025-10", &problem)->ToWire(), 202510);
  EXPECT_EQ(ParseMonthField("10/2025", &problem)->ToWire(), 202510);
  EXPECT_EQ(ParseMonthField("1/2025", &problem)->ToWire(), 202501);
}

TEST(MonthField, MonthThirteenIsRefused) {
  for (const char* text : {"2025-13", "13/2025", "0/2025", "2025-00", "2025", "", "/2025", "10-2025", "2205-10"}) {
    Problem problem;
    EXPECT_EQ(ParseMonthField(text, &problem), std::nullopt) << text;
    EXPECT_THAT(problem.remedy, HasSubstr("10/2025"));
  }
}

TEST(MoneyField, PlainOrWithDots) {
  Problem problem;
  EXPECT_EQ(ParseMoneyField("264000", &problem), 264'000);
  EXPECT_EQ(ParseMoneyField("264.000", &problem), 264'000);
  EXPECT_EQ(ParseMoneyField("1.263.600", &problem), 1'263'600);
  EXPECT_EQ(ParseMoneyField("0", &problem), 0);
}

TEST(MoneyField, NegativeDecimalAndForeignAmountsAreRefused) {
  Problem problem;
  EXPECT_EQ(ParseMoneyField("-264000", &problem), std::nullopt);
  EXPECT_THAT(problem.reason, HasSubstr("negative"));
  for (const char* text : {"1.5", "264.00", "264,000", "1.26.000", ".500", "1.", "264 000", "12a", "", "1.263.6000",
                           "9999999999999999999", "2640.000"}) {
    EXPECT_EQ(ParseMoneyField(text, &problem), std::nullopt) << text;
  }
}

TEST(CountField, BoundsHold) {
  Problem problem;
  EXPECT_EQ(ParseCountField("12", 1, 60, &problem), 12);
  for (const char* text : {"0", "61", "-1", "1.5", "", "999999999999999999999"}) {
    EXPECT_EQ(ParseCountField(text, 1, 60, &problem), std::nullopt) << text;
  }
}

TEST(IdentityField, TwelveOrTenDigitsAndNothingElse) {
  Problem problem;
  v1::Identity identity;
  EXPECT_TRUE(ParseIdentityField("000123456789", &identity, &problem));
  EXPECT_EQ(identity.citizen_number(), "000123456789");
  v1::Identity social;
  EXPECT_TRUE(ParseIdentityField("0012345678", &social, &problem));
  EXPECT_EQ(social.social_insurance_number(), "0012345678");
  for (const char* text : {"123456789", "12345678901", "1234567890123", "00012345678a", "", "000 123 456 789"}) {
    v1::Identity none;
    EXPECT_FALSE(ParseIdentityField(text, &none, &problem)) << text;
    EXPECT_EQ(none.ByteSizeLong(), 0u);
  }
}

TEST(IdentityField, OneDigitThroughoutIsNobodysNumber) {
  for (const char* text : {"000000000000", "999999999999", "0000000000", "1111111111"}) {
    Problem problem;
    v1::Identity identity;
    EXPECT_FALSE(ParseIdentityField(text, &identity, &problem)) << text;
    EXPECT_THAT(problem.reason, HasSubstr("the same digit throughout"));
    EXPECT_NE(problem.remedy, "");
    EXPECT_EQ(problem.reason.find(text), std::string::npos);
    EXPECT_EQ(identity.ByteSizeLong(), 0u);
  }
}

TEST(PaperNumber, NothingThatTheEyeCannotTellApart) {
  for (const auto& [text, code_point] :
       std::vector<std::pair<std::string, std::string>>{{"GL\xc2\xa0"
                                                         "1",
                                                         "U+00A0"},  // no-break space
                                                        {"GL-\xe2\x80\x8b"
                                                         "1",
                                                         "U+200B"},                      // zero-width space
                                                        {"\xef\xbb\xbfGL-1", "U+FEFF"},  // byte order mark
                                                        {"GL-1\xe2\x80\x8f", "U+200F"},  // right-to-left mark
                                                        {"GL\xc2\xad-1", "U+00AD"},      // soft hyphen
                                                        {"GL\t1", "U+0009"},
                                                        {"GL\n1", "U+000A"},
                                                        {"GL\xe3\x80\x80"
                                                         "1",
                                                         "U+3000"},                         // ideographic blank
                                                        {"GL-1\xef\xb8\x8f", "U+FE0F"}}) {  // variation selector
    Problem problem;
    EXPECT_EQ(ParsePaperNumber(text, &problem), std::nullopt) << code_point;
    EXPECT_THAT(problem.reason, HasSubstr(code_point));
    EXPECT_NE(problem.remedy, "");
  }
  Problem problem;
  EXPECT_EQ(ParsePaperNumber("\xef\xbc\xa7\xef\xbc\xac-\xef\xbc\x91", &problem), std::nullopt);  // full-width GL-1
  EXPECT_THAT(problem.remedy, HasSubstr("plain ones: GL-1"));
  EXPECT_EQ(ParsePaperNumber("Số 12/BL-Đ", &problem), "Số 12/BL-Đ");
  EXPECT_EQ(ParsePaperNumber("", &problem), std::nullopt);
}

TEST(IdentityField, MessagesNeverRepeatTheNumber) {
  Problem problem;
  v1::Identity identity;
  EXPECT_FALSE(ParseIdentityField("123456789", &identity, &problem));
  EXPECT_THAT(problem.reason, HasSubstr("9 digits"));
  EXPECT_EQ((problem.reason + problem.remedy).find("123456789"), std::string::npos);
}

TEST(SchemeField, NamesAndVietnameseWords) {
  Problem problem;
  EXPECT_EQ(ParseSchemeField("BHXH_TN", &problem), v1::BHXH_TN);
  EXPECT_EQ(ParseSchemeField("bhyt_hgd", &problem), v1::BHYT_HGD);
  EXPECT_EQ(ParseSchemeField("BHXH tự nguyện", &problem), v1::BHXH_TN);
  EXPECT_EQ(ParseSchemeField("BHYT hộ gia đình", &problem), v1::BHYT_HGD);
  EXPECT_EQ(ParseSchemeField("BHYT", &problem), std::nullopt);
  EXPECT_EQ(ParseSchemeField("SCHEME_UNSPECIFIED", &problem), std::nullopt);
}

TEST(ChannelField, NamesAndVietnameseWords) {
  Problem problem;
  EXPECT_EQ(ParseChannelField("DOOR_TO_DOOR", &problem), v1::DOOR_TO_DOOR);
  EXPECT_EQ(ParseChannelField("Tận nhà", &problem), v1::DOOR_TO_DOOR);
  EXPECT_EQ(ParseChannelField("tại chỗ", &problem), v1::ON_THE_SPOT);
  EXPECT_EQ(ParseChannelField("tại quầy", &problem), v1::COUNTER);
  EXPECT_EQ(ParseChannelField("trực tuyến", &problem), v1::ONLINE);
  EXPECT_EQ(ParseChannelField("", &problem), v1::CHANNEL_UNSPECIFIED);
  EXPECT_EQ(ParseChannelField("CHANNEL_UNSPECIFIED", &problem), std::nullopt);
}

TEST(DeclaredField, WordsOfTheForms) {
  Problem problem;
  EXPECT_EQ(ParseDeclaredField("new", &problem), v1::DECLARED_NEW);
  EXPECT_EQ(ParseDeclaredField("Tăng mới", &problem), v1::DECLARED_NEW);
  EXPECT_EQ(ParseDeclaredField("Đóng tiếp", &problem), v1::DECLARED_CONTINUING);
  EXPECT_EQ(ParseDeclaredField("", &problem), v1::DECLARED_UNSPECIFIED);
  EXPECT_EQ(ParseDeclaredField("maybe", &problem), std::nullopt);
}

TEST(HeaderKeys, CaseDiacriticsAndPunctuationDoNotMatter) {
  EXPECT_EQ(HeaderKey("Số biên lai"), "so_bien_lai");
  EXPECT_EQ(HeaderKey("SO_BIEN_LAI "), "so_bien_lai");
  EXPECT_EQ(HeaderKey("Phải đóng (đồng)"), "phai_dong_dong");
  EXPECT_EQ(HeaderKey("Đã đóng"), "da_dong");
  EXPECT_EQ(HeaderKey("S\xe1\xbb\x91 th\xc3\xa1ng"), HeaderKey("So\xcc\x82\xcc\x81 tha\xcc\x81ng"));
}

}  // namespace
}  // namespace sothon::cli
