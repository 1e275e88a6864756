// Whole files: good rows are recorded once, bad ones come back with line, field, reason and remedy.
#include "cli/import/importer.h"

#include <sys/stat.h>

#include "cli/testing/import_fixture.h"
#include "common/status/status.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

TEST_F(Import, GoodRowsAreRecordedAndNothingIsLeftBehind) {
  std::string text = kHeader;
  for (int i = 0; i < 57; ++i) text += Row(i);
  const std::string path = Write("good.csv", text);
  const auto summary = Run(path);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->rows, 57u);
  EXPECT_EQ(summary->recorded, 57u);
  EXPECT_EQ(summary->known + summary->rejected, 0u);
  EXPECT_EQ(summary->log_id, "fake");
  EXPECT_EQ(Recorded(), 57u);
  EXPECT_EQ(summary->last_position, fake_.events().size());
  EXPECT_FALSE(fs::exists(path + ".rejects.csv"));
  EXPECT_FALSE(fs::exists(path + ".sothon-progress"));
}

TEST_F(Import, EveryKindOfBadRowComesBackAndTheGoodOnesAreRecorded) {
  const std::string text = StrCat(kHeader, Row(1),                                                     // line 2
                                  "GL-2,2025-10-17,000100000002,23500-01,BHXH_TN,1,2025-10,330000\n",  // 3
                                  "GL-3,2025-10-17,000100000003,23500-01,BHXH_TN,1,2025-13,330000,264000,0\n",   // 4
                                  "GL-4,17/10/2205,000100000004,23500-01,BHXH_TN,1,2025-10,330000,264000,0\n",   // 5
                                  "GL-5,2025-10-17,123456789,23500-01,BHXH_TN,1,2025-10,330000,264000,0\n",      // 6
                                  "GL-6,2025-10-17,000100000006,Thôn 1,BHXH_TN,1,2025-10,330000,264000,0\n",     // 7
                                  "GL-7,2025-10-17,000100000007,23500-77,BHXH_TN,1,2025-10,330000,264000,0\n",   // 8
                                  "GL-8,2025-10-17,000100000008,23500-01,BHXH_TN,1,2025-10,330000,-264000,0\n",  // 9
                                  "GL-\xff,2025-10-17,000100000009,23500-01,BHXH_TN,1,2025-10,1,1,0\n",          // 10
                                  Row(10),                                                                       // 11
                                  ",,,Tổng,,,,3300000,2640000,\n",                                               // 12
                                  "GL-11,2025-10-17,\"000100000011");                                            // 13
  const std::string path = Write("bad.csv", text);
  const auto summary = Run(path);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 2u);
  EXPECT_EQ(summary->rejected, 9u);
  EXPECT_EQ(summary->totals_skipped, 1u);
  EXPECT_THAT(remarks_, HasSubstr("line 12 is a row of sums"));
  ASSERT_EQ(summary->rejects_path, path + ".rejects.csv");
  struct stat info {};
  ASSERT_EQ(::stat(summary->rejects_path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::vector<std::tuple<std::string, std::string, std::string>> expected = {
      {"3", "", "8 columns, the header has 10"},
      {"4", "from_month", "not a month"},
      {"5", "receipt_date", "not a date"},
      {"6", "identity_number", "9 digits"},
      {"7", "village", "the name of 2 villages"},
      {"8", "village", "no village 23500-77"},
      {"9", "paid", "negative"},
      {"10", "receipt_number", "UTF-8"},
      {"13", "", "never closed"}};
  const auto rejects = Rejects(summary->rejects_path);
  ASSERT_EQ(rejects.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(rejects[i].fields[0], std::get<0>(expected[i]));
    EXPECT_EQ(rejects[i].fields[1], std::get<1>(expected[i]));
    EXPECT_THAT(rejects[i].fields[2], HasSubstr(std::get<2>(expected[i])));
    EXPECT_NE(rejects[i].fields[3], "") << "a remedy on line " << rejects[i].fields[0];
  }
  EXPECT_EQ(rejects[1].fields[4], "GL-3");                   // the original row, column by column
  EXPECT_THAT(rejects[0].fields.back(), HasSubstr("GL-2"));  // or whole, where it could not be split
}

TEST_F(Import, AMendedRejectFileCanBeImported) {
  const std::string path = Write(
      "bad.csv", kHeader + Row(1) + "GL-2,2025-10-17,000100000002,23500-01,BHXH_TN,1,2025-13,330000,264000,66000\n");
  const auto first = Run(path);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->rejected, 1u);
  std::string mended = ReadFile(first->rejects_path);
  mended.replace(mended.find("2025-13,"), 7, "2025-10");
  const auto second = Run(Write("mended.csv", mended));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->recorded, 1u);
  EXPECT_EQ(second->rejected, 0u);
  EXPECT_EQ(Recorded(), 2u);
}

