#include "cli/audit/exporter.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "cli/audit/export_fixture.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExporterTest : public ::testing::Test {
 protected:
  void ExpectWhole(uint64_t size) {
    const VerifyReport report = Verify(directory_);
    EXPECT_TRUE(report.ok()) << FaultsOf(report);
    EXPECT_EQ(report.entries_checked, size);
    EXPECT_EQ(report.entries_total, size);
    EXPECT_TRUE(report.remarks.empty());
  }
  void ExpectExported(FakeLog* log) {
    const auto summary = ExportTo(directory_, log);
    ASSERT_TRUE(summary.ok()) << summary.status();
    ExpectWhole(log->entries.size());
  }
  bool Exists(const std::string& file) const { return std::filesystem::exists(directory_ + "/" + file); }

  sothon::testing::TempDir temp_;
  const std::string directory_ = temp_.Path("export");
};

TEST_F(ExporterTest, TheFilesOfATreeOf600) {
  FakeLog log(600);
  ExpectExported(&log);
  EXPECT_THAT(FilesOf(directory_),
              ElementsAre("checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                          "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"));
  EXPECT_EQ(ReadFile(directory_ + "/checkpoint"), log.Checkpoint());
  std::vector<std::string> entries;
  ASSERT_EQ(ForEachEntry(directory_, 600,
                         [&](std::string_view entry) {
                           entries.emplace_back(entry);
                           return absl::OkStatus();
                         }),
            absl::OkStatus());
  EXPECT_EQ(entries, log.entries);
}

TEST_F(ExporterTest, EverySizeFromEveryOther) {
  for (const uint64_t first : {0, 1, 255, 256, 257, 512}) {
    for (const uint64_t second : {0, 1, 3, 255, 256, 257, 512, 700}) {
      if (second < first) continue;
      std::filesystem::remove_all(directory_);
      FakeLog log(first);
      ExpectExported(&log);
      log.Grow(second - first);
      log.events_read = 0;
      ExpectExported(&log);
      EXPECT_EQ(log.events_read, second - first) << "only what is new is read";
    }
  }
}

TEST_F(ExporterTest, ASecondRunTouchesNothingThatStands) {
  FakeLog log(300);
  ExpectExported(&log);
  const auto written_at = [this](const std::string& file) {
    return std::filesystem::last_write_time(directory_ + "/" + file);
  };
  const auto bundle = written_at("tile/entries/000");
  const auto edge = written_at("tile/1/000.p/1");
  ExpectExported(&log);
  log.Grow(50);
  ExpectExported(&log);
  EXPECT_EQ(written_at("tile/entries/000"), bundle);
  EXPECT_EQ(written_at("tile/1/000.p/1"), edge);
  EXPECT_FALSE(Exists("tile/entries/001.p/44"));
}

// As a power cut leaves it where the file system remembers that the mark went, and forgets that these went before.
TEST_F(ExporterTest, WhatBelongsToNoTreeGoesWithTheNextRunOfTheSameSize) {
  FakeLog log(300);
  ExpectExported(&log);
  for (const char* stale : {"tile/0/001.p/43", "tile/entries/001.p/43", "tile/entries/001.new", "checkpoint.new"}) {
    WriteFile(directory_ + "/" + stale, "stale");
    EXPECT_FALSE(Verify(directory_).ok()) << stale;
    ExpectExported(&log);
    EXPECT_FALSE(Exists(stale));
  }
  // What it did not write it does not take away.
  WriteFile(directory_ + "/tile/holiday.jpg", "");
  ASSERT_TRUE(ExportTo(directory_, &log).ok());
  EXPECT_TRUE(Exists("tile/holiday.jpg"));
  EXPECT_FALSE(Exists("unfinished"));
}

TEST_F(ExporterTest, BrokenOffItIsVerifiableAndGoesOnWhereItEnded) {
  FakeLog log(300);
  ExpectExported(&log);
  log.Grow(1000);
  log.breaks_off_before = 900;
  EXPECT_EQ(ExportTo(directory_, &log).status().code(), absl::StatusCode::kUnavailable);
  WriteFile(directory_ + "/tile/entries/003.new", "half a bund");  // as a kill leaves it
  WriteFile(directory_ + "/checkpoint.new", "half a check");
  EXPECT_TRUE(Exists("tile/entries/001.p/44") && Exists("tile/entries/001") && Exists("tile/entries/002"));
  const VerifyReport between = Verify(directory_);
  EXPECT_TRUE(between.ok()) << FaultsOf(between);
  EXPECT_EQ(between.entries_checked, 300);
  EXPECT_THAT(between.remarks, ElementsAre(HasSubstr("broken off")));

  log.breaks_off_before = 0;
  log.events_read = 0;
  const auto summary = ExportTo(directory_, &log);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->entries_taken_up, 768 - 300);
  EXPECT_EQ(log.events_read, 1300 - 768);
  ExpectWhole(1300);
}

TEST_F(ExporterTest, WhatAPowerCutLeftIsNotTakenUp) {
  for (const std::string& damage : {std::string(), std::string("torn"), SyntheticEvent(1)}) {
    std::filesystem::remove_all(directory_);
    FakeLog log(1000);
    log.breaks_off_before = 900;
    EXPECT_FALSE(ExportTo(directory_, &log).ok());
    WriteFile(directory_ + "/tile/entries/001", damage);
    log.breaks_off_before = 0;
    ExpectExported(&log);
  }
}

TEST_F(ExporterTest, ABundleThatWasChangedMeanwhileIsReadAgain) {
  FakeLog log(1000);
  log.breaks_off_before = 900;
  EXPECT_FALSE(ExportTo(directory_, &log).ok());
  std::string bundle;
  for (uint64_t position = 257; position <= 512; ++position) {
    ASSERT_EQ(AppendEntry(SyntheticEvent(position, "other"), &bundle), absl::OkStatus());
  }
  WriteFile(directory_ + "/tile/entries/001", bundle);
  log.breaks_off_before = 0;
  ExpectExported(&log);
}

TEST_F(ExporterTest, ALogThatWasRewrittenIsRefused) {
  FakeLog log(300);
  ExpectExported(&log);
  const std::string before = ReadFile(directory_ + "/checkpoint");
  FakeLog other;
  other.Grow(299);
  other.Grow(1, "other");
  for (const uint64_t more : {0, 200}) {
    other.Grow(more);
    const auto refused = ExportTo(directory_, &other);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr("Nothing was replaced"));
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(other.Checkpoint())) << "the evidence";
    EXPECT_EQ(ReadFile(directory_ + "/checkpoint"), before);
    ExpectWhole(300);
  }
  log.Grow(10);
  ExpectExported(&log);
}

