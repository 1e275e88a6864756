#include "common/base/text.h"

#include <limits>

#include "common/base/big_endian.h"
#include "common/base/ids.h"
#include "common/base/place_id.h"
#include "common/base/scheme.h"
#include "common/base/strings.h"
#include "common/base/varint.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

// "Đăk Hà" with its marks as combining characters of their own.
constexpr char kDecomposed[] = "\u0110a\u0306k Ha\u0300";

TEST(Utf8Test, TellsValidFromInvalid) {
  for (const char* text : {"", "abc", "Đăk Hà", kDecomposed, "日本", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << text;
  }
  for (const char* text : {"\xff", "abc\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc4", "Th\xf4n 1"}) {
    EXPECT_FALSE(IsValidUtf8(text));
    EXPECT_FALSE(ToNfc(text));
    EXPECT_FALSE(MatchingForm(text));
  }
  EXPECT_TRUE(IsValidUtf8(std::string_view("a\0b", 3)));
}

TEST(NfcTest, ComposesVietnameseLetters) {  // plan#14
  EXPECT_NE(std::string_view(kDecomposed), "Đăk Hà");
  EXPECT_EQ(ToNfc(kDecomposed), "Đăk Hà");
  EXPECT_EQ(ToNfc("Đăk Hà"), "Đăk Hà");
  EXPECT_EQ(ToNfc("e\u0323\u0302"), "ệ");
  EXPECT_EQ(ToNfc("e\u0302\u0323"), "ệ") << "the order of the marks does not matter";
  EXPECT_EQ(ToNfc(std::string_view("a\0b", 3)), std::string("a\0b", 3));
}

TEST(MatchingFormTest, IgnoresCaseAndSpacing) {
  EXPECT_EQ(MatchingForm("  Thôn \t\u00a0 ĐĂK  La\n"), "thôn đăk la");
  EXPECT_EQ(MatchingForm(kDecomposed), MatchingForm("ĐĂK HÀ"));
  EXPECT_NE(MatchingForm("Thôn 1"), MatchingForm("Thôn 11"));
  EXPECT_NE(MatchingForm("Đăk"), MatchingForm("Dak")) << "marks are part of the name";
  EXPECT_EQ(MatchingForm("   "), "");
}

TEST(HiddenCharacterTest, PlainTextHasNone) {
  for (const char* text : {"", "BL-0001", "BL 0001", "0001/BHXH-TN.25", "Số 12 Đắk Hà", kDecomposed, "e\u0323\u0302",
                           "日本 12", "\xff\xff"}) {
    EXPECT_FALSE(FindHiddenCharacter(text)) << text;
  }
}

TEST(HiddenCharacterTest, WhatCannotBeSeenIsFoundAndNamed) {
  using Hidden = HiddenCharacter;
  const struct {
    const char* text;
    Hidden::Kind kind;
    uint32_t code_point;
  } cases[] = {
      {" BL-1", Hidden::kBlankAtEnd, ' '},
      {"BL-1 ", Hidden::kBlankAtEnd, ' '},
      {"BL-1\n", Hidden::kBlankAtEnd, '\n'},
      {"\u00a0BL-1", Hidden::kBlankAtEnd, 0xa0},
      {"BL-1\u3000", Hidden::kBlankAtEnd, 0x3000},
      {"BL  1", Hidden::kDoubleBlank, ' '},
      {"BL\u00a01", Hidden::kOddSpace, 0xa0},
      {"BL\u20091", Hidden::kOddSpace, 0x2009},
      {"BL\u20281", Hidden::kOddSpace, 0x2028},
      {"BL\t1", Hidden::kControl, '\t'},
      {"BL\x7f"
       "1",
       Hidden::kControl, 0x7f},
      {"BL\u00801", Hidden::kControl, 0x80},
      {"BL\u200b1", Hidden::kInvisible, 0x200b},
      {"\ufeffBL1", Hidden::kInvisible, 0xfeff},
      {"BL\u00ad1", Hidden::kInvisible, 0xad},
      {"BL\u202e1", Hidden::kInvisible, 0x202e},
      {"BL\u034f1", Hidden::kInvisible, 0x34f},
      {"BL1\ufe0f", Hidden::kInvisible, 0xfe0f},
      {"BL-\uff11", Hidden::kCompatibility, 0xff11},
      {"\uff22L-1", Hidden::kCompatibility, 0xff22},
      {"BL\u00b2", Hidden::kCompatibility, 0xb2},
      {"\ufb01n", Hidden::kCompatibility, 0xfb01},
      {"\u2460", Hidden::kCompatibility, 0x2460},
  };
  for (const auto& one : cases) {
    const auto found = FindHiddenCharacter(one.text);
    ASSERT_TRUE(found) << one.text;
    EXPECT_EQ(found->kind, one.kind) << one.text;
    EXPECT_EQ(found->code_point, one.code_point) << one.text;
  }
}

TEST(DisplayWidthTest, CountsColumns) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("Đăk Hà"), 6u);
  EXPECT_EQ(DisplayWidth(kDecomposed), 6u);
  EXPECT_EQ(DisplayWidth("日本"), 4u);
  EXPECT_EQ(DisplayWidth("a\xff"
                         "b"),
            3u);
}

