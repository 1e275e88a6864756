// A database of a service as it was at one moment, read beside the process that writes it.
//
// Operation
//   RocksDB's read-only instance takes no lock: it reads the manifest, opens the tables that this names, and reads into
//   memory what the write-ahead log has beyond them. What a writer may do meanwhile is answered here:
//   - A table is compacted away before it could be opened: opening fails, and is tried again.
//   - What was in memory goes into a table, and its write-ahead log is deleted, between the reading of manifest and
//     write-ahead log: entries would be missing, and nobody would say so. All that is recorded in the manifest first,
//     so it is opened again until the manifest was the same before and after.
//   - A table is deleted later: all of them are held open.
//   Nothing below the directory is written, renamed or deleted: the file system that RocksDB is given refuses it.
// Concurrency
//   Thread-safe.
// Limitations
//   Holds a file descriptor for each table, and in memory what the write-ahead log held.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"

namespace sothon {

class ReadOnlyDb {
 public:
  struct Options {
    std::string name;  // for messages: "the event log"
    std::string directory;
    rocksdb::DBOptions db;
    std::vector<rocksdb::ColumnFamilyDescriptor> families;  // the default family among them
  };

  // NOT_FOUND: no database is there. DATA_LOSS: it cannot be read. UNAVAILABLE: the writer changed too much meanwhile.
  static absl::StatusOr<std::unique_ptr<ReadOnlyDb>> Open(const Options& options);
  ~ReadOnlyDb();
  ReadOnlyDb(const ReadOnlyDb&) = delete;
  ReadOnlyDb& operator=(const ReadOnlyDb&) = delete;

  rocksdb::DB* db() const { return db_.get(); }
  // In the order of Options::families; nullptr: the database has no such family.
  rocksdb::ColumnFamilyHandle* family(size_t index) const { return families_[index]; }
  // Families of the database that the options do not name.
  const std::vector<std::string>& unknown_families() const { return unknown_families_; }
  const std::string& directory() const { return directory_; }

  // A walk through a whole family, which reads ahead and leaves the cache to others.
  std::unique_ptr<rocksdb::Iterator> Walk(size_t index) const;

 private:
  ReadOnlyDb(const Options& options, std::unique_ptr<rocksdb::Env> env);
  absl::Status TryOpen(const Options& options);
  void Close();

  const std::string directory_;
  const std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::vector<std::string> unknown_families_;
};

}  // namespace sothon
