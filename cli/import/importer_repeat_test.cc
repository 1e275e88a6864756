// Again: the same file, the same row, an import that was broken off. Each row counts once, in the order of the file.
#include <map>
#include <random>

#include "cli/testing/import_fixture.h"
#include "common/status/status.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

// A check for FakeIngest.
absl::Status RefuseThosePaidOne(const v1::RecordRequest& request) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.submissions_size(); ++i) {
    if (request.submissions(i).event().contribution_recorded().paid_vnd() != 1) continue;
    violations.push_back({StrCat("submissions[", i, "].event.contribution_recorded.paid_vnd"), "too little; mend"});
  }
  return violations.empty() ? absl::OkStatus() : BadRequest(violations);
}

// Receipts and what was paid, in the order in which they were recorded.
std::vector<std::string> ReceiptsOf(const FakeIngest& fake) {
  std::vector<std::string> receipts;
  for (const v1::Event& event : fake.events()) {
    if (!event.has_contribution_recorded()) continue;
    const v1::ContributionRecorded& row = event.contribution_recorded();
    receipts.push_back(StrCat(row.receipt_number(), " ", row.paid_vnd()));
  }
  return receipts;
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

TEST_F(Import, AReceiptStandingTwiceInTheFileWithAnotherAmountIsTold) {
  const auto summary = Run(Write("a.csv", kHeader + Row(1) + Row(1) + Row(1, "300000")));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(Recorded(), 1u);
  EXPECT_EQ(summary->recorded, 1u);
  EXPECT_EQ(summary->known, 1u);
  EXPECT_EQ(summary->rejected, 1u);
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

TEST_F(Import, AJournalThatCannotBeWrittenSaysWhyAndWhatToDo) {
  const std::string path = (folder_ / "no-such-folder" / "a.csv.sothon-progress").string();
  const std::string message(Journal(path, {}).Store({}).message());
  EXPECT_THAT(message, HasSubstr(path));
  EXPECT_THAT(message, HasSubstr("No such file or directory"));
  EXPECT_THAT(message, HasSubstr("copy the imported file to a folder of yours"));
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
    fake_.SetCheck(RefuseThosePaidOne);
    const auto summary = Run(Write("order.csv", text));
    ASSERT_TRUE(summary.ok()) << summary.status();
    rejects_ = Rejects(summary->rejects_path);
  }
  std::vector<std::string> RecordedInOrder() const { return ReceiptsOf(fake_); }
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

TEST_F(Import, EveryRowStandingTwiceCostsNoMoreRequestsThanAnyFileOfThatLength) {
  options_.pipeline.batch_submissions_max = 50;
  std::string text = kHeader;
  for (int i = 0; i < 500; ++i) text += Row(i) + Row(i);
  const size_t requests_before = fake_.request_sizes().size();
  const auto summary = Run(Write("pairs.csv", text));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->rows, 1000u);
  EXPECT_EQ(summary->recorded, 500u);
  EXPECT_EQ(summary->known, 500u);
  EXPECT_EQ(summary->rejected, 0u);
  EXPECT_EQ(Recorded(), 500u);
  EXPECT_LE(fake_.request_sizes().size() - requests_before, 1000u / 50);
}

TEST_F(Import, ARowThatIsRefusedIsRefusedOnEachOfItsLines) {
  options_.pipeline.batch_submissions_max = 50;
  fake_.SetCheck(RefuseThosePaidOne);
  std::string text = kHeader + Row(1) + Row(1);              // lines 2, 3
  text += Row(2, "1") + Row(2, "1") + Row(2, "1") + Row(3);  // 4 to 7
  text += Row(2) + Row(4) + Row(4, "300000") + Row(4);       // 8 to 11
  const auto summary = Run(Write("pairs.csv", text));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->rows, 10u);
  EXPECT_EQ(summary->recorded, 4u);
  EXPECT_EQ(summary->known, 2u) << "lines 3 and 11";
  EXPECT_EQ(summary->rejected, 4u);
  const auto rejects = Rejects(summary->rejects_path);
  ASSERT_EQ(rejects.size(), 4u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(rejects[i].fields[0], StrCat(4 + i));
    EXPECT_EQ(rejects[i].fields[1], "paid");
    EXPECT_EQ(rejects[i].fields[2], "too little");
  }
  EXPECT_EQ(rejects[3].fields[0], "10");
  EXPECT_THAT(rejects[3].fields[2], HasSubstr("another amount: paid 264.000 there, 300.000 here"));
  EXPECT_THAT(ReceiptsOf(fake_), ::testing::ElementsAre("GL-1 264000", "GL-3 264000", "GL-2 264000", "GL-4 264000"));
}

