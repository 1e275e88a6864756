// The progress table in Vietnamese, and its stable CSV and JSON.
#include "cli/views/progress_view.h"

#include <sstream>

#include "cli/csv/csv_reader.h"
#include "common/base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void AddRow(v1::GetProgressResponse* response, const std::string& place, v1::ProgressRow::Span span, int32_t from,
            int32_t to, int64_t target, int64_t achieved, bool summed) {
  v1::ProgressRow* row = response->add_rows();
  row->set_place_id(place);
  row->set_scheme(v1::BHXH_TN);
  row->set_span(span);
  row->set_from_month(from);
  row->set_month(to);
  row->mutable_figures()->set_first(achieved);
  row->mutable_figures()->set_collected(achieved);
  row->mutable_figures()->set_paid_vnd(264'000 * achieved);
  if (target < 0) return;
  v1::TargetProgress* progress = row->add_targets();
  progress->set_measure(v1::DEVELOPED);
  progress->set_target(target);
  progress->set_achieved(achieved);
  progress->set_remaining(target > achieved ? target - achieved : 0);
  if (target > 0) progress->set_attainment_percent(100.0 * static_cast<double>(achieved) / static_cast<double>(target));
  progress->set_document_id("KH");
  progress->set_reading("Cách đọc thử");
  progress->set_summed(summed);
}

v1::GetProgressResponse TwoVillages() {
  v1::GetProgressResponse response;
  response.set_period("2025Q4");
  response.mutable_freshness()->set_log_id("dak-ha");
  response.mutable_freshness()->set_position(12345);
  response.set_contains_synthetic(true);
  response.add_notices("Đơn vị cũ do suy ra");
  for (const auto& [id, name, level, row] : std::vector<std::tuple<std::string, std::string, v1::PlaceLevel, uint32_t>>{
           {"23500", "Đăk Hà", v1::COMMUNE, 0},
           {"23500-01", "TDP 1", v1::RESIDENTIAL_GROUP, 1},
           {"23500-20", "Thôn 8 (Kon Trang Mơ Năy)", v1::VILLAGE, 20}}) {
    v1::PlaceInfo* place = response.add_places();
    place->set_place_id(id);
    place->set_name(name);
    place->set_level(level);
    place->set_source_row(row);
  }
  const int64_t targets[2][3] = {{2, 3, 3}, {1, 2, 1}};
  const int64_t done[2][3] = {{1, 4, 0}, {1, 2, 2}};
  for (int v = 0; v < 3; ++v) {
    const std::string place = v == 0 ? "23500-01" : v == 1 ? "23500-20" : "23500";
    int64_t target = 0, achieved = 0;
    for (int m = 0; m < 3; ++m) {
      const int64_t t = v < 2 ? targets[v][m] : targets[0][m] + targets[1][m];
      const int64_t d = v < 2 ? done[v][m] : done[0][m] + done[1][m];
      AddRow(&response, place, v1::ProgressRow::MONTH, 202510 + m, 202510 + m, t, d, v == 2);
      target += t;
      achieved += d;
    }
    AddRow(&response, place, v1::ProgressRow::QUARTER, 202510, 202512, target, achieved, v == 2);
  }
  return response;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(ProgressTable, LinesUpAndEndsWithTheSum) {
  ProgressTableOptions options;
  options.place_id = "23500";
  const std::string table = RenderProgressTable(TwoVillages(), options);
  EXPECT_THAT(table, HasSubstr("xã Đăk Hà (23500) · 2025Q4"));
  EXPECT_THAT(table, HasSubstr("*** DỮ LIỆU GIẢ LẬP (synthetic)"));
  EXPECT_THAT(table, HasSubstr("Sổ dak-ha, vị trí 12.345"));
  EXPECT_THAT(table, HasSubstr("BHXH tự nguyện (BHXH_TN): phát triển"));
  EXPECT_THAT(table, HasSubstr("Cách hiểu: Cách đọc thử\n"));
  EXPECT_THAT(table, HasSubstr("  - Đơn vị cũ do suy ra"));
  std::vector<std::string> rows;
  for (const std::string& line : Lines(table)) {
    if (line.find("TDP 1") != std::string::npos || line.find("Kon Trang") != std::string::npos ||
        line.rfind("     Tổng", 0) == 0) {
      rows.push_back(line);
    }
  }
  ASSERT_EQ(rows.size(), 3u) << table;
  EXPECT_EQ(DisplayWidth(rows[0]), DisplayWidth(rows[1]));
  EXPECT_EQ(DisplayWidth(rows[0]), DisplayWidth(rows[2]));
  EXPECT_THAT(rows[0], HasSubstr("62,5"));   // 5 of 8
  EXPECT_THAT(rows[1], HasSubstr("125,0"));  // more than 100 % is shown as it is (plan#29)
  EXPECT_THAT(rows[2], HasSubstr("83,3"));   // 10 of 12
}

TEST(ProgressTable, ASumOfVillagesMetAsManyMonthsAsTheyDidTogether_Plan18) {
  v1::GetProgressResponse response = TwoVillages();
  for (v1::ProgressRow& row : *response.mutable_rows()) {
    row.mutable_targets(0)->set_measure(v1::MAINTAINED_OR_DEVELOPED);
    row.mutable_targets(0)->set_reading("mỗi thôn; không cộng dồn; mỗi thôn");
    if (row.span() != v1::ProgressRow::QUARTER) continue;
    row.mutable_targets(0)->set_months_with_target(3);
    row.mutable_targets(0)->set_months_met(row.place_id() == "23500-01" ? 1 : 3);
  }
  ProgressTableOptions options;
  options.place_id = "23500";
  const std::string table = RenderProgressTable(response, options);
  EXPECT_THAT(table, HasSubstr("tháng đạt"));
  EXPECT_THAT(table, HasSubstr("1/3\n"));
  EXPECT_THAT(table, HasSubstr("4/6\n"));
  EXPECT_THAT(table, HasSubstr("Cách hiểu: mỗi thôn; không cộng dồn\n"));
}

TEST(ProgressTable, WhatHasNoTargetIsADashAndNotANought) {
  v1::GetProgressResponse response = TwoVillages();
  for (v1::ProgressRow& row : *response.mutable_rows()) {
    if (row.place_id() == "23500-20" && row.month() == 202511) row.clear_targets();
  }
  ProgressTableOptions options;
  options.place_id = "23500";
  EXPECT_THAT(RenderProgressTable(response, options), HasSubstr("–"));
  EXPECT_THAT(RenderProgressTable(TwoVillages(), options), Not(HasSubstr("–")));
}

TEST(ProgressTable, DocumentsWithoutNumberOrDateAreShownAsUnknown_Plan5) {
  ProgressTableOptions options;
  options.place_id = "23500";
  options.documents.emplace_back();
  options.documents[0].set_document_id("KH");
  options.documents[0].set_title("Kế hoạch");
  EXPECT_THAT(RenderProgressTable(TwoVillages(), options),
              HasSubstr("Văn bản: Kế hoạch (số: không rõ; ngày: không rõ; KH)"));
}

TEST(ProgressTable, FiguresWithoutTargetsAreShownWhereTheyAreAllThereIs) {
  v1::GetProgressResponse response = TwoVillages();
  for (v1::ProgressRow& row : *response.mutable_rows()) row.clear_targets();
  ProgressTableOptions options;
  options.place_id = "23500";
  EXPECT_THAT(RenderProgressTable(response, options), HasSubstr("đang tham gia"));
  EXPECT_THAT(RenderProgressTable(response, options), HasSubstr("2.640.000"));
}

TEST(ProgressTable, AnEmptyAnswerSaysSo) {
  v1::GetProgressResponse response;
  response.set_period("2025Q4");
  EXPECT_THAT(RenderProgressTable(response, {}), HasSubstr("Không có chỉ tiêu nào"));
}

TEST(ProgressCsv, HasOneLineForEachRowAndTarget) {
  const v1::GetProgressResponse response = TwoVillages();
  std::istringstream in(RenderProgressCsv(response));
  CsvReader reader(&in);
  ASSERT_TRUE(reader.ReadHeader().ok());
  EXPECT_EQ(reader.header().size(), 36u);
  EXPECT_EQ(reader.header()[0], "place_id");
  EXPECT_EQ(reader.header()[19], "target");
  CsvRecord record;
  int rows = 0;
  while (reader.Next(&record)) {
    EXPECT_EQ(record.problem, "");
    ++rows;
    if (record.fields[0] == "23500-20" && record.fields[6] == "quarter") {
      EXPECT_EQ(record.fields[1], "Thôn 8 (Kon Trang Mơ Năy)");
      EXPECT_EQ(record.fields[19], "4");
      EXPECT_EQ(record.fields[20], "5");
      EXPECT_EQ(record.fields[22], "125");
      EXPECT_EQ(record.fields[30], "1");
    }
  }
  EXPECT_EQ(rows, response.rows_size());
}

TEST(ProgressJson, NamesEverythingAndLeavesUnknownRatesNull) {
  v1::GetProgressResponse response = TwoVillages();
  response.mutable_rows(0)->mutable_targets(0)->clear_attainment_percent();
  const std::string json = RenderProgressJson(response);
  for (const char* key : {"\"log_id\": \"dak-ha\"", "\"position\": 12345", "\"contains_synthetic\": true",
                          "\"month\": \"2025-10\"", "\"span\": \"quarter\"", "\"attainment_percent\": null",
                          "\"name\": \"Thôn 8 (Kon Trang Mơ Năy)\"", "\"summed\": true"}) {
    EXPECT_THAT(json, HasSubstr(key));
  }
}

}  // namespace
}  // namespace sothon::cli