TEST(PadToTest, LinesUpAndNeverCuts) {
  EXPECT_EQ(PadTo("Đăk", 5, Align::kLeft), "Đăk  ");
  EXPECT_EQ(PadTo(kDecomposed, 8, Align::kRight), std::string("  ") + kDecomposed);
  EXPECT_EQ(PadTo("Thống Nhất", 3, Align::kLeft), "Thống Nhất");
}

TEST(FormatThousandsTest, GroupsTheVietnameseWay) {
  EXPECT_EQ(FormatThousands(0), "0");
  EXPECT_EQ(FormatThousands(999), "999");
  EXPECT_EQ(FormatThousands(1'000), "1.000");
  EXPECT_EQ(FormatThousands(1'234'567), "1.234.567");
  EXPECT_EQ(FormatThousands(-123'456), "-123.456");
  EXPECT_EQ(FormatThousands(std::numeric_limits<int64_t>::min()), "-9.223.372.036.854.775.808");
}

TEST(SchemeTest, NamesAreExact) {
  EXPECT_EQ(SchemeFromName("BHXH_TN"), v1::BHXH_TN);
  EXPECT_EQ(SchemeFromName(SchemeName(v1::BHYT_NSNN)), v1::BHYT_NSNN);
  for (const char* name : {"", "bhxh_tn", "SCHEME_UNSPECIFIED", "BHYT"}) EXPECT_FALSE(SchemeFromName(name)) << name;
}

TEST(SchemeTest, AStateFundedCardIsNotSelfPaid) {  // plan#30
  const SchemeGroupDefinition& self_paid = DefaultSchemeGroups().at(0);
  EXPECT_EQ(self_paid.id, "BHYT_TU_DONG");
  for (v1::Scheme scheme : self_paid.schemes) EXPECT_NE(scheme, v1::BHYT_NSNN);
  EXPECT_EQ(DefaultSchemeGroups().at(1).schemes.size(), 5u);
}

TEST(IdsTest, WellFormed) {
  EXPECT_TRUE(IsWellFormedId("c:TCDVT-01:BL_0001.x"));
  EXPECT_TRUE(IsWellFormedId(std::string(64, 'a')));
  for (const std::string& id : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("ă"),
                                std::string("a/b"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(IsWellFormedId(id)) << id;
  }
}

TEST(IdsTest, PlaceShapes) {
  EXPECT_EQ(ShapeOfPlaceId("51"), PlaceShape::kProvince);
  EXPECT_EQ(ShapeOfPlaceId("23500"), PlaceShape::kCommune);
  EXPECT_EQ(ShapeOfPlaceId("23500-07"), PlaceShape::kVillage);
  EXPECT_EQ(ShapeOfPlaceId("23500-107"), PlaceShape::kVillage);
  for (const char* id : {"", "5", "515", "2350", "23500-", "23500-7", "23500-1007", "23500_07", "2350a", "23500-0a"}) {
    EXPECT_FALSE(ShapeOfPlaceId(id)) << id;
  }
  EXPECT_EQ(CommuneOfPlaceId("23500-07"), "23500");
  EXPECT_EQ(CommuneOfPlaceId("23500"), "23500");
  EXPECT_EQ(CommuneOfPlaceId("51"), "");
}

TEST(VarintTest, RoundTripsAndRefusesWhatIsTooLong) {
  for (int bit = 0; bit < 64; ++bit) {
    for (int64_t delta : {-1, 0, 1}) {
      const uint64_t value = (uint64_t{1} << bit) + static_cast<uint64_t>(delta);
      std::string bytes;
      AppendVarint(value, &bytes);
      AppendSignedVarint(static_cast<int64_t>(value), &bytes);
      std::string_view in = bytes;
      uint64_t read = 0;
      int64_t signed_read = 0;
      ASSERT_TRUE(ConsumeVarint(&in, &read));
      ASSERT_TRUE(ConsumeSignedVarint(&in, &signed_read));
      ASSERT_EQ(read, value);
      ASSERT_EQ(signed_read, static_cast<int64_t>(value));
      ASSERT_TRUE(in.empty());
      ASSERT_EQ(ReadBigEndian64(BigEndian64(value)), value);
    }
  }
  uint64_t value = 0;
  std::string_view truncated = "\x80\x80";
  EXPECT_FALSE(ConsumeVarint(&truncated, &value));
  std::string_view sixty_five_bits = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
  EXPECT_FALSE(ConsumeVarint(&sixty_five_bits, &value));
  std::string_view eleven_bytes = "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";
  EXPECT_FALSE(ConsumeVarint(&eleven_bytes, &value));
}

TEST(BigEndianTest, KeysSortAsTheirNumbers) {
  EXPECT_EQ(BigEndian64(0x0102030405060708), "\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_LT(BigEndian64(255), BigEndian64(256));
  EXPECT_LT(BigEndian64(0x7fffffffffffffff), BigEndian64(0x8000000000000000));
}

TEST(StrCatTest, TakesEitherKindOfView) {
  std::string out = StrCat(std::string_view("thôn "), 1, absl::string_view("/"), std::string("x"));
  StrAppend(&out, std::string_view("!"), 2);
  EXPECT_EQ(out, "thôn 1/x!2");
}

}  // namespace
}  // namespace sothon
