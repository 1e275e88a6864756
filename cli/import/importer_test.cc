// Whole files: good rows are recorded once, bad ones come back with line, field, reason and remedy.
#include "cli/import/importer.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr char kHeader[] =
    "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,due,paid,central_support\n";

std::string Row(int number, const std::string& paid = "264000") {
  return StrCat("GL-", number, ",2025-10-17,000", 100'000'000 + number, ",23500-01,BHXH_TN,1,2025-10,330000,", paid,
                ",66000\n");
}

class Import : public ::testing::Test {
 protected:
  Import() : stub_(fake_.NewStub()) {
    folder_ = fs::path(::testing::TempDir()) /
              StrCat("import-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    v1::RecordRequest request;
    v1::Event* agency = request.add_submissions()->mutable_event();
    agency->set_event_id("agency");
    agency->mutable_party_registered()->set_party_id("BD");
    agency->mutable_party_registered()->set_kind(v1::AGENCY);
    for (int row : {1, 13, 23}) {
      v1::Event* event = request.add_submissions()->mutable_event();
      v1::PlaceRegistered* place = event->mutable_place_registered();
      place->set_place_id(StrCat("23500-", row < 10 ? "0" : "", row));
      place->set_level(v1::VILLAGE);
      place->set_name(row == 1 ? "TDP 1" : "Thôn 1");
      place->set_source_row(static_cast<uint32_t>(row));
      event->set_event_id(place->place_id());
    }
    grpc::ClientContext context;
    v1::RecordResponse response;
    EXPECT_TRUE(stub_->Record(&context, request, &response).ok());
    registry_events_ = fake_.events().size();
    options_.row.agency_id = "BD";
    options_.pipeline.batch_submissions_max = 5;
    options_.pipeline.batches_in_flight_max = 3;
    options_.pipeline.sleep = [](absl::Duration) { absl::SleepFor(absl::Milliseconds(1)); };
  }

  std::string Write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  absl::StatusOr<ImportSummary> Run(const std::string& path) {
    ImportOptions options = options_;
    options.path = path;
    return Importer(
               stub_.get(), options, [this](const std::string& remark) { remarks_ += remark + "\n"; },
               [](const ImportProgress&) {})
        .Run();
  }

  static std::string ReadFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  static std::vector<CsvRecord> Rejects(const std::string& path) {
    std::istringstream in(ReadFile(path));
    CsvReader reader(&in);
    EXPECT_TRUE(reader.ReadHeader().ok());
    std::vector<CsvRecord> rows;
    CsvRecord record;
    while (reader.Next(&record)) rows.push_back(record);
    return rows;
  }

  size_t Recorded() const { return fake_.events().size() - registry_events_; }

  FakeIngest fake_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  ImportOptions options_;
  fs::path folder_;
  size_t registry_events_ = 0;
  std::string remarks_;
};

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

TEST_F(Import, ImportingTwiceRecordsNothingTwice) {
  const std::string path = Write("twice.csv", kHeader + Row(1) + Row(2) + Row(3));
  ASSERT_TRUE(Run(path).ok());
  const auto again = Run(path);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->recorded, 0u);
  EXPECT_EQ(again->known, 3u);
  EXPECT_EQ(Recorded(), 3u);
}

TEST_F(Import, ARowsIdentityDoesNotDependOnItsFile) {
  ASSERT_TRUE(Run(Write("a.csv", kHeader + Row(1) + Row(2))).ok());
  std::string semicolons = "\xef\xbb\xbf" + std::string(kHeader) + Row(2) + Row(3);
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  std::string crlf;
  for (char c : semicolons) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  const auto summary = Run(Write("b.csv", crlf));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 1u);
  EXPECT_EQ(summary->known, 1u);
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

TEST_F(Import, AServiceThatIsNotThereYetIsWaitedFor) {
  options_.path = Write("a.csv", kHeader + Row(1));
  fake_.SetAway(3);
  const auto summary = Run(options_.path);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 1u);
  EXPECT_THAT(remarks_, HasSubstr("the service does not answer (loading); trying again"));
  fake_.SetAway(1);
  options_.pipeline.retry_for = absl::ZeroDuration();
  EXPECT_EQ(Run(options_.path).status().code(), absl::StatusCode::kUnavailable);
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

