// What an import does to the work of people: mended reject files, files cut off, rows that look right and may not be.
#include "cli/testing/import_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr char kBadRow[] = "GL-2,2025-10-17,000100000002,23500-01,BHXH_TN,1,2025-13,330000,264000,66000\n";

// The files of the folder, hidden ones left out.
std::vector<std::string> FilesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (const std::string name = entry.path().filename().string(); name[0] != '.') names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_F(Import, AMendedRejectFileIsKeptWhateverIsImportedNext) {
  const std::string path = Write("a.csv", kHeader + Row(1) + kBadRow);
  ASSERT_TRUE(Run(path).ok());
  const std::string rejects = path + ".rejects.csv";
  std::string mended = ReadFile(rejects);
  mended.replace(mended.find("2025-13,"), 7, "2025-10");
  Write("a.csv.rejects.csv", mended);
  remarks_.clear();
  ASSERT_TRUE(Run(path).ok());
  EXPECT_EQ(ReadFile(rejects + ".1"), mended);
  EXPECT_THAT(remarks_, HasSubstr(StrCat(rejects, " was changed since it was written; it is kept as ", rejects, ".1")));
  EXPECT_EQ(Rejects(rejects).size(), 1u);
  // Again: the next free name. Also where nothing is rejected any more.
  Write("a.csv.rejects.csv", mended + "\n");
  Write("a.csv", kHeader + Row(1));
  const auto clean = Run(path);
  ASSERT_TRUE(clean.ok());
  EXPECT_EQ(clean->rejects_path, "");
  EXPECT_EQ(ReadFile(rejects + ".1"), mended);
  EXPECT_EQ(ReadFile(rejects + ".2"), mended + "\n");
  EXPECT_FALSE(fs::exists(rejects));
}

TEST_F(Import, ARejectFileThatNobodyChangedIsMadeAnew) {
  const std::string path = Write("a.csv", kHeader + Row(1) + kBadRow + "GL-3,x,1,2,3,4,5,6,7,8\n");
  for (int round = 0; round < 3; ++round) ASSERT_TRUE(Run(path).ok());
  EXPECT_THAT(FilesIn(folder_), ::testing::ElementsAre("a.csv", "a.csv.rejects.csv"));
  EXPECT_THAT(remarks_, Not(HasSubstr("is kept as")));
  Write("a.csv", kHeader + Row(1));
  ASSERT_TRUE(Run(path).ok());
  EXPECT_THAT(FilesIn(folder_), ::testing::ElementsAre("a.csv"));
  EXPECT_FALSE(fs::exists(RejectFile::NotePath(path + ".rejects.csv")));
}

// Rejects come in another order than that of the lines, so that the file is written twice.
TEST_F(Import, ARejectFileThatWasPutInOrderIsKnownAgain) {
  fake_.SetCheck([](const v1::RecordRequest&) { return absl::InvalidArgumentError("not today"); });
  const std::string path = Write("a.csv", kHeader + Row(1) + Row(2) + kBadRow + Row(4) + Row(5));
  for (int round = 0; round < 2; ++round) ASSERT_TRUE(Run(path).ok());
  EXPECT_EQ(Rejects(path + ".rejects.csv").size(), 5u);
  EXPECT_THAT(FilesIn(folder_), ::testing::ElementsAre("a.csv", "a.csv.rejects.csv"));
}

TEST_F(Import, ADryRunLeavesTheRejectsOfAnImportAlone) {
  const std::string path = Write("a.csv", kHeader + Row(1) + kBadRow);
  ASSERT_TRUE(Run(path).ok());
  const std::string written = ReadFile(path + ".rejects.csv");
  for (const std::string& text : {written, written + "mended"}) {
    Write("a.csv.rejects.csv", text);
    options_.dry_run = true;
    for (const std::string& content : {kHeader + Row(1) + kBadRow, kHeader + Row(1)}) {
      Write("a.csv", content);
      const auto dry = Run(path);
      ASSERT_TRUE(dry.ok()) << dry.status();
      EXPECT_EQ(ReadFile(path + ".rejects.csv"), text);
      EXPECT_EQ(dry->rejects_path, dry->rejected > 0 ? path + ".rejects.csv.dry-run" : "");
    }
  }
  EXPECT_THAT(FilesIn(folder_), ::testing::ElementsAre("a.csv", "a.csv.rejects.csv"));
}

