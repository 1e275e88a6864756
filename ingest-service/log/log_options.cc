#include "ingest-service/log/log_options.h"

#include <algorithm>

#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace sothon::ingest {
namespace {

constexpr uint64_t kWalBytesMax = 256 << 20;
constexpr size_t kSmallWriteBufferBytes = 4 << 20;
constexpr double kBloomBitsPerKey = 10;

rocksdb::DBOptions DatabaseOptions() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // An incomplete last record was never acknowledged: dropped. Damage anywhere else may be an acknowledged event: the
  // log does not open.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // One writer: what concurrent memtable writes cost would buy nothing.
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // Families that are hardly written would keep the write-ahead log alive for ever. Bounds the time to reopen, too.
  options.max_total_wal_size = kWalBytesMax;
  options.max_background_jobs = 2;
  options.stats_dump_period_sec = 0;
  return options;
}

rocksdb::BlockBasedTableOptions TableOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.whole_key_filtering = true;
  return table;
}

rocksdb::ColumnFamilyOptions FamilyOptions(const std::shared_ptr<rocksdb::Cache>& cache, size_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(cache)));
  options.write_buffer_size = write_buffer_bytes;
  options.max_write_buffer_number = 4;
  options.compression = rocksdb::kNoCompression;
  options.level_compaction_dynamic_level_bytes = false;
  return options;
}

rocksdb::ColumnFamilyOptions EventsOptions(const EventLogOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions events = FamilyOptions(cache, options.write_buffer_bytes);
  // Blocks are found by seeking, which asks no filter.
  rocksdb::BlockBasedTableOptions table = TableOptions(cache);
  table.filter_policy.reset();
  table.block_size = 16 << 10;
  events.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Files of ascending positions never overlap, so they move down a level without being rewritten, as long as their
  // compression stays the same: fresh events are left alone, old ones are compressed once.
  events.max_bytes_for_level_base = 512 << 20;
  events.compression_per_level.assign(static_cast<size_t>(events.num_levels), rocksdb::kLZ4Compression);
  events.compression_per_level[0] = rocksdb::kNoCompression;
  events.compression_per_level[1] = rocksdb::kNoCompression;
  return events;
}

}  // namespace

ReopenableDb::Options LogDbOptions(const EventLogOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  const rocksdb::ColumnFamilyOptions small =
      FamilyOptions(cache, std::min(kSmallWriteBufferBytes, options.write_buffer_bytes));
  ReopenableDb::Options result;
  result.name = "the event log";
  result.directory = options.directory;
  result.db = DatabaseOptions();
  if (options.env != nullptr) result.db.env = options.env;
  // The order is that of LogFamily.
  result.families = {{rocksdb::kDefaultColumnFamilyName, small},
                     {"events", EventsOptions(options, cache)},
                     {"event_ids", small},  // files of sorted keys only, see KeyIndex
                     {"natural_keys", small},
                     {"streams", small},
                     {"reference", small},
                     {"tree", small}};
  return result;
}

}  // namespace sothon::ingest
