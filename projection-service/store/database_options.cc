#include "projection-service/store/database_options.h"

#include <algorithm>

#include "common/storage/rocksdb_logger.h"
#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/table.h"

namespace sothon::projection {
namespace {

constexpr size_t kSmallWriteBufferBytesMin = 1 << 20;
constexpr size_t kReadAheadBytes = 2 << 20;
constexpr uint64_t kWalBytesMax = 64 << 20;

rocksdb::ColumnFamilyOptions FamilyOptions(size_t write_buffer_bytes, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = write_buffer_bytes;
  family.max_write_buffer_number = 2;
  family.compression = rocksdb::kNoCompression;  // keys are random or short and values are packed: little would be won
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 8 << 10;
  table.cache_index_and_filter_blocks = true;  // so that the cache's limit is the limit
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

}  // namespace

DatabaseOptions MakeDatabaseOptions(const StoreOptions& options) {
  DatabaseOptions database;
  rocksdb::DBOptions& db = database.options;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  db.max_background_jobs = 2;
  db.max_total_wal_size = kWalBytesMax;
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.info_log = MakeRocksDbLogger();
  db.stats_dump_period_sec = 0;

  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  const size_t small = std::max(options.write_buffer_bytes / 4, kSmallWriteBufferBytesMin);
  const rocksdb::ColumnFamilyOptions grows = FamilyOptions(options.write_buffer_bytes, cache);
  const rocksdb::ColumnFamilyOptions stays = FamilyOptions(small, cache);
  database.families = {{rocksdb::kDefaultColumnFamilyName, stays},
                       {"meta", stays},
                       {"participants", grows},
                       {"cells", stays},
                       {"postings", grows},
                       {"reference", stays},
                       {"times", stays}};
  return database;
}

rocksdb::ReadOptions BulkRead() {
  rocksdb::ReadOptions read;
  read.readahead_size = kReadAheadBytes;
  read.fill_cache = false;
  return read;
}

}  // namespace sothon::projection
