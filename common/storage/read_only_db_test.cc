// A database read beside its writer is whole up to some moment, and is not touched.
#include "common/storage/read_only_db.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/big_endian.h"
#include "common/base/strings.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/file_system.h"

namespace sothon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kBurst = 300;

class ReadOnlyDbTest : public ::testing::Test {
 protected:
  // Tables are small and merged soon, so that there is much to miss.
  ReadOnlyDb::Options Options() const {
    ReadOnlyDb::Options options;
    options.name = "a test's numbers";
    options.directory = directory_.Path("db");
    options.db.create_if_missing = true;
    options.db.create_missing_column_families = true;
    rocksdb::ColumnFamilyOptions family;
    family.write_buffer_size = 64 << 10;
    family.level0_file_num_compaction_trigger = 2;
    options.families = {{rocksdb::kDefaultColumnFamilyName, family}, {"more", family}};
    return options;
  }
  void OpenWriter() {
    const ReadOnlyDb::Options options = Options();
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options.db, options.directory, options.families, &families_, &db).ok());
    writer_.reset(db);
  }
  void CloseWriter() {
    for (rocksdb::ColumnFamilyHandle* family : families_) delete family;
    families_.clear();
    writer_.reset();
  }
  // The next number goes into both families at once; into the second one with a value sixteen times as long, so that
  // the two are written into tables at different moments.
  void Write() {
    rocksdb::WriteBatch batch;
    const std::string key = BigEndian64(++written_);
    ASSERT_TRUE(batch.Put(families_[0], key, std::string(100, 'a')).ok());
    ASSERT_TRUE(batch.Put(families_[1], key, std::string(1'600, 'b')).ok());
    ASSERT_TRUE(writer_->Write(rocksdb::WriteOptions(), &batch).ok());
  }
  void TearDown() override { CloseWriter(); }

  // How far the family goes without a gap; 0 where there is one.
  static uint64_t GaplessTo(const ReadOnlyDb& db, size_t family) {
    const auto walk = db.Walk(family);
    uint64_t last = 0;
    for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
      if (ReadBigEndian64(walk->key().ToString()) != ++last) return 0;
    }
    EXPECT_TRUE(walk->status().ok()) << walk->status().ToString();
    return last;
  }

  const testing::TempDir directory_;
  std::unique_ptr<rocksdb::DB> writer_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::atomic<uint64_t> written_{0};
};

// The moment that does harm: the manifest was read, and before the write-ahead logs are looked for, what they held is
// written into tables, and they are deleted.
class BetweenManifestAndLog final : public rocksdb::FileSystemWrapper {
 public:
  explicit BetweenManifestAndLog(std::function<void()> act)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), act_(std::move(act)) {}
  const char* Name() const override { return "test.BetweenManifestAndLog"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* context) override {
    if (path.find("MANIFEST") != std::string::npos) ++manifests_opened_;
    return FileSystemWrapper::NewSequentialFile(path, options, file, context);
  }
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions& options,
                                std::vector<std::string>* children, rocksdb::IODebugContext* context) override {
    // The first time it is read for the names of the families.
    if (manifests_opened_ >= 2 && act_ != nullptr) std::exchange(act_, nullptr)();
    return FileSystemWrapper::GetChildren(path, options, children, context);
  }
  bool has_acted() const { return act_ == nullptr; }

 private:
  std::function<void()> act_;
  int manifests_opened_ = 0;
};

TEST_F(ReadOnlyDbTest, NothingIsMissingThatLeftTheLogWhileItWasOpened) {
  ASSERT_NO_FATAL_FAILURE(OpenWriter());
  for (int i = 0; i < 10; ++i) ASSERT_NO_FATAL_FAILURE(Write());
  const auto between = std::make_shared<BetweenManifestAndLog>([this] {
    for (int i = 0; i < 10; ++i) Write();
    for (rocksdb::ColumnFamilyHandle* family : families_) {
      EXPECT_TRUE(writer_->Flush(rocksdb::FlushOptions(), family).ok());
    }
    Write();
  });
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(between);
  ReadOnlyDb::Options options = Options();
  options.db.env = env.get();
  const auto db = ReadOnlyDb::Open(options);
  ASSERT_TRUE(db.ok()) << db.status();
  EXPECT_TRUE(between->has_acted());
  EXPECT_EQ(GaplessTo(**db, 0), 21u);
  EXPECT_EQ(GaplessTo(**db, 1), 21u);
}