TEST_F(ExporterTest, ALogThatBecameShorterIsRefused) {
  FakeLog log(300);
  ExpectExported(&log);
  FakeLog shorter(299);
  EXPECT_THAT(std::string(ExportTo(directory_, &shorter).status().message()), HasSubstr("shorter"));
  ExpectWhole(300);
}

TEST_F(ExporterTest, EntriesThatAreNotWhatWasSignedAreRefused) {
  FakeLog log(300);
  log.checkpoint_told = log.Checkpoint();
  log.entries[17] = SyntheticEvent(18, "other");
  EXPECT_EQ(ExportTo(directory_, &log).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(FilesOf(directory_), ElementsAre());
  log.entries[17] = SyntheticEvent(19);
  EXPECT_THAT(std::string(ExportTo(directory_, &log).status().message()), HasSubstr("position 19 where 18"));
}

TEST_F(ExporterTest, OnlyAnExportOfTheSameLogIsWrittenTo) {
  FakeLog log(10);
  WriteFile(directory_ + "/holiday.jpg", "");
  EXPECT_THAT(std::string(ExportTo(directory_, &log).status().message()), HasSubstr("is no export"));
  std::filesystem::remove(directory_ + "/holiday.jpg");
  ExpectExported(&log);
  FakeLog other(20, "other-log");
  EXPECT_THAT(std::string(ExportTo(directory_, &other).status().message()), HasSubstr("of the log test-log"));
  ExpectWhole(10);
}

TEST_F(ExporterTest, ADirectoryThatWasChangedIsNotContinued) {
  for (const std::string file : {"tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"}) {
    std::filesystem::remove_all(directory_);
    FakeLog log(300);
    ExpectExported(&log);
    std::string bytes = ReadFile(directory_ + "/" + file);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    WriteFile(directory_ + "/" + file, bytes);
    log.Grow(1);
    EXPECT_THAT(std::string(ExportTo(directory_, &log).status().message()), HasSubstr("was changed"));
  }
}

TEST_F(ExporterTest, OneAtATime) {
  const auto writer = ExportWriter::Open(directory_);
  ASSERT_TRUE(writer.ok());
  FakeLog log(10);
  EXPECT_THAT(std::string(ExportTo(directory_, &log).status().message()), HasSubstr("another"));
}

// The folders of partial tiles come and go while a log grows.
TEST_F(ExporterTest, FoldersThatGoAwayDoNotHinderListing) {
  FakeLog log(600);
  ExpectExported(&log);
  std::atomic<bool> done = false;
  std::thread exporting([&] {
    while (!done) {
      for (int i = 0; i < 8; ++i) mkdir(StrCat(directory_, "/tile/0/", 100 + i, ".p").c_str(), 0700);
      for (int i = 0; i < 8; ++i) rmdir(StrCat(directory_, "/tile/0/", 100 + i, ".p").c_str());
    }
  });
  for (int i = 0; i < 2'000; ++i) {
    const auto inventory = ListExport(directory_);
    EXPECT_TRUE(inventory.ok()) << inventory.status();
    if (!inventory.ok()) break;
    EXPECT_EQ(inventory->files.size(), 7u);
  }
  done = true;
  exporting.join();
}

TEST(ExportFileTest, OnePathForOneFile) {
  for (const ExportFile& file : {ExportFile{ExportFile::kEntries, 0, 256}, ExportFile{ExportFile::kEntries, 1234067, 5},
                                 ExportFile{0, 999, 255}, ExportFile{3, 1000, 1}, ExportFile{7, UINT64_MAX, 256}}) {
    EXPECT_EQ(ExportFile::Parse(file.Path()), file) << file.Path();
  }
  for (const char* path :
       {"", "tile", "tile/0", "tile/00/000", "tile/64/000", "tile/0/x000/001", "tile/0/0001", "tile/0/001/002",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/entries/000.new",
        "tile/0/x018/x446/x744/x073/x709/x551/616", "tiles/0/000", "/tile/0/000"}) {
    EXPECT_FALSE(ExportFile::Parse(path)) << path;
  }
}

}  // namespace
}  // namespace sothon::cli
