// A RocksDB that outlives the failures of its disk.
//
// Operation
//   After a failed write the database takes no more writes: what that write left in the write-ahead log is known only
//   when the log is read back. Reads go on. Recover() tries the disk and, once it takes data again, closes and opens
//   the database, which drops a torn record and brings a whole one back.
//   What was deleted, or written over, stays in the files until they are written anew: Compact() and then Reopen() do
//   that. They ask for room first: a copy that fills the disk would take it from everybody who writes there.
// Concurrency
//   Thread-safe. A handle that is held keeps the database open; hold it for one read, not for long.
// Limitations
//   Between closing and opening after a failure there is no handle: readers get UNAVAILABLE and retry. Reopen() keeps
//   them waiting instead, for a moment.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"

namespace sothon::ingest {

class ReopenableDb {
 public:
  struct Options {
    std::string name;  // for messages: "the event log"
    std::string directory;
    rocksdb::DBOptions db;
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
  };

  // An open database. Owns it and its column families.
  class Handle {
   public:
    Handle(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> families)
        : db_(db), families_(std::move(families)) {}
    ~Handle();
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    rocksdb::DB* db() const { return db_.get(); }
    // In the order of Options::families.
    rocksdb::ColumnFamilyHandle* family(size_t index) const { return families_[index]; }
    const std::vector<rocksdb::ColumnFamilyHandle*>& families() const { return families_; }

   private:
    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> families_;
  };
  using HandlePtr = std::shared_ptr<const Handle>;

  // Creates the directory and the database where they do not exist.
  static absl::StatusOr<std::unique_ptr<ReopenableDb>> Open(Options options);

  // UNAVAILABLE while there is none.
  absl::StatusOr<HandlePtr> Acquire() const;

  // UNAVAILABLE: the disk did not take it, now or at an earlier write; see Recover().
  absl::Status Write(const rocksdb::WriteOptions& options, rocksdb::WriteBatch* batch);

  bool failed() const { return failed_.load(std::memory_order_acquire); }
  // OK: writes are taken again; whatever was read before must be read anew. Does nothing unless failed().
  absl::Status Recover();

  // Writes every sorted file anew, so that those of now hold nothing that was deleted before the call. Reads and writes
  // go on beside it. `reserve_bytes` is what must be free beside the copy; `canceled` (may be null) ends it early.
  // RESOURCE_EXHAUSTED: there is no room for it, and nothing was begun. CANCELLED. UNAVAILABLE: the disk did not take
  // it. All that was stored is still there, and writes go on, unless failed() says that the database itself gave up.
  absl::Status Compact(uint64_t reserve_bytes, std::atomic<bool>* canceled);
  // Closes and opens: what the manifest and old write-ahead logs held goes with their files. No Write() beside it.
  // UNAVAILABLE: as Compact(), or readers do not leave.
  absl::Status Reopen();

  const std::string& directory() const { return options_.directory; }

 private:
  explicit ReopenableDb(Options options) : options_(std::move(options)) {}
  absl::StatusOr<HandlePtr> OpenHandle() const;
  absl::Status TryDisk() const;
  absl::Status CheckRoomForCopy(uint64_t reserve_bytes) const;
  absl::Status CloseHandle();
  absl::Status CloseAndOpen() ABSL_EXCLUSIVE_LOCKS_REQUIRED(recovery_mutex_);
  void SetReopening(bool reopening);

  const Options options_;
  std::atomic<bool> failed_{false};
  absl::Mutex recovery_mutex_;
  mutable absl::Mutex handle_mutex_ ABSL_ACQUIRED_AFTER(recovery_mutex_);
  HandlePtr handle_ ABSL_GUARDED_BY(handle_mutex_);
  bool reopening_ ABSL_GUARDED_BY(handle_mutex_) = false;
};

}  // namespace sothon::ingest
