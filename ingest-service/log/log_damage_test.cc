// Disks that are full or damaged, below the event log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/testing/temp_dir.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

using testing::AppendOne;
using ::testing::HasSubstr;
using testing::Paid;
using testing::PrepareAll;
using testing::ReadAll;
using testing::StoredAt;

absl::StatusOr<std::unique_ptr<EventLog>> OpenLog(const std::string& directory) {
  EventLogOptions options;
  options.directory = directory;
  options.log_id = "test";
  return EventLog::Open(options);
}

std::string LastWal(const std::string& directory) {
  std::string last;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".log" && entry.path().string() > last) last = entry.path().string();
  }
  return last;
}

std::string ReadFile(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

class LogDamageTest : public ::testing::Test {
 protected:
  // Three requests of one event each, then the process "dies": the write-ahead log holds them.
  void SetUp() override {
    auto log = OpenLog(directory_.path());
    ASSERT_TRUE(log.ok()) << log.status();
    for (const char* receipt : {"1", "2", "3"}) {
      ASSERT_TRUE(AppendOne(log->get(), PrepareAll({Paid(receipt, std::string(500, 'n'))})).ok());
    }
    log->reset();
    wal_ = LastWal(directory_.path());
    bytes_ = ReadFile(wal_);
    ASSERT_GT(bytes_.size(), 1'500u);
  }
  void WriteWal(std::string_view bytes) const { std::ofstream(wal_, std::ios::binary | std::ios::trunc) << bytes; }

  const sothon::testing::TempDir directory_;
  std::string wal_;
  std::string bytes_;
};

TEST_F(LogDamageTest, AnIncompleteLastWriteIsDroppedAndTheRestStays) {
  for (size_t cut : {1u, 20u, 300u}) {
    WriteWal(std::string_view(bytes_).substr(0, bytes_.size() - cut));
    const std::string copy = StrCat(directory_.path(), "-cut", cut);
    std::filesystem::copy(directory_.path(), copy, std::filesystem::copy_options::recursive);
    {
      const auto log = OpenLog(copy);
      ASSERT_TRUE(log.ok()) << log.status();
      EXPECT_EQ((*log)->Head(), Position{2});
      EXPECT_EQ(ReadAll(**log).back(), StoredAt({2}, 1'000, Paid("2", std::string(500, 'n'))));
      // The event that was cut off was never acknowledged; its client sends it again.
      const auto again = AppendOne(log->get(), PrepareAll({Paid("3", std::string(500, 'n'))}));
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_FALSE(again->front().duplicate);
      EXPECT_EQ(again->front().position, Position{3});
    }
    std::filesystem::remove_all(copy);
  }
}

TEST_F(LogDamageTest, DamageBeforeTheEndIsRefusedWithARemedy) {
  std::string damaged = bytes_;
  damaged[damaged.size() / 2] ^= 0x20;
  WriteWal(damaged);
  for (int round = 0; round < 2; ++round) {
    const auto log = OpenLog(directory_.path());
    ASSERT_FALSE(log.ok());
    EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(log.status().ToString(), HasSubstr(directory_.path()));
    EXPECT_THAT(log.status().ToString(), HasSubstr("backup"));
  }
  WriteWal(bytes_);
  const auto mended = OpenLog(directory_.path());
  ASSERT_TRUE(mended.ok()) << mended.status();
  EXPECT_EQ((*mended)->Head(), Position{3}) << "refusing has changed nothing";
}

// What was published was acknowledged before; a log that ends earlier has lost its end.
TEST_F(LogDamageTest, ALogThatEndsBeforeWhatWasPublishedIsRefused) {
  {
    const auto log = OpenLog(directory_.path());
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_TRUE((*log)->StoreOutboxCursor({4}).ok());
  }
  const auto log = OpenLog(directory_.path());
  EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(log.status().ToString(), HasSubstr("its end is missing"));
}

// In a process of its own: the limit holds for all files.
void FillTheDisk(const std::string& directory) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlim_t unlimited = limit.rlim_cur;
  auto log = OpenLog(directory);
  ASSERT_TRUE(log.ok()) << log.status();
  limit.rlim_cur = 200'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);

  std::vector<std::string> acknowledged;
  absl::Status refused;
  for (int i = 0; i < 1'000 && refused.ok(); ++i) {
    const v1::Event first = Paid(StrCat("a", i), std::string(700, 'n'));
    const v1::Event second = Paid(StrCat("b", i), std::string(700, 'n'));
    const AppendOutcome outcome = AppendOne(log->get(), PrepareAll({first, second}));
    refused = outcome.status();
    if (!refused.ok()) break;
    for (size_t j = 0; j < 2; ++j) {
      acknowledged.push_back(StoredAt(outcome->at(j).position, 1'000, j == 0 ? first : second));
    }
  }
  ASSERT_EQ(refused.code(), absl::StatusCode::kUnavailable) << refused;
  ASSERT_GT(acknowledged.size(), 50u);
  EXPECT_EQ((*log)->Head().value, acknowledged.size());
  EXPECT_EQ(ReadAll(**log), acknowledged) << "readers go on";
  EXPECT_EQ((*log)->Append({}, 1'000).status().code(), absl::StatusCode::kAborted) << "the disk is still full";
  EXPECT_EQ(ReadAll(**log), acknowledged);

  limit.rlim_cur = unlimited;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto recovered = (*log)->Append({}, 1'000);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  // The failed request may have been found whole, never by half.
  const size_t head = (*log)->Head().value;
  EXPECT_TRUE(head == acknowledged.size() || head == acknowledged.size() + 2) << head;
  ASSERT_TRUE(AppendOne(log->get(), PrepareAll({Paid("after")})).ok());
  std::vector<std::string> all = ReadAll(**log);
  log->reset();
  log = OpenLog(directory);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(ReadAll(**log), all);
  all.resize(acknowledged.size());
  EXPECT_EQ(all, acknowledged);
}

TEST(LogDiskTest, AFullDiskRefusesAndTheLogComesBackByItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const sothon::testing::TempDir directory;
  EXPECT_EXIT(
      {
        FillTheDisk(directory.path());
        _exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sothon::ingest