TEST_F(Import, AnImportGoneOnWithKeepsARejectFileThatWasChangedMeanwhile) {
  std::string text = kHeader + std::string(kBadRow);
  for (int i = 10; i < 110; ++i) text += Row(i);
  const std::string path = Write("cut.csv", text);
  options_.pipeline.retry_for = absl::ZeroDuration();
  fake_.BreakStreams(8, 1);
  ASSERT_FALSE(Run(path).ok());
  std::string mended = ReadFile(path + ".rejects.csv");
  mended.replace(mended.find("2025-13,"), 7, "2025-10");
  Write("cut.csv.rejects.csv", mended);
  ASSERT_TRUE(Run(path).ok());
  EXPECT_EQ(ReadFile(path + ".rejects.csv.1"), mended);
  EXPECT_EQ(Rejects(path + ".rejects.csv").size(), 1u);
}

TEST_F(Import, ALastRowThatMayBeCutOffIsHeldBack) {
  const std::string header = "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,paid";
  const std::string row = "GL-1,2025-10-17,000100000001,23500-01,BHXH_TN,1,2025-10,297";
  const auto cut = Run(Write("cut.csv", header + "\n" + row));
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_EQ(cut->recorded, 0u);
  ASSERT_EQ(cut->rejected, 1u);
  const auto rejects = Rejects(cut->rejects_path);
  EXPECT_EQ(rejects[0].fields[1], "paid");
  EXPECT_THAT(rejects[0].fields[2], HasSubstr("ends here without a line end"));
  EXPECT_THAT(rejects[0].fields[3], HasSubstr("press Enter"));
  EXPECT_EQ(rejects[0].fields[4], "GL-1");
  // Whole: with a line end of any kind, in quotes, or as a row of the reject file.
  for (const char* end : {"\n", "\r\n", "\r"}) {
    EXPECT_EQ(Run(Write("whole.csv", header + "\n" + row + "000" + end))->rejected, 0u);
  }
  EXPECT_EQ(
      Run(Write("quoted.csv", StrCat(header, "\nGL-2,2025-10-17,000100000001,23500-01,BHXH_TN,1,2025-10,\"297000\"")))
          ->rejected,
      0u);
  EXPECT_EQ(Recorded(), 2u);
}

TEST_F(Import, ALastRowThatEndsWithTextOrNothingNeedsNoLineEnd) {
  const std::string header = "receipt_number,receipt_date,identity_number,village,months,from_month,paid,";
  const std::string row = ",2025-10-17,000100000001,23500-01,1,2025-10,297000,";
  options_.row.default_scheme = v1::BHXH_TN;
  int number = 0;
  for (const auto& [column, value] : std::vector<std::pair<std::string, std::string>>{{"declared", "new"},
                                                                                      {"declared", ""},
                                                                                      {"scheme", "BHXH_TN"},
                                                                                      {"central_support", ""},
                                                                                      {"synthetic", "1"},
                                                                                      {"ghi_chu", "12"}}) {
    const auto summary = Run(Write("t.csv", StrCat(header, column, "\nGL-", ++number, row, value)));
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->recorded, 1u) << column << "=" << value;
  }
}