TEST_F(Import, AReceiptStandingTwiceInTheFileWithAnotherAmountIsTold) {
  const auto summary = Run(Write("a.csv", kHeader + Row(1) + Row(1) + Row(1, "300000")));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(Recorded(), 1u);
  EXPECT_EQ(summary->recorded, 1u);
  EXPECT_EQ(summary->known, 1u);
  EXPECT_EQ(summary->rejected, 1u);
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

TEST_F(Import, AnInterruptedImportGoesOnAndKeepsItsRejects) {
  std::string text = kHeader;
  text += "GL-bad,2025-10-17,123,23500-01,BHXH_TN,1,2025-10,330000,264000,0\n";
  for (int i = 0; i < 100; ++i) text += Row(i);
  const std::string path = Write("cut.csv", text);
  options_.pipeline.retry_for = absl::ZeroDuration();
  fake_.BreakStreams(/*requests=*/8, /*times=*/1);
  const auto cut = Run(path);
  EXPECT_EQ(cut.status().code(), absl::StatusCode::kUnavailable) << cut.status();
  ASSERT_TRUE(fs::exists(path + ".sothon-progress"));
  const auto rest = Run(path);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_GE(rest->resumed_after_line, 30u);
  EXPECT_LT(rest->rows, 100u);
  EXPECT_EQ(rest->rejected, 0u);
  EXPECT_EQ(rest->rejected_earlier, 1u);
  EXPECT_EQ(Recorded(), 100u);
  ASSERT_EQ(Rejects(rest->rejects_path).size(), 1u);
  EXPECT_EQ(Rejects(rest->rejects_path)[0].fields[0], "2");
  EXPECT_FALSE(fs::exists(path + ".sothon-progress"));
}

TEST_F(Import, AChangedFileIsNotGoneOnWith) {
  std::string text = kHeader;
  for (int i = 0; i < 100; ++i) text += Row(i);
  const std::string path = Write("cut.csv", text);
  options_.pipeline.retry_for = absl::ZeroDuration();
  fake_.BreakStreams(8, 1);
  ASSERT_FALSE(Run(path).ok());
  Write("cut.csv", std::string(kHeader) + Row(500) + text.substr(sizeof kHeader - 1));
  const auto summary = Run(path);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->resumed_after_line, 0u);
  EXPECT_EQ(summary->rows, 101u);
  EXPECT_EQ(Recorded(), 101u);
}

// The service fails at each row in turn, so that the line gone on with is of every kind there is.
TEST_F(Import, AnImportThatIsGoneOnWithPassesOverNoRowWhereverItStopped) {
  const std::vector<std::string> rows = {
      Row(0),
      "\n\n",
      Row(1),
      "\n",
      "GL-2,2025-10-17,000100000002,\"23500-01\n\n\",BHXH_TN,1,2025-10,330000,264000,66000\n",
      Row(3),
      "GL-bad,2025-10-17,123,23500-01,BHXH_TN,1,2025-10,330000,264000,0\n",
      ",,,,,,,,,\n",
      "\"GL-4\n\",2025-10-17,000100000004,23500-01,BHXH_TN,1,2025-10,330000,264000,66000\r\n",
      "\n\n\n",
      Row(5),
      Row(6),
      Row(7)};
  for (const std::string& before : {std::string(), std::string("# a remark\n\n")}) {
    for (const size_t batch : {1, 2, 5}) {
      for (int failing = 0; failing < 8; ++failing) {
        SCOPED_TRACE(StrCat("batches of ", batch, ", failing at GL-", failing, ", ", before.size()));
        FakeIngest fake;
        fake.CopyFrom(fake_);
        stub_ = fake.NewStub();
        options_.pipeline.batch_submissions_max = batch;
        std::string text = before + kHeader;
        for (const std::string& row : rows) text += row;
        const std::string path = Write("holes.csv", text);
        fake.SetCheck([failing](const v1::RecordRequest& request) {
          for (const auto& submission : request.submissions()) {
            const std::string& number = submission.event().contribution_recorded().receipt_number();
            if (number == StrCat("GL-", failing)) return absl::PermissionDeniedError("not now");
          }
          return absl::OkStatus();
        });
        EXPECT_EQ(Run(path).status().code(), absl::StatusCode::kPermissionDenied);
        EXPECT_TRUE(fs::exists(path + ".sothon-progress"));
        fake.SetCheck(nullptr);
        const auto rest = Run(path);
        ASSERT_TRUE(rest.ok()) << rest.status();
        std::vector<std::string> recorded;
        for (const v1::Event& event : fake.events()) {
          if (event.has_contribution_recorded()) recorded.push_back(event.contribution_recorded().receipt_number());
        }
        EXPECT_THAT(recorded, ::testing::ElementsAre("GL-0", "GL-1", "GL-2", "GL-3", "GL-4", "GL-5", "GL-6", "GL-7"));
        EXPECT_EQ(Rejects(rest->rejects_path).size(), 1u);
      }
    }
  }
}