TEST_F(Import, ARejectFileImportedUnmendedRecordsNoMutilatedNumber) {
  const std::string row = "GL-\xff,2025-10-17,000100000009,23500-01,BHXH_TN,1,2025-10,330000,264000,0\n";
  const auto first = Run(Write("bad.csv", kHeader + Row(1) + row));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->rejected, 1u);
  const auto second = Run(first->rejects_path);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->recorded, 0u);
  ASSERT_EQ(second->rejected, 1u);
  const auto rejects = Rejects(second->rejects_path);
  EXPECT_EQ(rejects[0].fields[1], "receipt_number");
  EXPECT_THAT(rejects[0].fields[2], HasSubstr("could not be read"));
  EXPECT_THAT(rejects[0].fields[3], HasSubstr("write it again"));
  EXPECT_EQ(Recorded(), 1u);
}

TEST_F(Import, AReceiptRecordedWithAnotherAmountIsToldWithPositionAndDifference) {
  ASSERT_TRUE(Run(Write("a.csv", kHeader + Row(1) + Row(2))).ok());
  const auto summary = Run(Write("b.csv", kHeader + Row(1) + Row(2, "300000") + Row(3)));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->known, 1u);
  EXPECT_EQ(summary->recorded, 1u);
  ASSERT_EQ(summary->rejected, 1u);
  const auto rejects = Rejects(summary->rejects_path);
  EXPECT_THAT(rejects[0].fields[2],
              HasSubstr(StrCat("receipt GL-2 is already recorded at position ", registry_events_ + 2,
                               " with another amount: paid 264.000 there, 300.000 here")));
  EXPECT_THAT(rejects[0].fields[3], HasSubstr("sothon reverse"));
}

TEST_F(Import, AReceiptRecordedForAnotherPersonIsTold) {
  ASSERT_TRUE(Run(Write("a.csv", kHeader + Row(1))).ok());
  std::string row = Row(1);
  row.replace(row.find("000100000001"), 12, "000100000099");
  const auto summary = Run(Write("b.csv", kHeader + row));
  ASSERT_TRUE(summary.ok());
  ASSERT_EQ(summary->rejected, 1u);
  EXPECT_THAT(Rejects(summary->rejects_path)[0].fields[2], HasSubstr("for another person"));
}

TEST_F(Import, RefusalsOfTheServiceComeBackUnderTheFilesOwnColumnNames) {
  fake_.SetCheck([](const v1::RecordRequest& request) {
    std::vector<FieldViolation> violations;
    for (int i = 0; i < request.submissions_size(); ++i) {
      if (request.submissions(i).event().contribution_recorded().receipt_number() != "GL-7") continue;
      violations.push_back({StrCat("submissions[", i, "].event.contribution_recorded.collector_id"),
                            "NVT-99 is not registered; register it first"});
    }
    return violations.empty() ? absl::OkStatus() : BadRequest(violations);
  });
  std::string text =
      "so_bien_lai,ngay_bien_lai,so_dinh_danh,ma_thon,loai_hinh,so_thang,tu_thang,phai_dong,da_dong,ma_nvt\n";
  for (int i = 0; i < 12; ++i) text += Row(i).replace(Row(i).rfind("66000"), 5, "NVT-99");
  const auto summary = Run(Write("a.csv", text));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 11u);
  const auto rejects = Rejects(summary->rejects_path);
  ASSERT_EQ(rejects.size(), 1u);
  EXPECT_EQ(rejects[0].fields[0], "9");
  EXPECT_EQ(rejects[0].fields[1], "ma_nvt");
  EXPECT_EQ(rejects[0].fields[2], "NVT-99 is not registered");
  EXPECT_EQ(rejects[0].fields[3], "register it first");
}

