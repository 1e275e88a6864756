// The event log in RocksDB; event_log.h is its contract.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "ingest-service/log/batch_decider.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/log/key_index.h"
#include "ingest-service/log/log_tree.h"
#include "ingest-service/storage/reopenable_db.h"
#include "rocksdb/write_batch.h"

namespace sothon::ingest {

class RocksLog : public EventLog {
 public:
  static absl::StatusOr<std::unique_ptr<RocksLog>> Open(const EventLogOptions& options);

  const std::string& log_id() const override { return log_id_; }
  absl::StatusOr<std::vector<AppendOutcome>> Append(absl::Span<const PreparedRequest* const> requests,
                                                    int64_t now_us) override;
  AppendOutcome Check(const PreparedRequest& request) override;
  Position Head() const override { return {head_.load(std::memory_order_acquire)}; }
  int64_t HeadRecordedAtUs() const override { return head_recorded_at_us_.load(std::memory_order_acquire); }
  Position AwaitBeyond(Position position, absl::Duration timeout) const override;
  void Interrupt() override;
  absl::Status Read(Position from, Position to,
                    absl::FunctionRef<bool(Position, std::string_view)> visit) const override;
  absl::StatusOr<std::string> Get(Position position) const override;
  absl::StatusOr<std::vector<merkle::Hash>> ReadTile(const merkle::Tile& tile) const override;
  absl::StatusOr<std::vector<Position>> ReferencePositions(Position from, Position to) const override;
  absl::StatusOr<std::optional<Position>> FindEventId(std::string_view event_id) const override;
  absl::StatusOr<std::optional<Position>> FindReceipt(std::string_view receipt_key) const override;
  absl::StatusOr<std::optional<Position>> FindReversal(Position position) const override;
  absl::StatusOr<Position> LoadOutboxCursor() const override;
  absl::Status StoreOutboxCursor(Position position) override;

 private:
  RocksLog(const EventLogOptions& options, std::unique_ptr<ReopenableDb> db);

  // Checks or writes the log's identity, and starts the index.
  absl::Status Start();
  absl::Status CheckIdentity(Position head, LogIndex* stored);
  // Finds the end of what is stored, and takes the log up to there.
  absl::Status Load();
  struct End {
    Position position;
    int64_t recorded_at_us = 0;
  };
  absl::StatusOr<End> FindEnd(const LogIndex& stored) const;
  absl::Status TakeUp(const End& end);
  absl::Status CheckMarks(Position head) const;
  absl::Status IndexTail(Position head);
  absl::Status LoadTree(Position head);
  absl::Status MakeTree(Position head);
  // After a failed write: makes the log take events again, where the disk does.
  absl::Status Recover();
  // What Append() does before it writes.
  absl::StatusOr<LogIndex> MakeReady();
  absl::Status Decide(absl::Span<const PreparedRequest* const> requests, LogIndex* stored,
                      std::vector<AppendOutcome>* outcomes);
  absl::Status WriteAccepted(const LogIndex& stored, int64_t recorded_at_us);
  void IndexAccepted();
  // Read(), whether or not the head is there already.
  absl::Status ReadEvents(Position from, Position to, absl::FunctionRef<bool(Position, std::string_view)> visit) const;
  void PublishHead(Position head, int64_t recorded_at_us);
  absl::StatusOr<LogIndex> Index() const;

  const std::string log_id_;
  const std::unique_ptr<ReopenableDb> db_;

  std::atomic<uint64_t> head_{0};
  std::atomic<int64_t> head_recorded_at_us_{0};
  mutable absl::Mutex wait_mutex_;
  mutable absl::CondVar head_moved_;
  bool interrupted_ ABSL_GUARDED_BY(wait_mutex_) = false;

  // Of the appending thread; kept so that an append allocates next to nothing.
  KeyIndex keys_;
  bool stale_ = false;
  LogGaps gaps_;
  LogTree tree_;
  bool without_tree_ = false;  // written by a version that had none
  BatchDecider decider_{&keys_, &gaps_};
  rocksdb::WriteBatch batch_;
  std::string block_;
  std::vector<IndexKeys> new_keys_;
};

}  // namespace sothon::ingest
