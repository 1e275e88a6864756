#include "cli/oversight/answer_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/oversight/nearest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AnswerView Sample() {
  AnswerView view;
  view.heading = "THỬ · 23500";
  view.freshness.emplace();
  view.freshness->set_log_id("dak-ha");
  view.freshness->set_position(4711);
  view.date = 20251105;
  view.contains_synthetic = true;
  view.facts = {{"total", NumberCell(2)}};
  RecordList first{"things",
                   "",
                   {{"name", "tên"},
                    {"count", "số", Align::kRight},
                    {"share", "tỷ lệ", Align::kRight},
                    {"since_date", "từ ngày"},
                    {"positions", "vị trí"},
                    {"is_open", "mở"},
                    {"secret", "", Align::kLeft, Column::kPrograms},
                    {"", "chỉ cho người", Align::kLeft, Column::kPeople}}};
  first.records = {{TextCell("Thôn 1, \"cũ\""), CountCell(12345), PercentCell(62.5), DateCell(20251104),
                    PositionsCell({1, 2, 3, 4, 5, 6}, 9), FlagCell(true, "có"), TextCell("s"), Cell{{}, "chào"}},
                   {TextCell(""), CountOrUnknownCell(std::nullopt), PercentCell(std::nullopt), DateCell(0),
                    PositionsCell({}, 0), FlagCell(false, "có"), PositionCell(0), Cell{}}};
  RecordList second{"others", "Khác:", {{"id", "mã"}}};
  view.lists = {first, second};
  view.notes = {"Hết."};
  return view;
}

TEST(AnswerViewTables, AreForPeople) {
  const std::string table = RenderTables(Sample());
  EXPECT_THAT(table, HasSubstr("THỬ · 23500 · ngày 2025-11-05\n*** DỮ LIỆU GIẢ LẬP"));
  EXPECT_THAT(table, HasSubstr("Sổ dak-ha, vị trí 4.711"));
  EXPECT_THAT(table, HasSubstr("12.345"));
  EXPECT_THAT(table, HasSubstr("62,5"));
  EXPECT_THAT(table, HasSubstr("1, 2, 3, 4, 5 … (+4)"));
  EXPECT_THAT(table, HasSubstr("chào"));
  EXPECT_THAT(table, HasSubstr("–")) << "unknown is not 0";
  EXPECT_THAT(table, HasSubstr("\nKhác:\nKhông có gì.\n\nHết.\n"));
  EXPECT_THAT(table, Not(HasSubstr("secret")));
}

TEST(AnswerViewCsv, IsStableAndSaysWhatItReflects) {
  EXPECT_EQ(RenderCsv(Sample()),
            "name,count,share,since_date,positions,is_open,secret,answer_date,answer_log_id,answer_position,"
            "contains_synthetic\n"
            "\"Thôn 1, \"\"cũ\"\"\",12345,62.5,2025-11-04,1|2|3|4|5|6,1,s,2025-11-05,dak-ha,4711,1\n"
            ",,,,,0,,2025-11-05,dak-ha,4711,1\n");
  EXPECT_EQ(RenderCsv(OnlyList(Sample(), "others")),
            "id,answer_date,answer_log_id,answer_position,contains_synthetic\n");
}

TEST(AnswerViewJson, KeepsNumbersListsAndWhatIsUnknown) {
  const std::string json = RenderJson(Sample());
  for (const char* part :
       {"\"log_id\": \"dak-ha\"", "\"date\": \"2025-11-05\"", "\"contains_synthetic\": true", "\"total\": 2",
        "\"count\": 12345", "\"share\": 62.5", "\"is_open\": true", "\"count\": null", "\"share\": null",
        "\"secret\": null", "\"is_open\": false", "\"others\": []"}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
  EXPECT_THAT(json, Not(HasSubstr("chào")));
}

TEST(NearestWord, KnowsSlipsAndPartsAndNothingElse) {
  const std::vector<std::string> words = {"collectors_too_few", "collectors_too_many", "drive_without_guide"};
  EXPECT_EQ(NearestWord("colectors_to_few", words), "collectors_too_few");
  EXPECT_EQ(NearestWord("guide", words), "drive_without_guide");
  EXPECT_EQ(NearestWord("collectors_too_many", words), "collectors_too_many");
  EXPECT_EQ(NearestWord("late_report", words), "");
  EXPECT_EQ(NearestWord("", words), "");
  EXPECT_EQ(NearestWord("abc", {}), "");
}

}  // namespace
}  // namespace sothon::cli