TEST_F(Import, RejectedRowsStandInTheOrderOfTheFileWhoeverRefusedThem) {
  fake_.SetCheck([](const v1::RecordRequest& request) {
    std::vector<FieldViolation> violations;
    for (int i = 0; i < request.submissions_size(); ++i) {
      if (request.submissions(i).event().contribution_recorded().paid_vnd() != 1) continue;
      violations.push_back(
          {StrCat("submissions[", i, "].event.contribution_recorded.paid_vnd"), "too little; pay more"});
    }
    return violations.empty() ? absl::OkStatus() : BadRequest(violations);
  });
  std::string text = kHeader;
  for (int i = 0; i < 40; ++i) text += i % 7 == 3 ? Row(i, "1") : i % 7 == 5 ? Row(i, "-1") : Row(i);
  const auto summary = Run(Write("mixed.csv", text));
  ASSERT_TRUE(summary.ok()) << summary.status();
  const auto rejects = Rejects(summary->rejects_path);
  ASSERT_EQ(rejects.size(), summary->rejected);
  ASSERT_EQ(rejects.size(), 11u);
  for (size_t i = 1; i < rejects.size(); ++i) {
    EXPECT_LT(std::stoi(rejects[i - 1].fields[0]), std::stoi(rejects[i].fields[0]));
  }
  struct stat info {};
  ASSERT_EQ(::stat(summary->rejects_path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Import, AFileThatSaysSoIsSynthetic) {
  const auto summary = Run(Write("s.csv", StrCat("# DỮ LIỆU GIẢ LẬP (Synthetic data)\n", kHeader, Row(1))));
  ASSERT_TRUE(summary.ok());
  EXPECT_TRUE(summary->is_synthetic);
  EXPECT_TRUE(fake_.events().back().synthetic());
}

TEST_F(Import, FilesThatCannotBeImportedAtAllSayWhy) {
  EXPECT_THAT(std::string(Run((folder_ / "none.csv").string()).status().message()), HasSubstr("not a file"));
  EXPECT_THAT(std::string(Run(Write("e.csv", "")).status().message()), HasSubstr("empty"));
  EXPECT_THAT(std::string(Run(Write("n.csv", StrCat(kHeader, "\n,,,,,,,,,\n"))).status().message()),
              HasSubstr("a header and no rows"));
  for (const char* magic : {"PK\x03\x04", "\xd0\xcf\x11\xe0"}) {
    EXPECT_THAT(std::string(Run(Write("x.csv", StrCat(magic, "\x14\n"))).status().message()),
                HasSubstr("Excel workbook"));
  }
  EXPECT_THAT(std::string(Run(Write("h.csv", "a,b\n1,2\n")).status().message()), HasSubstr("\"a\" that is not known"));
  options_.row.agency_id = "XX";
  EXPECT_THAT(std::string(Run(Write("g.csv", kHeader + Row(1))).status().message()),
              HasSubstr("--agency XX is not in the book; write one of BD"));
}

TEST_F(Import, ARejectFileThatCannotBeWrittenStopsTheImportAndIsNotPassedOver) {
  options_.rejects_path = (folder_ / "no-such-folder" / "r.csv").string();
  const std::string path = Write("a.csv", kHeader + Row(1) + "GL-2,x,1,2,3,4,5,6,7,8\n" + Row(3));
  const auto summary = Run(path);
  ASSERT_FALSE(summary.ok());
  EXPECT_THAT(std::string(summary.status().message()), HasSubstr("--rejects"));
  EXPECT_FALSE(fs::exists(path + ".sothon-progress"));
}

TEST_F(Import, TheRejectFileTakesNoOtherFilesPlace) {
  const std::string text = kHeader + Row(1) + "GL-2,x,1,2,3,4,5,6,7,8\n";
  const std::string path = Write("a.csv", text);
  const std::string other = Write("list.csv", "name\nAn\n");
  fs::create_symlink(path, folder_ / "link.csv");
  fs::create_directory(folder_ / "folder");
  for (const std::string& taken : {path, (folder_ / "link.csv").string(), other, (folder_ / "folder").string()}) {
    options_.rejects_path = taken;
    const auto summary = Run(path);
    ASSERT_EQ(summary.status().code(), absl::StatusCode::kInvalidArgument) << taken << ": " << summary.status();
    EXPECT_THAT(std::string(summary.status().message()), HasSubstr("name another file with --rejects")) << taken;
  }
  EXPECT_EQ(ReadFile(path), text);
  EXPECT_EQ(ReadFile(other), "name\nAn\n");
  EXPECT_EQ(Recorded(), 0u);
  // Neither an empty file nor an earlier reject file is anything to be lost.
  options_.rejects_path = Write("rejects.csv", "");
  for (int round = 0; round < 2; ++round) {
    const auto summary = Run(path);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(Rejects(options_.rejects_path).size(), 1u);
  }
}

TEST_F(Import, ReadersAreToldThePositionThatHoldsAllOfTheFile) {
  const auto first = Run(Write("a.csv", kHeader + Row(1) + Row(2)));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->min_position, registry_events_ + 2);
  ASSERT_TRUE(Run(Write("b.csv", kHeader + Row(3))).ok());
  // Nothing new is recorded, and the rows are to be waited for all the same.
  const auto again = Run(Write("c.csv", kHeader + Row(1) + Row(2)));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->last_position, 0u);
  EXPECT_EQ(again->min_position, registry_events_ + 2);
  options_.dry_run = true;
  EXPECT_EQ(Run(Write("d.csv", kHeader + Row(1) + Row(4)))->min_position, 0u);
}

}  // namespace
}  // namespace sothon::cli