// Line 2 is refused by the service; what stands behind it keeps its order all the same.
class ImportOrder : public Import {
 protected:
  void ImportWithRefusals(const std::string& text) {
    fake_.SetCheck([](const v1::RecordRequest& request) {
      std::vector<FieldViolation> violations;
      for (int i = 0; i < request.submissions_size(); ++i) {
        if (request.submissions(i).event().contribution_recorded().paid_vnd() != 1) continue;
        violations.push_back({StrCat("submissions[", i, "].event.contribution_recorded.paid_vnd"), "too little; mend"});
      }
      return violations.empty() ? absl::OkStatus() : BadRequest(violations);
    });
    const auto summary = Run(Write("order.csv", text));
    ASSERT_TRUE(summary.ok()) << summary.status();
    rejects_ = Rejects(summary->rejects_path);
  }
  // Receipts and what was paid, as recorded.
  std::vector<std::string> RecordedInOrder() const {
    std::vector<std::string> rows;
    for (const v1::Event& event : fake_.events()) {
      if (!event.has_contribution_recorded()) continue;
      const auto& row = event.contribution_recorded();
      rows.push_back(StrCat(row.receipt_number(), " ", row.paid_vnd()));
    }
    return rows;
  }
  std::vector<CsvRecord> rejects_;
};

TEST_F(ImportOrder, OfTwoRowsWithOneReceiptTheEarlierLineWins) {
  for (const size_t batch : {5, 100, 1000}) {
    options_.pipeline.batch_submissions_max = batch;
    const int base = static_cast<int>(batch) * 1000;
    std::string text = StrCat(kHeader, Row(base, "1"), Row(base + 1, "100000"));
    for (int i = 2; i < 202; ++i) text += Row(base + i);
    text += Row(base + 1, "200000") + Row(base + 202);
    ImportWithRefusals(text);
    ASSERT_EQ(rejects_.size(), 2u);
    EXPECT_EQ(rejects_[0].fields[0], "2");
    EXPECT_EQ(rejects_[1].fields[0], "204");
    EXPECT_THAT(RecordedInOrder(), ::testing::Contains(StrCat("GL-", base + 1, " 100000")));
    EXPECT_THAT(RecordedInOrder(), ::testing::Not(::testing::Contains(StrCat("GL-", base + 1, " 200000"))));
  }
}

TEST_F(ImportOrder, RowsAreRecordedInTheOrderOfTheFileWhicheverAreRefused) {
  options_.pipeline.batch_submissions_max = 40;
  std::string text = kHeader;
  std::vector<std::string> expected;
  for (int i = 0; i < 205; ++i) {
    const bool is_bad = i == 0 || i % 17 == 5 || (i > 120 && i < 160);
    // All of one person on one date.
    std::string row = Row(i, is_bad ? "1" : "264000");
    row.replace(row.find(",000"), 13, ",000100000001");
    text += row;
    if (!is_bad) expected.push_back(StrCat("GL-", i, " 264000"));
  }
  fake_.BreakStreams(3, 4);
  ImportWithRefusals(text);
  EXPECT_EQ(RecordedInOrder(), expected);
}

TEST_F(Import, AStreamThatBreaksAgainAndAgainLosesAndDoublesNothing) {
  std::string text = kHeader;
  for (int i = 0; i < 300; ++i) text += Row(i);
  fake_.BreakStreams(3, 12);
  const auto summary = Run(Write("long.csv", text));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 300u);
  EXPECT_EQ(summary->known, 0u);
  EXPECT_EQ(Recorded(), 300u);
}

TEST_F(Import, ADryRunRecordsNothingAndFindsRepeatedReceipts) {
  options_.dry_run = true;
  const std::string path = Write("dry.csv", kHeader + Row(1) + Row(2) + Row(2, "1") + "GL-3,x,1,2,3,4,5,6,7,8\n");
  const auto summary = Run(path);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 2u);
  EXPECT_EQ(summary->rejected, 2u);
  EXPECT_EQ(Recorded(), 0u);
  EXPECT_THAT(Rejects(summary->rejects_path)[0].fields[2], HasSubstr("stands on line 3 with other content"));
  EXPECT_FALSE(fs::exists(path + ".sothon-progress"));
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

}  // namespace
}  // namespace sothon::cli