TEST_F(ReadOnlyDbTest, BesideAWriterItIsWholeUpToSomeMoment) {
  ASSERT_NO_FATAL_FAILURE(OpenWriter());
  ASSERT_NO_FATAL_FAILURE(Write());
  std::atomic<bool> stop{false};
  std::thread writing([&] {
    while (!stop && !HasFatalFailure()) {
      // In bursts of some tables, with time between them for who cannot keep up.
      for (int i = 0; i < kBurst && !HasFatalFailure(); ++i) Write();
      absl::SleepFor(absl::Milliseconds(100));
    }
  });
  for (int round = 0; round < 30; ++round) {
    const uint64_t before = written_ - 1;
    const auto db = ReadOnlyDb::Open(Options());
    EXPECT_TRUE(db.ok()) << db.status();
    if (!db.ok()) break;
    const uint64_t first = GaplessTo(**db, 0);
    EXPECT_GE(first, before) << "round " << round;
    EXPECT_EQ(GaplessTo(**db, 1), first) << "round " << round;
  }
  stop = true;
  writing.join();
}

TEST_F(ReadOnlyDbTest, WhatWasOpenedStaysAsItWas) {
  ASSERT_NO_FATAL_FAILURE(OpenWriter());
  for (int i = 0; i < 500; ++i) ASSERT_NO_FATAL_FAILURE(Write());
  const auto db = ReadOnlyDb::Open(Options());
  ASSERT_TRUE(db.ok()) << db.status();
  for (int i = 0; i < 500; ++i) ASSERT_NO_FATAL_FAILURE(Write());
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    ASSERT_TRUE(writer_->CompactRange(rocksdb::CompactRangeOptions(), family, nullptr, nullptr).ok());
  }
  EXPECT_EQ(GaplessTo(**db, 0), 500u) << "the tables that it reads are deleted by now";
  EXPECT_EQ(GaplessTo(**db, 1), 500u);
}

TEST_F(ReadOnlyDbTest, NothingIsWritten) {
  ASSERT_NO_FATAL_FAILURE(OpenWriter());
  for (int i = 0; i < 300; ++i) ASSERT_NO_FATAL_FAILURE(Write());
  CloseWriter();
  const auto files = [&] {
    std::map<std::string, std::pair<uintmax_t, std::filesystem::file_time_type>> all;
    for (const auto& each : std::filesystem::directory_iterator(directory_.Path("db"))) {
      all[each.path()] = {each.file_size(), each.last_write_time()};
    }
    return all;
  };
  const auto before = files();
  {
    const auto db = ReadOnlyDb::Open(Options());
    ASSERT_TRUE(db.ok()) << db.status();
    EXPECT_EQ(GaplessTo(**db, 0), 300u);
    EXPECT_FALSE((*db)->db()->Put(rocksdb::WriteOptions(), "key", "value").ok());
  }
  EXPECT_EQ(files(), before);
}

TEST_F(ReadOnlyDbTest, FamiliesThatAreNotThereAndSomeThatNobodyKnows) {
  ASSERT_NO_FATAL_FAILURE(OpenWriter());
  CloseWriter();
  ReadOnlyDb::Options options = Options();
  options.families[1].name = "another";
  const auto db = ReadOnlyDb::Open(options);
  ASSERT_TRUE(db.ok()) << db.status();
  EXPECT_NE((*db)->family(0), nullptr);
  EXPECT_EQ((*db)->family(1), nullptr);
  EXPECT_THAT((*db)->unknown_families(), ElementsAre("more"));
}

TEST_F(ReadOnlyDbTest, NoDatabaseAndADamagedOneAreTold) {
  EXPECT_EQ(ReadOnlyDb::Open(Options()).status().code(), absl::StatusCode::kNotFound);
  ASSERT_NO_FATAL_FAILURE(OpenWriter());
  for (int i = 0; i < 300; ++i) ASSERT_NO_FATAL_FAILURE(Write());
  CloseWriter();
  for (const auto& each : std::filesystem::directory_iterator(directory_.Path("db"))) {
    if (each.path().extension() == ".sst") std::filesystem::resize_file(each.path(), 100);
  }
  const absl::Status damaged = ReadOnlyDb::Open(Options()).status();
  EXPECT_EQ(damaged.code(), absl::StatusCode::kDataLoss) << damaged;
  EXPECT_THAT(damaged.ToString(), HasSubstr("a test's numbers in "));
}

}  // namespace
}  // namespace sothon
