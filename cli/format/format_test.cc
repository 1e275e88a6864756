// Tables line up with Vietnamese text, composed or not; JSON escapes what it must.
#include <sstream>

#include "cli/format/json_writer.h"
#include "cli/format/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Table, ColumnsOfVietnameseNamesLineUpByDisplayWidth) {
  Table table({{"STT", Align::kRight}, {"Thôn, TDP"}, {"đạt", Align::kRight}});
  table.AddRow({"1", "TDP 1", "8"});
  table.AddRow({"20", "Thôn 8 (Kon Trang Mơ Năy)", "1.004"});
  table.AddRow({"22", "Tho\xcc\x82n 10", "4"});  // decomposed: the circumflex takes no column
  const auto lines = Lines(table.Render());
  ASSERT_EQ(lines.size(), 5u);
  const size_t width = DisplayWidth(lines[1]);
  for (const std::string& line : lines) EXPECT_EQ(DisplayWidth(line), width) << line;
  EXPECT_EQ(lines[0], "STT  Thôn, TDP                    đạt");
  EXPECT_EQ(lines[2], "  1  TDP 1                          8");
  EXPECT_EQ(lines[3], " 20  Thôn 8 (Kon Trang Mơ Năy)  1.004");
}

TEST(Table, GroupHeadingsStandOverTheirColumns) {
  Table table(
      {{"Thôn"}, {"giao", Align::kRight, "Tháng 10"}, {"đạt", Align::kRight, "Tháng 10"}, {"%", Align::kRight}});
  table.AddRow({"TDP 1", "2", "3", "150,0"});
  table.AddRule();
  table.AddRow({"Tổng", "47", "50", "106,4"});
  const auto lines = Lines(table.Render());
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[0], "       Tháng 10");
  EXPECT_EQ(lines[1], "Thôn   giao  đạt      %");
  EXPECT_EQ(lines[2], lines[4]);
  EXPECT_EQ(DisplayWidth(lines[2]), DisplayWidth(lines[1]));
}

TEST(Table, AHeadingWiderThanItsColumnsWidensThem) {
  Table table({{"a", Align::kRight, "Cả quý IV"}, {"b", Align::kRight, "Cả quý IV"}, {"c", Align::kRight}});
  table.AddRow({"1", "2", "3"});
  const auto lines = Lines(table.Render());
  EXPECT_EQ(lines[0], "Cả quý IV");
  EXPECT_EQ(lines[1], "a       b  c");
  EXPECT_EQ(lines[3], "1       2  3");
}

TEST(Json, NestsAndEscapes) {
  JsonWriter json;
  json.BeginObject().Key("name").Text("Thôn \"4\"\n\\\x01").Key("rows").BeginArray();
  json.Integer(-1).Boolean(true).Null().Number(0.5).BeginObject().End();
  json.End().Key("none").BeginArray().End().End();
  EXPECT_EQ(json.text(),
            "{\n  \"name\": \"Thôn \\\"4\\\"\\n\\\\\\u0001\",\n  \"rows\": [\n    -1,\n    true,\n    null,\n    0.5,\n"
            "    {}\n  ],\n  \"none\": []\n}");
}

TEST(Json, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(JsonQuote("a\xff"
                      "b\xe1\xbb"),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(ReplaceInvalidUtf8("Đăk Hà"), "Đăk Hà");
}

}  // namespace
}  // namespace sothon::cli
