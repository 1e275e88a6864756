// How the projection's RocksDB is set up. Small on purpose: the histories that the fold needs are in memory already, so
// a large cache would hold them twice.
#pragma once

#include <vector>

#include "projection-service/store/store.h"
#include "rocksdb/db.h"

namespace sothon::projection {

struct DatabaseOptions {
  rocksdb::DBOptions options;
  // The default family, then those of StoreFamily in order.
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
};

DatabaseOptions MakeDatabaseOptions(const StoreOptions& options);

// For a walk through a whole column family: reads ahead, and leaves the cache to others.
rocksdb::ReadOptions BulkRead();

}  // namespace sothon::projection