TEST_F(Import, AnUnsplitRowImportedUnmendedKeepsItsTextAndLine) {
  const std::string line = "GL-2,2025-10-17,000100000002,23500-01,BHXH_TN,1,2025-10,330000";
  const auto first = Run(Write("a.csv", kHeader + Row(1) + line + "\n"));
  ASSERT_TRUE(first.ok());
  std::string path = first->rejects_path;
  for (int round = 0; round < 2; ++round) {
    const auto again = Run(path);
    ASSERT_TRUE(again.ok()) << again.status();
    ASSERT_EQ(again->rejected, 1u);
    const auto rejects = Rejects(again->rejects_path);
    EXPECT_EQ(rejects[0].fields.back(), line);
    EXPECT_EQ(rejects[0].fields[1], "");
    EXPECT_THAT(
        rejects[0].fields[2],
        ::testing::StartsWith("the row still stands unsplit in original_line (line 3 of the file it came from): "
                              "the row has 8 columns, the header has 10"));
    EXPECT_EQ(rejects[0].fields[2].find("unsplit"), rejects[0].fields[2].rfind("unsplit"));
    EXPECT_THAT(rejects[0].fields[3], HasSubstr("write its fields into the columns"));
    path = again->rejects_path;
  }
  EXPECT_EQ(Recorded(), 1u);
}

TEST_F(Import, LinesOfNothingAreNeitherRejectedNorToldOf) {
  const auto summary =
      Run(Write("a.csv", kHeader + Row(1) + "   \n\t\n\xc2\xa0\n,\xc2\xa0,,,,,,,,\n" + Row(2) + "\x1a"));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 2u);
  EXPECT_EQ(summary->rejected, 0u);
  EXPECT_EQ(remarks_, "");
}

TEST_F(Import, ADroppedZeroIsRemarked) {
  const auto file = [](const std::string& name, int citizens, int shorts) {
    std::string text = StrCat("so_bien_lai,ngay_thu,", name, ",thon,loai_hinh,so_thang,tu_thang,da_dong\n");
    for (int i = 0; i < citizens + shorts; ++i) {
      StrAppend(&text, "GL-", i, ",2025-10-17,", i < citizens ? "00" : "", 1'234'567'000 + i,
                ",23500-01,BHXH_TN,1,2025-10,264000\n");
    }
    return text;
  };
  options_.dry_run = true;
  const auto few = Run(Write("few.csv", file("cccd", 30, 25)));
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->rejected, 0u);
  ASSERT_EQ(few->remarks.size(), 1u);
  EXPECT_THAT(few->remarks[0], HasSubstr("25 numbers have 10 digits where the others have 12"));
  EXPECT_THAT(few->remarks[0], HasSubstr("dropped leading zeros"));
  EXPECT_THAT(few->remarks[0], HasSubstr("lines 32, 33, 34"));
  EXPECT_THAT(few->remarks[0], HasSubstr("51 and 5 more"));
  EXPECT_THAT(Run(Write("most.csv", file("cccd", 3, 25)))->remarks, IsEmpty());
  EXPECT_THAT(Run(Write("either.csv", file("identity_number", 30, 25)))->remarks, IsEmpty());
}

TEST_F(Import, ReceiptsThatDifferOnlyByCaseAreRemarkedAndRecorded) {
  const std::string lower = "gl-1,2025-10-17,000100000001,23500-01,BHXH_TN,1,2025-10,330000,264000,66000\n";
  const auto summary = Run(Write("a.csv", kHeader + Row(1) + Row(2) + lower + Row(1)));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->recorded, 3u);
  ASSERT_EQ(summary->remarks.size(), 1u);
  EXPECT_THAT(summary->remarks[0], HasSubstr("gl-1 (line 4; line 2)"));
}

TEST_F(Import, AServiceWhoseDiskIsFullIsNotToldToBeAway) {
  int refusals = 2;
  fake_.SetCheck([&refusals](const v1::RecordRequest&) {
    return refusals-- > 0 ? absl::UnavailableError("the disk does not take the event log") : absl::OkStatus();
  });
  const auto summary = Run(Write("a.csv", kHeader + Row(1)));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 1u);
  EXPECT_THAT(remarks_, HasSubstr("cannot record just now (the disk does not take the event log)"));
  EXPECT_THAT(remarks_, HasSubstr("it goes on by itself when there is room"));
  EXPECT_THAT(remarks_, Not(HasSubstr("does not answer")));
}

}  // namespace
}  // namespace sothon::cli
