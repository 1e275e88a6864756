// Writing a database anew that is in no state for it.
#include "ingest-service/storage/reopenable_db.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "common/testing/temp_dir.h"
#include "ingest-service/testing/cramped_disk.h"

namespace sothon::ingest {
namespace {

using testing::CrampedDisk;

// So many small files that RocksDB holds writes up, and no room to merge them: it would wait for that for ever, and
// with it whoever asks for the files to be written anew, and a service that wants to stop.
TEST(ReopenableDbTest, CompactDoesNotWaitForCompactionsThatFindNoRoom) {
  const sothon::testing::TempDir directory;
  CrampedDisk disk;
  disk.table_bytes_max = 150'000;
  ReopenableDb::Options options;
  options.name = "the test's database";
  options.directory = directory.Path("db");
  options.db.create_if_missing = true;
  options.db.env = &disk;
  rocksdb::ColumnFamilyOptions family;
  family.compression = rocksdb::kNoCompression;
  family.level0_file_num_compaction_trigger = 2;
  family.level0_slowdown_writes_trigger = 3;
  family.level0_stop_writes_trigger = 30;
  options.families = {{rocksdb::kDefaultColumnFamilyName, family}};
  auto db = ReopenableDb::Open(std::move(options));
  ASSERT_TRUE(db.ok()) << db.status();
  for (int i = 0; i < 6; ++i) {
    rocksdb::WriteBatch batch;
    // The same first key in all, so that no file can be moved without being merged.
    batch.Put("a", std::to_string(i));
    batch.Put("b" + std::to_string(i), std::string(100'000, 'x'));
    ASSERT_EQ((*db)->Write(rocksdb::WriteOptions(), &batch), absl::OkStatus());
    rocksdb::FlushOptions flush;
    flush.allow_write_stall = true;
    ASSERT_TRUE((*(*db)->Acquire())->db()->Flush(flush).ok());
  }
  std::atomic<bool> canceled{false};
  auto compacted = std::async(std::launch::async, [&] { return (*db)->Compact(0, &canceled); });
  const bool in_time = compacted.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  EXPECT_TRUE(in_time);
  disk.table_bytes_max = CrampedDisk::kPlenty;  // ends the wait, if there is one
  const absl::Status status = compacted.get();
  if (in_time) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  }
  EXPECT_FALSE((*db)->failed());
}

}  // namespace
}  // namespace sothon::ingest
