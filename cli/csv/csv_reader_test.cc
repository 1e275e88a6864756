// The CSV reader: what was written comes back, and every way a file is bad becomes one named problem.
#include "cli/csv/csv_reader.h"

#include <random>
#include <sstream>

#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct ReadResult {
  absl::Status status;
  std::vector<std::string> header;
  std::vector<CsvRecord> records;
  char separator = 0;
  std::vector<std::string> comments;
  bool has_byte_order_mark = false;
  uint64_t bytes = 0;
};

ReadResult ReadAll(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(&in);
  ReadResult result;
  result.status = reader.ReadHeader();
  result.header = reader.header();
  result.separator = reader.separator();
  result.comments = reader.comments();
  result.has_byte_order_mark = reader.has_byte_order_mark();
  CsvRecord record;
  while (result.status.ok() && reader.Next(&record)) result.records.push_back(record);
  result.bytes = reader.bytes_consumed();
  return result;
}

std::string RandomField(std::mt19937_64* random) {
  static const std::vector<std::string> kPieces = {
      "a", "7", ",",           ";", "\t", "\"", "\"\"", "\n", "\r\n", "\r", "Thôn", "ă̂", "\xf0\x9f\x8c\xbe",
      " ", "#", "\xef\xbb\xbf"};
  std::string field;
  for (uint64_t n = (*random)() % 6; n > 0; --n) field += kPieces[(*random)() % kPieces.size()];
  return field;
}

TEST(CsvReader, WhatWasWrittenComesBackForAnyText) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 2000; ++round) {
    const char separator = ",;\t"[random() % 3];
    const size_t columns = 2 + random() % 4;
    std::vector<std::string> header;
    for (size_t i = 0; i < columns; ++i) header.push_back("c" + std::to_string(i));
    std::vector<std::vector<std::string>> rows(random() % 5);
    std::string text = random() % 2 ? "\xef\xbb\xbf" : "";
    AppendCsvRecord(header, separator, &text);
    for (auto& row : rows) {
      for (size_t i = 0; i < columns; ++i) row.push_back(RandomField(&random));
      AppendCsvRecord(row, separator, &text);
    }
    if (random() % 3 == 0) text.pop_back();  // no line end at the end
    const ReadResult result = ReadAll(text);
    ASSERT_TRUE(result.status.ok()) << result.status;
    ASSERT_EQ(result.separator, separator);
    ASSERT_EQ(result.header, header);
    ASSERT_EQ(result.records.size(), rows.size()) << text;
    for (size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(result.records[i].problem, "") << text;
      ASSERT_EQ(result.records[i].fields, rows[i]) << text;
    }
    ASSERT_EQ(result.bytes, text.size());
  }
}

TEST(CsvReader, LinesEndInLfOrCrlfAndTheLastOneMayHaveNone) {
  for (const std::string text :
       {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r\n1,2\n3,4", "a,b\n\n1,2\n\r\n3,4\r"}) {
    const ReadResult result = ReadAll(text);
    ASSERT_EQ(result.records.size(), 2u) << text;
    EXPECT_THAT(result.records[0].fields, ElementsAre("1", "2"));
    EXPECT_THAT(result.records[1].fields, ElementsAre("3", "4"));
    EXPECT_EQ(result.records[1].raw, "3,4");
  }
}

TEST(CsvReader, ByteOrderMarkCommentsAndSeparatorAreRecognised) {
  const ReadResult result = ReadAll("\xef\xbb\xbf# synthetic, seed 7\r\n\r\n\"so, bien\";ngay;thon\r\n1;2;3\r\n");
  EXPECT_TRUE(result.has_byte_order_mark);
  EXPECT_THAT(result.comments, ElementsAre(" synthetic, seed 7"));
  EXPECT_EQ(result.separator, ';');
  EXPECT_THAT(result.header, ElementsAre("so, bien", "ngay", "thon"));
  ASSERT_EQ(result.records.size(), 1u);
  EXPECT_EQ(result.records[0].line, 4u);
}

TEST(CsvReader, ALastLineWithoutItsEndIsKnown) {
  for (const auto& [text, has_end] : std::vector<std::pair<std::string, bool>>{
           {"a,b\n1,2\n", true}, {"a,b\n1,2\r\n", true}, {"a,b\n1,2\r", true}, {"a,b\n1,2", false}}) {
    const ReadResult result = ReadAll(text);
    ASSERT_EQ(result.records.size(), 1u);
    EXPECT_EQ(result.records[0].has_line_end, has_end) << text;
  }
}

TEST(CsvReader, LinesOfWhiteSpaceAndATrailingCtrlZArePassedOver) {
  const ReadResult result = ReadAll("a,b\n1,2\n   \n\xc2\xa0\t\r\n3,4\n\x1a");
  ASSERT_EQ(result.records.size(), 2u);
  EXPECT_THAT(result.records[1].fields, ElementsAre("3", "4"));
  EXPECT_EQ(result.records[1].line, 5u);
  EXPECT_EQ(ReadAll("a,b\n1,2\n\x1a\n3,4\n").records.size(), 3u) << "in the middle it is no end";
  EXPECT_EQ(ReadAll("a\tb\n\t\n").records.size(), 1u) << "separators make a row";
}

TEST(CsvReader, ABinaryFileIsToldAsOne) {
  for (const std::string& text :
       {std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), std::string("%PDF-1.7\r%\x01\x02\n"),
        std::string("\x7f"
                    "ELF\x02\x01\x01\0\n",
                    9),
        std::string("a\rb\0c\n", 6)}) {
    const std::string message(ReadAll(text).status.message());
    EXPECT_THAT(message, HasSubstr("binary file"));
    EXPECT_EQ(message.find("Macintosh"), std::string::npos) << message;
  }
  EXPECT_THAT(ReadAll(std::string("a\rb\0c\n", 6)).status.message(), HasSubstr("binary file"));
  EXPECT_THAT(ReadAll("so\xff bien\rx\r").status.message(), HasSubstr("UTF-8"));
}

