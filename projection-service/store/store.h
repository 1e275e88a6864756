// The stored form of one projection, in RocksDB: what it takes to go on from a position without replaying the log, and
// the postings behind every figure. docs/formats/projection.md has the byte layout.
//
// Operation
//   A commit writes everything that its events changed, with the position they lead to, as one: a store is always
//   exactly the projection of a prefix of the log. A small commit is a WriteBatch, not synced: the log is the truth,
//   and what a crash of the machine takes is a suffix, position included, that is read from the log again. A large one,
//   as made while catching up, goes into sorted files that RocksDB takes in atomically, which spares the write-ahead
//   log, the memtable and its flush. After a failed commit RocksDB is closed and opened again as soon as the disk takes
//   writes: it cannot resume by itself from every such failure.
// Concurrency
//   Commit() and BindLog() are called by one thread only. Reading is thread-safe, beside them too.
// Limitations
//   One process per directory. A block of postings holds those of one commit, so a projection that was fed event by
//   event takes more room than one that was rebuilt.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/base/ids.h"
#include "projection-service/ledger/account.h"
#include "projection-service/ledger/cells.h"
#include "projection-service/ledger/history.h"
#include "projection-service/store/formats.h"
#include "projection-service/store/store_batch.h"

namespace rocksdb {
class ColumnFamilyHandle;
class Env;
class Iterator;
class Status;
struct ReadOptions;
}  // namespace rocksdb

namespace sothon::projection {

struct StoreOptions {
  std::string directory = {};
  ledger::CountingRules rules = {};
  // Of each of the two column families that grow; the others have a quarter of it.
  size_t write_buffer_bytes = 8 << 20;
  size_t block_cache_bytes = 16 << 20;
  // A commit of so much is written as sorted files.
  size_t bulk_commit_bytes_min = 4 << 20;
  rocksdb::Env* env = nullptr;  // borrowed; nullptr: the machine's own
};

// What a store knew when it was opened.
struct StoredState {
  std::string log_id;  // empty: not known yet
  Applied applied;
  std::string leaf_hash;     // LeafHash() of the event there; empty: nothing is applied
  Position first_synthetic;  // 0: none
};

class Store {
 public:
  // FAILED_PRECONDITION: another process has it, it is of another format, or it was counted with other rules (the
  // remedy is to rebuild). DATA_LOSS: damaged.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const StoreOptions& options);
  ~Store();

  const StoredState& state_at_open() const { return state_at_open_; }
  const std::string& directory() const { return options_.directory; }

  // For restart: everything, in order of key. A visitor's error ends the walk and is returned.
  absl::Status LoadParticipants(absl::FunctionRef<void(const SubjectId&, ledger::History)> visit) const;
  // Empty: nothing is stored of them.
  absl::StatusOr<ledger::History> LoadParticipant(const SubjectId& subject) const;
  absl::Status LoadCells(absl::FunctionRef<void(ledger::AccountKey, const ledger::Cell&)> visit) const;
  absl::Status LoadReference(absl::FunctionRef<absl::Status(std::string_view stored)> visit) const;
  // Each kind's in order of ordinal.
  absl::Status LoadNames(absl::FunctionRef<void(ledger::Names::Kind, std::string name)> visit) const;
  uint64_t EstimateParticipants() const;

  // Remembers whose log this is.
  absl::Status BindLog(std::string_view log_id);

  // Writes all of `parts`, or nothing of it; no key is in two of them. In bulk, each part is written by a thread of its
  // own. After an error the same commit is to be tried again.
  absl::Status Commit(absl::Span<StoreBatch> parts);

  // The sums of the postings of `account` up to `as_of`, inclusive.
  absl::StatusOr<ledger::Counters> TotalsAsOf(ledger::AccountKey account, Position as_of) const;

  // Where a walk through the postings of one account stands.
  struct PostingsCursor {
    ledger::AccountKey account;
    Position after;  // the last block read begins here; 0: none yet
  };
  // Reads the next block at `*cursor` into `*changes`, up to `as_of`. Empty when there is none. Several cursors may be
  // moved on by one call, which shares one look at the store.
  absl::Status ReadPostings(absl::Span<PostingsCursor* const> cursors, Position as_of,
                            absl::FunctionRef<void(size_t cursor, const PostedChange&)> visit) const;

  // The last position recorded at or before `at_us`; 0 when there is none.
  absl::StatusOr<Position> PositionAt(int64_t at_us) const;
  // When the event at `position` was recorded; 0 for position 0.
  absl::StatusOr<int64_t> RecordedAt(Position position) const;

 private:
  struct Database;

  explicit Store(const StoreOptions& options);
  absl::Status OpenDatabase() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Reopen();
  absl::Status CommitSmall(absl::Span<StoreBatch> parts) ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status CommitInBulk(absl::Span<StoreBatch> parts) ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // The path of the sorted file that a commit in bulk makes for a family of a part.
  std::string BulkFile(size_t part, StoreFamily name) const;
  absl::Status WriteBulkFiles(size_t part, StoreBatch* batch) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status WriteBulkFile(const std::string& path, StoreFamily name, StoreBatch* batch) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void RemoveBulkFiles() const;
  absl::Status CheckMeta();
  // UNAVAILABLE while there is no database, because it could not be opened again.
  absl::Status CheckOpen() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::string> GetMeta(std::string_view key) const;  // empty when absent
  absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing) const;
  absl::Status Damaged(std::string_view what) const;
  rocksdb::ColumnFamilyHandle* family(StoreFamily name) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<rocksdb::Iterator> Iterate(StoreFamily name, const rocksdb::ReadOptions& options) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const StoreOptions options_;
  StoredState state_at_open_;
  bool last_commit_failed_ = false;  // of the committing thread
  // Readers share it; it is held alone only to open the database again, by the committing thread.
  mutable absl::Mutex mutex_;
  std::unique_ptr<Database> database_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sothon::projection