// Rows of few receipts, most of them repeated nearby: as if each had been sent by itself, in the order of the file.
TEST_F(Import, RepeatsEndAsIfEachRowWereSentByItself) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  for (int round = 0; round < 40; ++round) {
    FakeIngest fake;
    fake.CopyFrom(fake_);
    fake.SetCheck(RefuseThosePaidOne);
    stub_ = fake.NewStub();
    options_.pipeline.batch_submissions_max = 1 + random() % 40;
    std::string text = kHeader;
    std::map<int, std::string> recorded;  // receipt -> what was paid
    std::vector<std::string> in_order;
    std::vector<std::string> rejected_lines;
    size_t known = 0;
    int number = 0;
    for (int line = 2; line < 202; ++line) {
      if (random() % 3 == 0) number = static_cast<int>(random() % 30);
      const std::string paid = std::vector<std::string>{"264000", "264000", "264000", "300000", "1"}[random() % 5];
      text += Row(number, paid);
      const auto earlier = recorded.find(number);
      if (paid == "1" || (earlier != recorded.end() && earlier->second != paid)) {
        rejected_lines.push_back(StrCat(line));
      } else if (earlier != recorded.end()) {
        ++known;
      } else {
        recorded[number] = paid;
        in_order.push_back(StrCat("GL-", number, " ", paid));
      }
    }
    const auto summary = Run(Write(StrCat("random-", round, ".csv"), text));
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->rows, 200u);
    EXPECT_EQ(summary->recorded, in_order.size());
    EXPECT_EQ(summary->known, known);
    std::vector<std::string> lines;
    for (const CsvRecord& reject : Rejects(summary->rejects_path)) lines.push_back(reject.fields[0]);
    ASSERT_EQ(lines, rejected_lines);
    ASSERT_EQ(ReceiptsOf(fake), in_order);
  }
}

TEST_F(Import, RowsStandingTwiceAreNeitherLostNorDoubledByAnInterruption) {
  std::string text = kHeader;
  for (int i = 0; i < 60; ++i) text += Row(i) + Row(i) + (i % 3 == 0 ? Row(i) : "");
  const std::string path = Write("pairs.csv", text);
  options_.pipeline.retry_for = absl::ZeroDuration();
  fake_.BreakStreams(/*requests=*/5, /*times=*/1);
  ASSERT_EQ(Run(path).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(fs::exists(path + ".sothon-progress"));
  const auto rest = Run(path);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_GT(rest->resumed_after_line, 0u);
  EXPECT_EQ(rest->rejected, 0u);
  EXPECT_EQ(Recorded(), 60u);
  EXPECT_EQ(rest->recorded + rest->known, rest->rows);
}

TEST_F(Import, ARepeatIsKnownThoughItsStreamBroke) {
  std::string text = kHeader;
  for (int i = 0; i < 60; ++i) text += Row(i) + Row(i);
  fake_.BreakStreams(3, 12);
  const auto summary = Run(Write("pairs.csv", text));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->recorded, 60u);
  EXPECT_EQ(summary->known, 60u);
}

TEST_F(Import, ADryRunCountsARepeatAsTheImportWill) {
  const std::string path = Write("dry.csv", kHeader + Row(1) + Row(1) + Row(2) + Row(1));
  options_.dry_run = true;
  const auto dry = Run(path);
  options_.dry_run = false;
  const auto real = Run(path);
  ASSERT_TRUE(dry.ok() && real.ok());
  EXPECT_EQ(dry->recorded, 2u);
  EXPECT_EQ(dry->known, 2u);
  EXPECT_EQ(real->recorded, dry->recorded);
  EXPECT_EQ(real->known, dry->known);
}

TEST_F(Import, AFileIsGoneOnWithUnderEachOfItsNames) {
  std::string text = kHeader;
  text += "GL-bad,2025-10-17,123,23500-01,BHXH_TN,1,2025-10,330000,264000,0\n";
  for (int i = 0; i < 100; ++i) text += Row(i);
  fs::create_directories(folder_ / "2025" / "x");
  const std::string path = Write("2025/october.csv", text);
  fs::create_symlink(path, folder_ / "latest.csv");
  fs::create_directory_symlink(folder_ / "2025", folder_ / "year");
  options_.pipeline.retry_for = absl::ZeroDuration();
  const std::vector<std::string> names = {path, (folder_ / "latest.csv").string(),
                                          (folder_ / "2025/./x/../october.csv").string(),
                                          (folder_ / "year/october.csv").string()};
  for (const std::string& first : names) {
    for (const std::string& second : names) {
      SCOPED_TRACE(first + " then " + second);
      FakeIngest fake;
      fake.CopyFrom(fake_);
      stub_ = fake.NewStub();
      fake.BreakStreams(/*requests=*/8, /*times=*/1);
      ASSERT_EQ(Run(first).status().code(), absl::StatusCode::kUnavailable);
      const auto rest = Run(second);
      ASSERT_TRUE(rest.ok()) << rest.status();
      EXPECT_GE(rest->resumed_after_line, 30u);
      EXPECT_EQ(rest->rejected_earlier, 1u);
      EXPECT_EQ(fs::canonical(rest->rejects_path), fs::canonical(path + ".rejects.csv"));
      EXPECT_FALSE(fs::exists(path + ".sothon-progress"));
      EXPECT_FALSE(fs::exists(folder_ / "latest.csv.sothon-progress"));
    }
  }
}

}  // namespace
}  // namespace sothon::cli