TEST(CsvReader, AWrongColumnCountIsAProblemOfThatRowOnly) {
  const ReadResult result = ReadAll("a,b\n1,2,3\n4\n5,6\n");
  ASSERT_EQ(result.records.size(), 3u);
  EXPECT_THAT(result.records[0].problem, HasSubstr("3 columns, the header has 2"));
  EXPECT_THAT(result.records[1].problem, HasSubstr("1 columns, the header has 2"));
  EXPECT_FALSE(result.records[1].is_split);
  EXPECT_EQ(result.records[1].line, 3u);
  EXPECT_EQ(result.records[2].problem, "");
}

TEST(CsvReader, MalformedUtf8IsAProblemOfThatRowAndColumn) {
  const ReadResult result = ReadAll("a,b\n1,\xc3(\n1,\xed\xa0\x80\n1,Hà\n");
  ASSERT_EQ(result.records.size(), 3u);
  EXPECT_THAT(result.records[0].problem, HasSubstr("UTF-8"));
  EXPECT_EQ(result.records[0].problem_column, "b");
  EXPECT_THAT(result.records[1].problem, HasSubstr("UTF-8"));  // a surrogate
  EXPECT_EQ(result.records[2].problem, "");
}

TEST(CsvReader, AQuoteNeverClosedCostsOneLineNotTheRestOfTheFile) {
  const ReadResult result = ReadAll("a,b\n1,\"cut\n2,fine\n3,fine too");
  ASSERT_EQ(result.records.size(), 3u);
  EXPECT_THAT(result.records[0].problem, HasSubstr("never closed"));
  EXPECT_EQ(result.records[0].raw, "1,\"cut");
  EXPECT_THAT(result.records[1].fields, ElementsAre("2", "fine"));
  EXPECT_EQ(result.records[2].line, 4u);
}

TEST(CsvReader, AFileCutOffInsideAQuoteNamesItsLastLine) {
  const ReadResult result = ReadAll("a,b\n1,2\n3,\"Thôn");
  ASSERT_EQ(result.records.size(), 2u);
  EXPECT_THAT(result.records[1].problem, HasSubstr("cut off"));
  EXPECT_EQ(result.records[1].line, 3u);
}

TEST(CsvReader, TextAfterAClosingQuoteIsAProblem) {
  const ReadResult result = ReadAll("a,b\n\"1\"x,2\n3,4\n");
  ASSERT_EQ(result.records.size(), 2u);
  EXPECT_THAT(result.records[0].problem, HasSubstr("after a closing quote"));
  EXPECT_EQ(result.records[1].problem, "");
}

TEST(CsvReader, AnEndlessLineIsOneBoundedProblem) {
  const ReadResult result = ReadAll("a,b\n" + std::string(1 << 20, 'x') + "\n1,2\n");
  ASSERT_EQ(result.records.size(), 2u);
  EXPECT_THAT(result.records[0].problem, HasSubstr("longer than"));
  EXPECT_LE(result.records[0].raw.size(), CsvReader::kRecordBytesMax);
  EXPECT_THAT(result.records[1].fields, ElementsAre("1", "2"));
  EXPECT_EQ(result.records[1].line, 3u);
}

TEST(CsvReader, HeadersThatCannotBeReadAreRefused) {
  EXPECT_THAT(ReadAll("").status.message(), HasSubstr("empty"));
  EXPECT_THAT(ReadAll("# only a comment\n").status.message(), HasSubstr("empty"));
  EXPECT_THAT(ReadAll(std::string("\xff\xfe"
                                  "a\0",
                                  4))
                  .status.message(),
              HasSubstr("UTF-16"));
  for (const char* workbook : {"PK\x03\x04\x14", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}) {
    EXPECT_THAT(ReadAll(workbook).status.message(),
                HasSubstr("Excel workbook (.xlsx, .xls); save it as \"CSV UTF-8\""));
  }
  EXPECT_THAT(ReadAll("a,b\r1,2\r").status.message(), HasSubstr("the lines end in CR alone"));
  EXPECT_TRUE(ReadAll("a,\"b\r\nc\"\r\n1,2\r\n").status.ok());
  EXPECT_THAT(ReadAll("a,\xff\n").status.message(), HasSubstr("UTF-8"));
  EXPECT_THAT(ReadAll("a,\"b\n1,2\n").status.message(), HasSubstr("never closed"));
}

TEST(CsvReader, ALargeFileIsReadInPiecesAndCountedWhole) {
  std::string text = "a;b\n";
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + ";\"Thôn \"\"" + std::to_string(i) + "\"\"\"\r\n";
  const ReadResult result = ReadAll(text);
  ASSERT_EQ(result.records.size(), 50'000u);
  EXPECT_EQ(result.records[49'999].fields[1], "Thôn \"49999\"");
  EXPECT_EQ(result.records[49'999].line, 50'001u);
  EXPECT_EQ(result.bytes, text.size());
}

}  // namespace
}  // namespace sothon::cli
