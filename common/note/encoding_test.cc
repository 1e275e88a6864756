#include "common/note/encoding.h"

#include <gtest/gtest.h>

namespace sothon::note {
namespace {

// RFC 4648 section 10.
TEST(Base64, HasThePublishedVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(EncodeBase64(bytes), text);
    EXPECT_EQ(DecodeBase64(text), bytes);
  }
}

TEST(Base64, OnlyTheOneSpellingIsTaken) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 8=", " Zm8=", "Zm8=\n", "Zm8.", "Zm8", "Zm-_", "Z",
                           "=", "====", "Zm9v====", "Zm9vZg==Zg=="}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
}

TEST(Base64, AHashIs32Bytes) {
  for (const size_t size : {0, 31, 32, 33}) {
    EXPECT_EQ(DecodeHash(EncodeBase64(std::string(size, 'h'))).has_value(), size == 32) << size;
  }
}

TEST(Decimal, HasNoLeadingZerosAndFits) {
  EXPECT_EQ(ParseDecimal("0"), 0u);
  EXPECT_EQ(ParseDecimal("20852163"), 20852163u);
  EXPECT_EQ(ParseDecimal("18446744073709551615"), UINT64_MAX);
  for (const char* text : {"", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616", "१"}) {
    EXPECT_EQ(ParseDecimal(text), std::nullopt) << text;
  }
}

TEST(LineReader, CountsLinesAndLeavesAnUnendedOne) {
  LineReader lines("a\n\nb");
  EXPECT_EQ(lines.Next(), "a");
  EXPECT_EQ(lines.Next(), "");
  EXPECT_EQ(lines.Error("wrong").message(), "line 2: wrong");
  EXPECT_EQ(lines.Next(), std::nullopt);
  EXPECT_EQ(lines.Missing("none").message(), "line 3: none");
  EXPECT_FALSE(lines.AtEnd());
  EXPECT_EQ(lines.rest(), "b");
}

}  // namespace
}  // namespace sothon::note
